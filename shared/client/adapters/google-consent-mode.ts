/**
 * `@consent-ledger/client/google-consent-mode`: passes what is permitted to Google's tags, by Consent Mode v2.
 *
 * Names are Google's consent types. A type is granted when all purposes that it stands for are permitted; a type that stands for none stays
 * denied. `onError` gets `unmapped` with those of Google's four types that `purposes` leaves out. Events do not carry these states, because
 * they follow from the decisions.
 */
import type { Consent } from '../client.ts'
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
  const types = [...new Set([...consentTypes, ...Object.keys(purposes)])]
  const purposeIdsOf = (type: string) => [purposes[type] ?? []].flat()
  let last: string | undefined

  function stateOf(type: string): 'granted' | 'denied' {
    const purposeIds = purposeIdsOf(type)
    return purposeIds.length > 0 && purposeIds.every((id) => consent.permits(id) === true) ? 'granted' : 'denied'
  }

  function update(): void {
    const isDecided = types.flatMap(purposeIdsOf).some((id) => consent.permits(id) !== undefined)
    const states = Object.fromEntries(types.map((type) => [type, stateOf(type)]))
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

/** The same as in Google's own snippet: the tags read `arguments` objects and ignore arrays. */
function pushed(..._args: unknown[]): void {
  const page = globalThis as { dataLayer?: unknown[] }
  page.dataLayer ??= []
  // biome-ignore lint/complexity/noArguments: Google's tags ignore arrays, which rest parameters are
  page.dataLayer.push(arguments)
}
