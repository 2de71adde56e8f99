/**
 * What the ledger finds in the strings of consent frameworks, IAB's TCF and GPP. It is recorded beside the string, which stays as it
 * was sent, and says how much that string is worth as evidence. Nothing depends on it: whatever is found, the event is recorded, and
 * a decision counts as much as without the string.
 */

export const tcfVerdicts = [
  'valid',
  /** Not a TC string, or a broken one. */
  'malformed',
  /** Its first six bits say another version than 2: TCF 1 ended in 2020, and of a later one nothing is known here. */
  'unsupported-version',
  /** From when TCF 2.3 wanted them on, and without disclosed vendors. */
  'disclosed-vendors-missing',
  /** It has a consent to a vendor that, as it says itself, was not disclosed. */
  'vendors-undisclosed',
] as const
export type TcfVerdict = (typeof tcfVerdicts)[number]

/** What a TC string of version 2 says: vendors are counted, and can be named from the string. */
export interface TcfContent {
  readonly version: number
  readonly cmpId: number
  readonly cmpVersion: number
  readonly policyVersion: number
  readonly vendorListVersion: number
  readonly created: string
  readonly lastUpdated: string
  readonly purposesConsent: readonly number[]
  readonly purposesLegitimateInterest: readonly number[]
  readonly vendorsConsent: number
  readonly vendorsLegitimateInterest: number
  /** Absent without the segment. */
  readonly disclosedVendors?: number
  /** Of the vendors with a consent, those that were not disclosed; absent without the segment. */
  readonly undisclosedVendors?: number
}

/** Of a string that could not be read there is the verdict alone, and the version if that is the reason. */
export type TcfFinding = { readonly verdict: TcfVerdict } & Partial<TcfContent>

/** The form of a GPP string: its header can be read, and announces as many sections as there are. What they say is not looked into. */
export interface GppFinding {
  readonly verdict: 'plausible' | 'malformed'
  /** Section ids, as IAB numbers them. */
  readonly sections?: readonly number[]
}

export interface SignalFindings {
  readonly tcf?: TcfFinding
  readonly gpp?: GppFinding
}

/** IAB Europe: strings made until 28 February 2026 stay valid as they are. */
const disclosedVendorsSince = '2026-03-01T00:00:00.000Z'

export function judgeTcf(content: TcfContent): TcfFinding {
  return { verdict: verdictOn(content), ...content }
}

/** A string that was updated since is as new as its update. */
function verdictOn({ created, lastUpdated, disclosedVendors, undisclosedVendors = 0 }: TcfContent): TcfVerdict {
  const madeAt = lastUpdated > created ? lastUpdated : created
  if (disclosedVendors === undefined) return madeAt < disclosedVendorsSince ? 'valid' : 'disclosed-vendors-missing'
  return undisclosedVendors > 0 ? 'vendors-undisclosed' : 'valid'
}
