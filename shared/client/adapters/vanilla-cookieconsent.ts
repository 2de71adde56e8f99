/**
 * `@consent-ledger/client/vanilla-cookieconsent`: records the decisions that people make in the banner of vanilla-cookieconsent 3.
 *
 * Names are those of categories (`analytics`) and of services in them (`analytics/matomo`). `onFirstConsent` and `onChange` report an act;
 * `onConsent` also reports the kept decision on each page. A decision is identified by its consentId and lastConsentTimestamp, and recorded
 * once on a device. A decision from before the site had a ledger is recorded on the next page, with its own time and nothing on how it was
 * made.
 */
import { attempt, type ClientStorage } from '../storage.ts'
import { type AdapterOptions, controlOf, guard, type NamedDecision, openLastRecorded, recordNamed } from './recorder.ts'

/** Options of `withRecording`. */
export interface VanillaCookieConsentOptions extends AdapterOptions {
  /** The text that the banner shows. @default the notice of the policy that this device fetched, if it did */
  readonly policy?: AdapterOptions['policy'] & {
    /** The policy's version by the `revision` of the banner's configuration. */
    readonly versions?: Readonly<Record<number, string>>
  }
  /** Remembers the last recorded decision, so that another page does not record it again. @default the browser's localStorage */
  readonly storage?: ClientStorage
}

/** The members of the banner's cookie that are read here. */
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

/** The members of the banner's configuration that are used here. */
export interface BannerConfig {
  /** Categories by name, and the services in each. */
  readonly categories: Readonly<
    Record<string, { enabled?: boolean; readOnly?: boolean; services?: Readonly<Record<string, unknown>> }>
  >
  /** Called at the person's first decision. */
  onFirstConsent?(param: { cookie: unknown }): void
  /** Called at the first decision and on each later page. */
  onConsent?(param: { cookie: unknown }): void
  /** Called when the person changes their decision. */
  onChange?(param: { cookie: unknown }): void
  /** Called when a modal is shown. */
  onModalShow?(param: { modalName: string }): void
  /** Called when a modal is hidden. */
  onModalHide?(param: { modalName: string }): void
}

/**
 * Adds the recording to the banner's configuration. The callbacks that it already has run as before.
 *
 * @param config the banner's configuration
 * @param options the client, and the purposes that categories and services stand for
 * @returns the configuration to run the banner with
 * @example
 * CookieConsent.run(withRecording(config, { consent, purposes: { analytics: 'statistics' } }))
 */
export function withRecording<Config extends BannerConfig>(
  config: Config,
  options: VanillaCookieConsentOptions,
): Config {
  const recorded = openLastRecorded('vanilla-cookieconsent', options.storage)
  const open = new Set<string>()

  function record(change: Change, isKept?: boolean): void {
    const { consentId, lastConsentTimestamp: occurredAt, revision, languageCode } = change.cookie
    const decision = `${consentId} ${occurredAt}`
    if (recorded.get() === decision) return
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
      // One click hides the first layer and then reports its decision.
      queueMicrotask(() => open.delete(param.modalName))
      config.onModalHide?.(param)
    },
  }
}

/** A refused service of an accepted category is named even if the site maps categories only, because no other name holds that no. */
function namesIn(
  { categories }: BannerConfig,
  { purposes }: AdapterOptions,
  { cookie, changedCategories, changedServices }: Change,
  isKept?: boolean,
): NamedDecision[] {
  return Object.entries(categories).flatMap(([category, { enabled, readOnly, services = {} }]) => {
    if (readOnly) return []
    const decide = (name: string, decision: boolean, hasChanged?: boolean): NamedDecision => ({
      name,
      decision,
      // A control that a later decision did not change showed the earlier decision, so for a no it was off. For a kept decision it is
      // unknown which controls were off; those that the site sets now may have been on.
      initially: (hasChanged ? !decision : enabled && (decision || !changedCategories))
        ? 'on'
        : isKept
          ? undefined
          : 'off',
    })
    const isAccepted = cookie.categories.includes(category)
    const whole = decide(category, isAccepted, changedCategories?.includes(category))
    const parts = Object.keys(services).map((service) => {
      const isServiceAccepted = cookie.services[category]?.includes(service) ?? false
      return decide(`${category}/${service}`, isServiceAccepted, changedServices?.[category]?.includes(service))
    })
    const isByService = !(category in purposes) && parts.some(({ name }) => name in purposes)
    const named = parts.filter(({ name, decision }) => name in purposes || (isAccepted && !decision))
    return isByService ? named : [whole, ...named]
  })
}
