/**
 * What the ledger finds in the strings of consent frameworks, IAB's TCF and GPP. It is recorded beside the string, which stays as it
 * was sent, and says how much that string is worth as evidence. Nothing depends on it: whatever is found, the event is recorded, and
 * a decision counts as much as without the string.
 */
import { instant, integer, list, oneOfKnown, optional, record, type TypeOf } from './schema.ts'

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

/** When the string could not be read: the verdict alone, and the version if that is the reason. Vendors are counted; the string names them. */
export const tcfFinding = record({
  verdict: oneOfKnown(tcfVerdicts),
  version: optional(integer),
  cmpId: optional(integer),
  cmpVersion: optional(integer),
  policyVersion: optional(integer),
  vendorListVersion: optional(integer),
  created: optional(instant),
  lastUpdated: optional(instant),
  purposesConsent: optional(list(integer)),
  purposesLegitimateInterest: optional(list(integer)),
  vendorsConsent: optional(integer),
  vendorsLegitimateInterest: optional(integer),
  /** Absent without the segment. */
  disclosedVendors: optional(integer),
  /** Number of vendors that have a consent and were not disclosed; absent without the segment. */
  undisclosedVendors: optional(integer),
})
export interface TcfFinding extends TypeOf<typeof tcfFinding> {}

type Segment = 'disclosedVendors' | 'undisclosedVendors'
/** What a TC string of version 2 says. */
export type TcfContent = Required<Omit<TcfFinding, 'verdict' | Segment>> & Pick<TcfFinding, Segment>

/** The form of a GPP string: its header can be read, and announces as many sections as there are. The sections are not decoded. */
export const gppFinding = record({
  verdict: oneOfKnown(['plausible', 'malformed']),
  /** Section ids, as IAB numbers them. */
  sections: optional(list(integer)),
})
export interface GppFinding extends TypeOf<typeof gppFinding> {}

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
