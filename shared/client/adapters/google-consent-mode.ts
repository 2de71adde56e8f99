/**
 * `@consent-ledger/client/google-consent-mode`: tells Google's tags what stands, by Consent Mode v2.
 *
 *     signalConsentMode({ consent, purposes: { analytics_storage: 'statistics', ad_storage: 'marketing-cookies' } })
 *
 * Names are Google's consent types. Each is denied unless every purpose that it stands for is permitted, and what stands for none
 * stays denied. `onError` gets `unmapped` with those of Google's four types that `purposes` leaves out. Call this before gtag.js and Tag
 * Manager load. Events do not carry these states, because they follow from the decisions.
 */
import type { Consent } from '../client.ts'
import { guard, type Purposes, reportUnmapped } from './recorder.ts'

export interface ConsentModeOptions {
  readonly consent: Pick<Consent, 'permits' | 'onChange'> & Partial<Pick<Consent, 'onError'>>
  /** purposeIds by consent type. `[]` for one that is to stay denied. */
  readonly purposes: Purposes
  /** How long tags wait for the person's choice, in milliseconds. @default 500 */
  readonly waitForUpdateMs?: number
  /** @default what pushes onto `dataLayer` */
  readonly gtag?: (...args: unknown[]) => void
}

/** Denied from the start, also where a site maps fewer. */
const consentTypes = ['ad_storage', 'ad_user_data', 'ad_personalization', 'analytics_storage']

/** Returns what ends it. */
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

/** As Google's own snippet does it: the tags read `arguments` objects and pass over arrays. */
function pushed(..._args: unknown[]): void {
  const page = globalThis as { dataLayer?: unknown[] }
  page.dataLayer ??= []
  // biome-ignore lint/complexity/noArguments: Google's tags ignore arrays, which rest parameters are
  page.dataLayer.push(arguments)
}
