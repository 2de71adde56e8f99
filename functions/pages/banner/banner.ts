/**
 * `banner.js`, for a script tag: opens the browser SDK, asks about undecided purposes, and runs gated scripts whose purpose is permitted.
 *
 *   <script defer src="https://ledger.example/console/banner.js" data-key="site_..." data-policy="cookie-policy"></script>
 *
 * When the ledger does not answer there is no banner, and undecided purposes stay refused.
 */
import type { Consent, ConsentOptions } from '../../../shared/client/client.ts'
import { browserStorage, openPrefixedStorage } from '../../../shared/client/storage.ts'
import { refusedBySignal, signalHonoured, tellingOfSignal } from '../opt-out-signal.ts'
import { policyTexts } from '../policy-text.ts'
import { preferencesAddress } from '../preferences/linked-device.ts'
import { openByAttribute, openPreferences } from '../preferences/open-preferences.ts'
import { readerOf } from '../reader.ts'
import { type ScriptSettings, scriptSettings } from '../script-settings.ts'
import { openWatched, unwatched, type WatchedClient } from '../watched-client.ts'
import { runGatedScripts } from './gated-scripts.ts'
import { bannerQuestion } from './purposes-to-ask.ts'
import { showBanner } from './show-banner.ts'
import { showSignalNotice } from './signal-notice.ts'

/** A notice older than this is fetched again even if every purpose is decided, because a new version may ask about new ones. */
const noticeMaxAgeMs = 3_600_000

/** Kept in storage under `banner:<policyId>`. */
interface LastFetch {
  readonly at: number
  readonly askedIds: readonly string[]
  /** All purposes of the policy. Absent from records that an earlier version of this script stored. */
  readonly declaredIds?: readonly string[]
  readonly withoutConsentIds?: readonly string[]
}

/**
 * Banners already opened in this page, on `globalThis`: a tag may be in the page twice, or run again with each body that Turbo inserts.
 */
const openedBanners = Symbol.for('consent-ledger/banners')

function isFirst({ key, policyId }: ScriptSettings): boolean {
  const page = globalThis as { [openedBanners]?: Set<string> }
  page[openedBanners] ??= new Set()
  const name = `${key} ${policyId}`
  const isNew = !page[openedBanners].has(name)
  page[openedBanners].add(name)
  return isNew
}

const settings = scriptSettings()
if (settings !== undefined && isFirst(settings)) {
  const { url, key, policyId, presentationId, locale, theme } = settings
  const reader = readerOf(locale)
  /** The clients that were opened here: the person's record is fetched with their credential, and their refusals are shown. */
  const clients = new WeakMap<Consent, WatchedClient>()
  const openKnown = (options: ConsentOptions) => {
    const client = openWatched(options)
    clients.set(client.consent, client)
    return client.consent
  }
  const consent = openKnown({ url, key, locale })
  const open = (parent?: Element, whose = consent) =>
    openPreferences({ url, key, client: clients.get(whose) ?? unwatched(whose, { url, key }), reader, theme }, parent)
  const addressOfPreferences = () => preferencesAddress(url, key, locale)
  Object.assign(globalThis, {
    consentLedger: { openConsent: openKnown, consent, openPreferences: open, preferencesAddress: addressOfPreferences },
  })
  openByAttribute(open)
  const gatedScripts = runGatedScripts(consent)
  askIfUndecided()

  async function askIfUndecided(): Promise<void> {
    const drawer = openPrefixedStorage(browserStorage(), `consent-ledger:${key}:`)
    const lastFetch = drawer.read<LastFetch>(`banner:${policyId}`)
    const ageMs = Date.now() - (lastFetch?.at ?? 0)
    // A time in the future was stored while the clock was wrong, and must not count as recent.
    const isRecent = lastFetch !== undefined && ageMs >= 0 && ageMs < noticeMaxAgeMs
    if (isRecent && lastFetch.askedIds.every((id) => consent.permits(id) !== undefined)) {
      const { declaredIds, withoutConsentIds = [] } = lastFetch
      if (declaredIds) gatedScripts.declare(policyId, { declaredIds, withoutConsentIds })
      return
    }
    const notice = await consent.notice(policyId)
    if (notice === undefined) return
    const declaredIds = notice.purposes.map((purpose) => purpose.purposeId)
    const withoutConsentIds = notice.purposes.flatMap((p) => (p.legalBasis === 'consent' ? [] : [p.purposeId]))
    gatedScripts.declare(policyId, { declaredIds, withoutConsentIds })
    const all = bannerQuestion(notice, declaredIds, presentationId)
    const askedIds = all.asked.map(({ purpose }) => purpose.purposeId)
    drawer.write(`banner:${policyId}`, { at: Date.now(), askedIds, declaredIds, withoutConsentIds })
    // When a person who said no may be asked again, only the ledger says.
    if (all.asked.some(({ purpose }) => purpose.askAgainAfter && consent.permits(purpose.purposeId) === false))
      await consent.state()
    const question = bannerQuestion(notice, consent.undecided(notice), presentationId)
    const refused = refusedBySignal(consent, notice)
    const honoured = refused.length > 0 ? signalHonoured(reader, refused) : undefined
    const telling = tellingOfSignal(key)
    if (question.asked.length > 0) {
      const told = () => telling.remember(notice)
      showBanner({ consent, reader, theme, question, honoured, told, texts: policyTexts(url) })
    } else if (honoured !== undefined && !telling.isTold(notice)) {
      showSignalNotice({ reader, theme, text: honoured, showPreferences: () => open() })
      telling.record(consent, notice, refused, 'banner')
    }
  }
}
