/**
 * Shared by the adapters. A banner reports a yes or a no under its own names, the site maps these to purposes, and one act of the person
 * becomes one event with all of its decisions. If several names stand for one purpose, a no under any of them counts. Nothing throws into
 * the page.
 */
import type { Consent, ConsentError, Decisions, How, Recording } from '../client.ts'
import { attempt, browserStorage, type ClientStorage } from '../storage.ts'

/** PurposeIds by the names of the other side. An empty list: a known name that is not recorded. */
export type Purposes = Readonly<Record<string, string | readonly string[]>>

/** Options of each adapter that records. */
export interface AdapterOptions {
  /** The client. */
  readonly consent: Pick<Consent, 'record'> & Partial<Pick<Consent, 'onError'>>
  /** The purposes that the names stand for. */
  readonly purposes: Purposes
  /** The text that the banner shows. Without a version: the notice that this device fetched, if it did. @default that of `record` */
  readonly policy?: { readonly policyId: string; readonly version?: string }
  /** Id of the banner's layout, if the controller has published it. */
  readonly presentationId?: string
  /**
   * Called with each error. `unmapped`: decisions under the names in `detail` were not recorded, because `purposes` lacks the names.
   * @default the `onError` of `consent`
   */
  readonly onError?: (error: ConsentError) => void
}

/** One thing that a banner asked about. */
export interface NamedDecision {
  readonly name: string
  readonly decision: Decisions[string]
  /** State of its control when it was shown. */
  readonly initially?: 'on' | 'off'
}

/** Records one event. `undefined` if none of the names stands for a purpose. */
export function recordNamed(
  options: AdapterOptions,
  named: readonly NamedDecision[],
  how: How = {},
): Recording | undefined {
  const { consent, purposes, policy, presentationId } = options
  const decisions: Record<string, NamedDecision['decision']> = {}
  const initialState: Record<string, 'on' | 'off'> = {}
  for (const { name, decision, initially } of named) {
    const purposeIds = purposes[name]
    for (const purposeId of [purposeIds ?? []].flat()) {
      if (isNo(decision) || !(purposeId in decisions)) decisions[purposeId] = decision
      if (initially && initialState[purposeId] !== 'on') initialState[purposeId] = initially
    }
  }
  reportUnmapped(
    options,
    named.map(({ name }) => name),
  )
  if (!Object.keys(decisions).length) return undefined
  return consent.record(decisions, {
    shown: policy && [policy.version ? policy : policy.policyId],
    // Without a layer it is unknown whether the person saw the banner.
    presentationId: how.layer ? presentationId : undefined,
    // A button for everything on the first layer comes with no other controls.
    initialState: how.layer === 1 && how.control === 'accept-all' ? undefined : initialState,
    ...how,
  })
}

/** The smallest act with this outcome: a yes to everything may be one click. */
export function controlOf(named: readonly NamedDecision[]): How['control'] {
  if (named.every(({ decision }) => !isNo(decision))) return 'accept-all'
  return named.some(({ decision }) => decision === true) ? 'save-choices' : 'refuse-all'
}

/** Runs `act` and reports its errors, so that none reaches the page. */
export function guard<T>(options: ErrorTarget, act: () => T): T | undefined {
  return attempt(act, (error) => report(options, { code: 'failed', detail: `${error}` }))
}

/** Reports all names in one error, because without `onError` the console gets one warning for each code. */
export function reportUnmapped(
  options: ErrorTarget & Pick<AdapterOptions, 'purposes'>,
  names: readonly string[],
): void {
  const detail = names.filter((name) => !options.purposes[name]).join(', ')
  if (detail) report(options, { code: 'unmapped', detail })
}

export interface ErrorTarget {
  readonly onError?: (error: ConsentError) => void
  readonly consent?: Partial<Pick<Consent, 'onError'>>
}

export function report({ onError, consent }: ErrorTarget, error: ConsentError): void {
  attempt(() => (onError ?? consent?.onError)?.(error))
}

function isNo(decision: NamedDecision['decision']): boolean {
  return decision === false || decision === 'objected'
}

/** The ledger's limit on a signal, in characters. */
const maxSignalLength = 8192

/** The signal, or `undefined` if it is too long: the ledger would refuse the event, and the decision matters more than the signal. */
export function signalWithinLimit(signal: string | undefined, to: ErrorTarget): string | undefined {
  if (!signal || signal.length <= maxSignalLength) return signal || undefined
  report(to, { code: 'signal-too-long', detail: `${signal.length} characters, at most ${maxSignalLength}` })
  return undefined
}

/** The decision that was recorded last on this device, so that another page or tab that gets it too does not record it again. */
export interface LastRecorded {
  get(): string | undefined
  set(decision: string): void
}

/** Without a storage the decision is remembered as long as the page lives. */
export function openLastRecorded(adapter: string, storage: ClientStorage | undefined = browserStorage()): LastRecorded {
  const key = `consent-ledger:${adapter}:recorded`
  let inMemory: string | undefined
  return {
    get: () => attempt(() => storage?.getItem(key)) ?? inMemory,
    set(decision) {
      inMemory = decision
      attempt(() => storage?.setItem(key, decision))
    },
  }
}
