/**
 * What the adapters share: a banner says yes or no under its own names, the site says which purposes these stand for, and one act of
 * the person becomes one event with everything that it settled.
 *
 * A purpose that several names stand for gets the no of any of them. Nothing throws into the page.
 */
import type { Consent, ConsentError, Decisions, How, Recording } from '../client.ts'
import { attempt } from '../storage.ts'

/** purposeIds by the name that the other side has for what is decided. An empty list: known, and recorded for nothing. */
export type Purposes = Readonly<Record<string, string | readonly string[]>>

export interface AdapterOptions {
  readonly consent: Pick<Consent, 'record'> & Partial<Pick<Consent, 'onError'>>
  readonly purposes: Purposes
  /** The text that the banner shows. Without a version it is the notice that this device got, if it did. @default as `record` has it */
  readonly policy?: { readonly policyId: string; readonly version?: string }
  /** The banner, where the controller has published how it looks. */
  readonly presentationId?: string
  /**
   * As in `openConsent`. `unmapped`: the names in `detail` were decided on, but have no purpose, so these decisions were not recorded.
   * @default the `onError` of `consent`
   */
  readonly onError?: (error: ConsentError) => void
}

/** One thing that a banner asked about. */
export interface NamedDecision {
  readonly name: string
  readonly said: Decisions[string]
  /** Its control, as it was shown. */
  readonly initially?: 'on' | 'off'
}

/** `undefined` when nothing of it stands for a purpose. */
export function recordNamed(
  options: AdapterOptions,
  named: readonly NamedDecision[],
  how: How = {},
): Recording | undefined {
  const { consent, purposes, policy, presentationId } = options
  const decisions: Record<string, NamedDecision['said']> = {}
  const initialState: Record<string, 'on' | 'off'> = {}
  for (const { name, said, initially } of named) {
    const purposeIds = purposes[name]
    for (const purposeId of [purposeIds ?? []].flat()) {
      if (isNo(said) || !(purposeId in decisions)) decisions[purposeId] = said
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
    // Without a layer it is not known that the banner was seen.
    presentationId: how.layer ? presentationId : undefined,
    // Of one button for everything on the first layer there are no other controls to speak of.
    initialState: how.layer === 1 && how.control === 'accept-all' ? undefined : initialState,
    ...how,
  })
}

/** As little as the person can have done for this outcome: a yes to everything may be one button's. */
export function controlOf(named: readonly NamedDecision[]): How['control'] {
  if (named.every(({ said }) => !isNo(said))) return 'accept-all'
  return named.some(({ said }) => said === true) ? 'save-choices' : 'refuse-all'
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

function isNo(said: NamedDecision['said']): boolean {
  return said === false || said === 'objected'
}
