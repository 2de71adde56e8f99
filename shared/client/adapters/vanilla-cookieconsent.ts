/**
 * `@consent-ledger/client/vanilla-cookieconsent`: records what people decide in the banner of vanilla-cookieconsent 3.
 *
 *     CookieConsent.run(withRecording(config, { consent, purposes }))
 *
 * Names are those of categories (`analytics`) and of services in them (`analytics/matomo`). `onFirstConsent` and `onChange` tell of an
 * act, `onConsent` also on each page of what is kept; a decision is known by its consentId and lastConsentTimestamp, and recorded once
 * on a device. One from before the site had a ledger is recorded on the next page, as of when it was made, with no claim of how.
 */
import { attempt, type ClientStorage } from '../storage.ts'
import { openMark } from './mark.ts'
import { type AdapterOptions, controlOf, guard, type NamedDecision, recordNamed } from './recorder.ts'

export interface VanillaCookieConsentOptions extends AdapterOptions {
  readonly policy?: AdapterOptions['policy'] & {
    /** The policy's version by the `revision` of the banner's configuration. */
    readonly versions?: Readonly<Record<number, string>>
  }
  /** @default the browser's localStorage */
  readonly storage?: ClientStorage
}

/** As much of the banner's cookie as is read here. */
interface Cookie {
  readonly consentId: string
  readonly lastConsentTimestamp: string
  readonly revision: number
  readonly languageCode: string
  readonly categories: readonly string[]
  readonly services: Readonly<Record<string, readonly string[]>>
}

interface Change {
  readonly cookie: Cookie
  readonly changedCategories?: readonly string[]
  readonly changedServices?: Readonly<Record<string, readonly string[]>>
}

/** As much of the banner's configuration as is read here. */
export interface BannerConfig {
  readonly categories: Readonly<
    Record<string, { enabled?: boolean; readOnly?: boolean; services?: Readonly<Record<string, unknown>> }>
  >
  onFirstConsent?(param: { cookie: unknown }): void
  onConsent?(param: { cookie: unknown }): void
  onChange?(param: { cookie: unknown }): void
  onModalShow?(param: { modalName: string }): void
  onModalHide?(param: { modalName: string }): void
}

/** The configuration to run the banner with. Its own callbacks run as before. */
export function withRecording<Config extends BannerConfig>(
  config: Config,
  options: VanillaCookieConsentOptions,
): Config {
  const recorded = openMark('vanilla-cookieconsent', options.storage)
  const open = new Set<string>()

  function record(change: Change, isKept?: boolean): void {
    const { consentId, lastConsentTimestamp: occurredAt, revision, languageCode } = change.cookie
    const decision = `${consentId} ${occurredAt}`
    if (recorded.last() === decision) return
    const named = namesIn(config, options, change, isKept)
    const layer = open.has('preferencesModal') ? 2 : open.has('consentModal') ? 1 : undefined
    const surface = layer === 1 ? 'banner' : 'preference-centre'
    const { policyId, version, versions } = options.policy ?? {}
    const shownVersion = versions?.[revision] ?? version
    const locale = attempt(() => new Intl.Locale(languageCode).baseName)
    const recording = recordNamed(options, named, {
      occurredAt,
      ...(layer && { layer, surface, act: 'button', control: controlOf(named) }),
      ...(policyId && shownVersion && { shown: [{ policyId, version: shownVersion, locale }] }),
      ...(isKept && { page: undefined, ...(!shownVersion && { shown: [] }) }),
    })
    if (recording?.eventId) recorded.set(decision)
  }

  return {
    ...config,
    onFirstConsent(param: Change) {
      guard(options, () => record(param))
      config.onFirstConsent?.(param)
    },
    onConsent(param: Change) {
      guard(options, () => record(param, true))
      config.onConsent?.(param)
    },
    onChange(param: Change) {
      guard(options, () => record(param))
      config.onChange?.(param)
    },
    onModalShow(param: { modalName: string }) {
      open.add(param.modalName)
      config.onModalShow?.(param)
    },
    onModalHide(param: { modalName: string }) {
      // The first layer is hidden before its decision is told, by the same click.
      queueMicrotask(() => open.delete(param.modalName))
      config.onModalHide?.(param)
    },
  }
}

/** A refused service of an accepted category is named even when the site maps categories only: that no is in nothing else. */
function namesIn(
  { categories }: BannerConfig,
  { purposes }: AdapterOptions,
  { cookie, changedCategories, changedServices }: Change,
  isKept?: boolean,
): NamedDecision[] {
  return Object.entries(categories).flatMap(([category, { enabled, readOnly, services = {} }]) => {
    if (readOnly) return []
    const decide = (name: string, said: boolean, hasChanged?: boolean): NamedDecision => ({
      name,
      said,
      // A control that a later decision left as it was showed the earlier decision, so a no was not on. For a kept decision it is unknown
      // which controls were off; those that the site sets now may have been on.
      initially: (hasChanged ? !said : enabled && (said || !changedCategories)) ? 'on' : isKept ? undefined : 'off',
    })
    const isAccepted = cookie.categories.includes(category)
    const whole = decide(category, isAccepted, changedCategories?.includes(category))
    const parts = Object.keys(services).map((service) => {
      const said = cookie.services[category]?.includes(service) ?? false
      return decide(`${category}/${service}`, said, changedServices?.[category]?.includes(service))
    })
    const isByService = !(category in purposes) && parts.some(({ name }) => name in purposes)
    const told = parts.filter(({ name, said }) => name in purposes || (isAccepted && !said))
    return isByService ? told : [whole, ...told]
  })
}
