/**
 * `@consent-ledger/client`: consent for a page or an app. It fetches the notice, records what a person decides, says what is permitted,
 * and fetches receipts.
 *
 * It never throws into the page and never makes the page wait: a method that fails returns `undefined` and reports to `onError`. A decision
 * is stored on the device before `record` returns, and sent from there (outbox.ts). The client makes the device secret, which leaves the
 * device only in calls to the ledger. It is the person's only credential unless `token` gives another.
 *
 * Global Privacy Control (https://www.w3.org/TR/gpc/): while the browser sends the signal, each event states it, and the first notice with
 * purposes that the signal concerns records a refusal of these, once, as an act of the browser. A later yes by the person's own act
 * stands; the ledger shows the conflict.
 */
import type { ClientEvent } from '../consent/client-event.ts'
import type { Verb } from '../consent/event.ts'
import { toHex, uuidOf } from './bytes.ts'
import { choiceName, eventName, openChoices } from './choices.ts'
import type { Consent, ConsentError, ConsentOptions, Decisions, How, Recording } from './consent.ts'
import { callLedger } from './exchange.ts'
import type { Notice, OwnConsents, Receipt } from './ledger-answers.ts'
import { type Credential, openOutbox, type QueuedEvent } from './outbox.ts'
import { attempt, browserStorage, openPrefixedStorage } from './storage.ts'
import { subjectOf } from './token-subject.ts'

export type { Verb } from '../consent/event.ts'
export type { Consent, ConsentError, ConsentOptions, Decisions, How, Recording } from './consent.ts'
export type { Notice, OwnConsents, Receipt, TopicAnswer } from './ledger-answers.ts'
export type { ClientStorage } from './storage.ts'

interface KeptNotice {
  readonly noticeToken: string
  readonly version: string
  readonly purposeIds: readonly string[]
}

/** Account of a signed-in person whose token cannot be read. Such decisions belong neither to the device nor to a known account. */
const unreadable = '?'

/**
 * Opens the client. Open it once for each page or app.
 *
 * @returns the client, which works at once and sends what earlier pages left
 * @example
 * const consent = openConsent({ url: 'https://ledger.example', key: 'site_1' })
 * const notice = await consent.notice('cookies')
 * consent.record({ statistics: true }, { act: 'button', control: 'accept-all', surface: 'banner', layer: 1 })
 * if (consent.permits('statistics')) console.log('count this visit')
 */
export function openConsent(options: ConsentOptions): Consent {
  const { key, channel = 'web', now = Date.now, onError = warnOnce(), token } = options
  const url = `${options.url}`.replace(/\/+$/, '')
  const send = options.fetch ?? fetch
  const random = options.randomBytes ?? ((length: number) => crypto.getRandomValues(new Uint8Array(length)))
  const [locale] =
    attempt(() =>
      Intl.getCanonicalLocales(
        (options.locale ?? (document.documentElement.lang || navigator.language)).replace(/_/g, '-'),
      ),
    ) ?? []
  const gpc =
    options.globalPrivacyControl ??
    !!attempt(() => (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl)
  /** Prefix of all names in storage, and type of the window event by which the clients of one page notify each other of changes. */
  const prefix = `consent-ledger:${key}:`
  const storage = openPrefixedStorage(options.storage ?? browserStorage(), prefix)
  const choices = openChoices(storage, now)
  const listeners = new Set<() => void>()
  const query = `?key=${encodeURIComponent(key)}`
  const closing = new AbortController()
  let lastMs = 0

  const fail = (error: ConsentError): undefined => attempt(() => void onError(error))
  const failed = (error: unknown) => fail({ code: 'failed', detail: `${error}` })

  const bearer = () => token?.() || ''
  /** The account that decisions belong to now; '' for the device. */
  const account = () => attempt(() => bearer() && subjectOf(bearer())) ?? unreadable

  function notify(): void {
    for (const listener of listeners) attempt(listener, failed)
  }

  function changed(): void {
    notify()
    attempt(() => dispatchEvent(new CustomEvent(prefix, { detail: closing })))
  }

  /** Read from storage each time: if two tabs make one at once, the one stored last counts for both. Absent without random bytes. */
  function deviceSecret(): string | undefined {
    if (!storage.read('device')) attempt(() => storage.write('device', toHex(random(24))), failed)
    return storage.read<string>('device')
  }

  function subject(event: QueuedEvent): Credential | false | '' | undefined {
    const mine = account()
    if (event.account) return event.account === mine && mine !== unreadable && { token: bearer() }
    const secret = deviceSecret()
    return secret && { deviceSecret: secret, new: !storage.read('known') }
  }

  const outbox = openOutbox({
    storage,
    url: `${url}/v1/events${query}&return=minimal`,
    send,
    now,
    subject,
    receive(event, { receipt, recorded = receipt, problem }) {
      choices.receive(event, event.account ?? '', recorded)
      if (!recorded) fail({ code: 'failed', ...problem, eventId: event.eventId })
      else if (!event.account) storage.write('known', true)
      changed()
    },
  })

  /** Asks the ledger with the person's credential. `undefined` after an error, which is reported. */
  async function ask<T>(path: string): Promise<T | undefined> {
    const mine = bearer()
    const authorization = mine ? `Bearer ${mine}` : `Device ${deviceSecret()}`
    const { answer, refusal } = await callLedger<T>(send, url + path, { headers: { authorization } })
    if (refusal) fail(refusal.problem)
    return answer
  }

  const keptNotice = (policyId: string): Partial<KeptNotice> => storage.read(`notice:${policyId}`) ?? {}

  function shownFor(decisions: ClientEvent['decisions'], given: How['shown']): ClientEvent['shown'] {
    const declares = (policyId: string) =>
      decisions.some((d) => d.policyId === policyId || keptNotice(policyId).purposeIds?.includes(d.purposeId ?? ''))
    return (given ?? storage.names('notice:').filter(declares)).map((shown) => {
      if (typeof shown !== 'string') return shown
      const { noticeToken } = keptNotice(shown)
      return noticeToken ? { noticeToken } : { policyId: shown }
    })
  }

  /**
   * This device's time, moved on so that no two decisions share a millisecond (at equal times the no would count), and so that it is after
   * every waiting event: after the clock was set back the ledger would otherwise take the earlier decision for the later one.
   */
  function occurredAt(): string {
    const ms = now()
    const waitingMs = Date.parse(outbox.waiting().at(-1)?.occurredAt ?? '')
    lastMs = Math.max(ms, waitingMs + 1 || 0, lastMs < ms + 1000 ? lastMs + 1 : 0)
    return new Date(lastMs).toISOString()
  }

  function recordNow(given: Decisions, { shown, signals, ...how }: How = {}): Recording {
    const eventId = uuidOf(random(16))
    const decisions = Object.entries(given).map(decisionOf)
    const mine = account()
    const event: ClientEvent & QueuedEvent = {
      eventId,
      occurredAt: occurredAt(),
      decisions,
      shown: shownFor(decisions, shown),
      channel,
      locale,
      page: attempt(() => (location.origin + location.pathname).slice(0, 2048)),
      ...how,
      signals: gpc ? { gpc, ...signals } : signals,
      account: mine || undefined,
    }
    outbox.put(event)
    choices.decide(eventId, mine, decisions, how.initialState)
    if (mine === unreadable) fail({ code: 'unreadable-token', eventId })
    changed()
    const sent = outbox.flush()
    return {
      eventId,
      get receipt() {
        return sent.then(() =>
          storage.read(eventName + eventId)
            ? undefined
            : receipts().then((all) => all?.find((receipt) => receipt.eventId === eventId)),
        )
      },
    }
  }

  const receipts = () =>
    ask<{ receipts: Receipt[] }>(`/v1/me/receipts${query}`).then((answer) => answer?.receipts, failed)

  function record(given: Decisions, how?: How): Recording {
    return (
      attempt(() => recordNow(given, how), failed) ?? { eventId: '', receipt: Promise.resolve() as Promise<undefined> }
    )
  }

  async function state(): Promise<OwnConsents | undefined> {
    const take = choices.refresh(account())
    const answer = await ask<OwnConsents>(`/v1/me/consents${query}`)
    if (answer) {
      take(answer)
      changed()
    }
    return answer
  }

  async function notice(policyId: string): Promise<Notice | undefined> {
    const language = locale ? `&locale=${encodeURIComponent(locale)}` : ''
    const answer = await ask<Notice>(`/v1/notices/${encodeURIComponent(policyId)}${query}${language}`)
    if (!answer) return undefined
    const { noticeToken, version, purposes } = answer
    const before = keptNotice(policyId).version
    const kept: KeptNotice = { noticeToken, version, purposeIds: purposes.map((p) => p.purposeId) }
    storage.write(`notice:${policyId}`, kept)
    if (before && before !== version) await state()
    const marked = purposes.filter((p) => p.globalPrivacyControl && permits(p.purposeId) === undefined)
    if (gpc && marked.length > 0)
      record(Object.fromEntries(marked.map((p) => [p.purposeId, false])), { act: 'browser-signal', surface: 'other' })
    return answer
  }

  /** With an unreadable token a no counts, but not a yes, because it may be another person's. */
  function permits(target: string): boolean | undefined {
    const mine = account()
    return choices.of(target, mine) && (mine !== unreadable || undefined)
  }

  const on = <E extends Event>(type: string, listener: (event: E) => void) =>
    attempt(() => addEventListener(type, listener as (event: Event) => void, closing))
  on<CustomEvent>(prefix, ({ detail }) => detail !== closing && notify())
  // The event has no key when the whole storage is cleared.
  on<StorageEvent>('storage', ({ key: item }) => (item?.includes(choiceName) ?? true) && notify())
  // A page in the back-forward cache gets no storage events.
  on<PageTransitionEvent>('pageshow', ({ persisted }) => persisted && notify())
  on('online', outbox.resume)
  // A page may get no other event before its tab is gone.
  on('visibilitychange', () => (document.hidden ? outbox.leave() : outbox.resume()))
  outbox.resume()

  return {
    notice: (policyId) => notice(policyId).catch(failed),
    record,
    state: () => state().catch(failed),
    permits,
    withdraw: (purposeIds, how) => record(Object.fromEntries(purposeIds.map((id) => [id, 'withdrawn'])), how),
    undecided: ({ purposes }) =>
      purposes.filter((p) => p.legalBasis === 'consent' && permits(p.purposeId) === undefined).map((p) => p.purposeId),
    receipts,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    pending: () => outbox.waiting().length,
    flush: outbox.flush,
    globalPrivacyControl: gpc,
    onError: fail,
    close() {
      outbox.close()
      closing.abort()
    },
  }
}

function decisionOf([target, decision]: [string, boolean | Verb]): ClientEvent['decisions'][number] {
  const [, policyId] = target.split('policy/')
  const [yes, no] = policyId ? (['accepted', 'declined'] as const) : (['given', 'refused'] as const)
  const verb = decision === true ? yes : decision || no
  return policyId ? { policyId, verb } : { purposeId: target, verb }
}

/** The default `onError`: one console warning for each code, so that a mistake is seen without flooding the console. */
function warnOnce(): (error: ConsentError) => void {
  const warned = new Set<string>()
  return ({ code, detail = '', given = '' }) => {
    if (warned.has(code)) return
    warned.add(code)
    console.warn(`consent ledger: ${code}`, detail, given)
  }
}
