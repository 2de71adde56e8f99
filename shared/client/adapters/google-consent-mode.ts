/**
 * `@consent-ledger/client/google-consent-mode`: passes what is permitted to Google's tags, by Consent Mode v2.
 *
 * Names are Google's consent types. A type is granted when all purposes that it stands for are permitted; a type that stands for none stays
 * denied. `onError` gets `unmapped` with those of Google's four types that `purposes` leaves out. `withConsentMode` adds the states to events,
 * with the purposes that set each: evidence of what Google's tags were told, which decides nothing itself.
 */
import type { Consent, Decisions, How } from '../client.ts'
import { guard, type Purposes, reportUnmapped } from './recorder.ts'

/** Options of `signalConsentMode`. */
export interface ConsentModeOptions {
  /** The client. */
  readonly consent: Pick<Consent, 'permits' | 'onChange'> & Partial<Pick<Consent, 'onError'>>
  /** PurposeIds by consent type; `[]` for a type that is to stay denied. */
  readonly purposes: Purposes
  /** Time that tags wait for the person's choice, in milliseconds. @default 500 */
  readonly waitForUpdateMs?: number
  /** Receives the commands. @default a function that pushes onto `dataLayer` */
  readonly gtag?: (...args: unknown[]) => void
}

/** Google's four types. All are denied from the start, also those that a site leaves out. */
const consentTypes = ['ad_storage', 'ad_user_data', 'ad_personalization', 'analytics_storage']

/**
 * Sets all types to denied, and updates them now and at each change. Call it before gtag.js and Tag Manager load.
 *
 * @returns a function that ends the updates
 * @example
 * signalConsentMode({ consent, purposes: { analytics_storage: 'statistics', ad_storage: 'marketing-cookies' } })
 */
export function signalConsentMode(options: ConsentModeOptions): () => void {
  const { consent, purposes, waitForUpdateMs = 500, gtag = pushed } = options
  const types = typesOf(purposes)
  let last: string | undefined

  function update(): void {
    const isDecided = types
      .flatMap((type) => purposeIdsOf(purposes, type))
      .some((id) => consent.permits(id) !== undefined)
    const states = statesOf(purposes, consent.permits)
    const json = JSON.stringify(states)
    if (json === last || (last === undefined && !isDecided)) return
    last = json
    guard(options, () => gtag('consent', 'update', states))
  }

  const denied = Object.fromEntries(types.map((type) => [type, 'denied']))
  guard(options, () => gtag('consent', 'default', { ...denied, wait_for_update: waitForUpdateMs }))
  guard(options, update)
  reportUnmapped(options, consentTypes)
  return guard(options, () => consent.onChange(() => guard(options, update))) ?? (() => {})
}

/**
 * Wraps the client, so that each event states what Google's tags are told after it, and by which purposes. Use it in place of the client
 * wherever the page records.
 *
 * @param consent the client to wrap
 * @param purposes the purposes that each of Google's types stands for, as `signalConsentMode` has them
 * @returns a client whose `record` and `withdraw` add `consentMode` and `consentModePurposes` to the signals
 * @example
 * const consent = withConsentMode(openConsent({ url, key }), { analytics_storage: 'statistics' })
 */
export function withConsentMode(consent: Consent, purposes: Purposes): Consent {
  const mapped = typesOf(purposes).filter((type) => purposeIdsOf(purposes, type).length > 0)
  const consentModePurposes = Object.fromEntries(mapped.map((type) => [type, purposeIdsOf(purposes, type)]))
  const stated = (decisions: Decisions, how?: How): How => {
    const consentMode = statesOf(purposes, (id) => permittedAfter(decisions, how, id) ?? consent.permits(id))
    return { ...how, signals: { consentMode, consentModePurposes, ...how?.signals } }
  }
  return {
    ...consent,
    record: (decisions, how) => consent.record(decisions, stated(decisions, how)),
    withdraw: (purposeIds, how) =>
      consent.withdraw(purposeIds, stated(Object.fromEntries(purposeIds.map((id) => [id, 'withdrawn'])), how)),
  }
}

/** As the client decides (`choices.ts`): a yes by a control that was already on does not count. `undefined`: the event leaves it as it is. */
function permittedAfter(decisions: Decisions, how: How | undefined, purposeId: string): boolean | undefined {
  const decision = decisions[purposeId]
  if (decision === true || decision === 'given') return how?.initialState?.[purposeId] === 'on' ? undefined : true
  return decision === false || decision === 'refused' || decision === 'withdrawn' ? false : undefined
}

function typesOf(purposes: Purposes): string[] {
  return [...new Set([...consentTypes, ...Object.keys(purposes)])]
}

function purposeIdsOf(purposes: Purposes, type: string): readonly string[] {
  return [purposes[type] ?? []].flat()
}

function statesOf(purposes: Purposes, permits: Consent['permits']): Readonly<Record<string, 'granted' | 'denied'>> {
  const isGranted = (ids: readonly string[]) => ids.length > 0 && ids.every((id) => permits(id) === true)
  const states = typesOf(purposes).map(
    (type) => [type, isGranted(purposeIdsOf(purposes, type)) ? 'granted' : 'denied'] as const,
  )
  return Object.fromEntries(states)
}

/** The same as in Google's own snippet: the tags read `arguments` objects and ignore arrays. */
function pushed(..._args: unknown[]): void {
  const page = globalThis as { dataLayer?: unknown[] }
  page.dataLayer ??= []
  // biome-ignore lint/complexity/noArguments: Google's tags ignore arrays, which rest parameters are
  page.dataLayer.push(arguments)
}
