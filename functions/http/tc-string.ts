/**
 * Decodes a TC string (IAB TCF 2, https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework) with IAB's
 * library, except the vendors (`tc-vendors.ts`). Never throws: a string that cannot be decoded gets the verdict `malformed` and is recorded
 * unchanged.
 */
import { Base64Url, TCString, type Vector } from '@iabtechlabtcf/core'
import { judgeTcf, type TcfFinding } from '../../shared/consent/tcf-gpp-findings.ts'
import { countMissing, countOf, readCore, readVendors } from './tc-vendors.ts'

const knownVersion = 2
/** Types of the segments after the core. Type 3, publisher TC, has no vendors. */
const disclosedType = 1
const allowedType = 2
const maxSegments = 4

export function readTcString(text: string): TcfFinding {
  try {
    return read(text.split('.', maxSegments + 1))
  } catch {
    return { verdict: 'malformed' }
  }
}

function read(segments: readonly string[]): TcfFinding {
  const [core = '', ...others] = segments
  const types = others.map(typeOf)
  if (segments.length > maxSegments || new Set(types).size < types.length) throw new RangeError('a segment twice')
  const version = Number.parseInt(Base64Url.decode(core).slice(0, 6), 2)
  if (version !== knownVersion) return { verdict: 'unsupported-version', version }
  const { consent, legitimateInterest, emptied } = readCore(core)
  const [disclosed] = others.filter((_, i) => types[i] === disclosedType).map(readVendors)
  others.filter((_, i) => types[i] === allowedType).map(readVendors)
  const withoutVendors = others.filter((_, i) => types[i] !== disclosedType && types[i] !== allowedType)
  const model = TCString.decode([emptied, ...withoutVendors].join('.'))
  return judgeTcf({
    version,
    cmpId: Number(model.cmpId),
    cmpVersion: Number(model.cmpVersion),
    policyVersion: Number(model.policyVersion),
    vendorListVersion: Number(model.vendorListVersion),
    created: model.created.toISOString(),
    lastUpdated: model.lastUpdated.toISOString(),
    purposesConsent: idsIn(model.purposeConsents),
    purposesLegitimateInterest: idsIn(model.purposeLegitimateInterests),
    vendorsConsent: countOf(consent),
    vendorsLegitimateInterest: countOf(legitimateInterest),
    ...(disclosed && {
      disclosedVendors: countOf(disclosed),
      undisclosedVendors: countMissing(consent, disclosed),
    }),
  })
}

/** The type of a segment after the core. The core has no type field; its first three bits are always 0. */
function typeOf(segment: string): number {
  const type = Number.parseInt(Base64Url.decode(segment.slice(0, 1)).slice(0, 3), 2)
  if (type === 0) throw new RangeError('a second core')
  return type
}

function idsIn(vector: Vector): number[] {
  return [...vector.values()]
}
