/** TC strings as IAB's own encoder makes them, segment by segment: also those that no CMP should make. */
import { type PurposeRestriction, Segment, SegmentEncoder, TCModel } from '@iabtechlabtcf/core'

export interface TcStringOf {
  readonly madeAt: string
  readonly updatedAt?: string
  readonly purposesConsent?: readonly number[]
  readonly purposesLegitimateInterest?: readonly number[]
  readonly vendorsConsent?: readonly number[]
  readonly vendorsLegitimateInterest?: readonly number[]
  /** Without it there is no segment. */
  readonly disclosed?: readonly number[]
  readonly allowed?: readonly number[]
  readonly withPublisherTc?: boolean
  /** Purposes that all of `vendorsConsent` may only use with consent. */
  readonly restricted?: readonly PurposeRestriction[]
}

export const cmp = { cmpId: 31, cmpVersion: 7, policyVersion: 5, vendorListVersion: 142, version: 2 }

export function tcString(of: TcStringOf): string {
  const model = new TCModel()
  Object.assign(model, cmp, { consentLanguage: 'EN', publisherCountryCode: 'SE', isServiceSpecific: true })
  model.created = new Date(of.madeAt)
  model.lastUpdated = new Date(of.updatedAt ?? of.madeAt)
  model.purposeConsents.set([...(of.purposesConsent ?? [])])
  model.purposeLegitimateInterests.set([...(of.purposesLegitimateInterest ?? [])])
  model.vendorConsents.set([...(of.vendorsConsent ?? [])])
  model.vendorLegitimateInterests.set([...(of.vendorsLegitimateInterest ?? [])])
  model.vendorsDisclosed.set([...(of.disclosed ?? [])])
  model.vendorsAllowed.set([...(of.allowed ?? [])])
  model.publisherRestrictions.gvl = { vendorIds: new Set(of.vendorsConsent) } as typeof model.gvl
  for (const restriction of of.restricted ?? []) {
    for (const vendor of of.vendorsConsent ?? []) model.publisherRestrictions.add(vendor, restriction)
  }
  const segments = [
    Segment.CORE,
    ...(of.disclosed ? [Segment.VENDORS_DISCLOSED] : []),
    ...(of.allowed ? [Segment.VENDORS_ALLOWED] : []),
    ...(of.withPublisherTc ? [Segment.PUBLISHER_TC] : []),
  ]
  return segments.map((segment) => SegmentEncoder.encode(model, segment)).join('.')
}

/** Bits as the characters of a segment. */
export function segmentOf(...fields: readonly (readonly [value: number, bits: number])[]): string {
  const bits = fields.map(([value, length]) => value.toString(2).padStart(length, '0')).join('')
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return (bits.match(/.{1,6}/g) ?? []).map((six) => digits[Number.parseInt(six.padEnd(6, '0'), 2)]).join('')
}
