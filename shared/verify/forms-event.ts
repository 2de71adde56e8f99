/** The forms of what an event's disclosures open, by claim name; and of an event's leaf. */
import * as z from 'zod'
import {
  controls,
  type EventHow,
  type EventTimes,
  type EventWho,
  grades,
  type Identity,
  operatorVerbs,
  type PolicyLink,
  parties,
  type RecordedDecision,
  recordedActs,
  subjectVerbs,
} from '../consent/event.ts'
import { type GppFinding, type TcfFinding, tcfVerdicts } from '../consent/signals.ts'
import { instant, name, sha256Hex, wording } from './forms-published.ts'

const base64url32 = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
export const digest = z.string().regex(base64url32, 'not 32 bytes in base64url')

export const eventLeaf = z.strictObject({
  _sd: z.array(digest).min(7).max(1000),
  _sd_alg: z.literal('sha-256'),
  kind: z.literal('event'),
  sub: digest,
  v: z.literal(1),
})

export const identity: z.ZodType<Identity> = z.strictObject({ type: name, id: z.string().min(1).max(1000) })

/** A salt is 16 bytes in base64url. */
export const disclosure = z.tuple([
  z.string().regex(/^[A-Za-z0-9_-]{21}[AQgw]$/, 'a salt that is not 16 bytes in base64url'),
  z.string().regex(/^(decision:(policy\/)?[a-z0-9-]{1,40}|field:[a-z]{1,10})$/, 'a name that no claim has'),
  z.unknown(),
])

const covers = z.array(z.string().regex(/^(policy\/)?[a-z0-9-]{1,40}$/, 'not the id of a purpose or policy')).max(1000)

/** What `field:times` opens: the times, and the id of the event that they are of. */
export type DisclosedTimes = EventTimes & { readonly eventId: string }

const times: z.ZodType<DisclosedTimes> = z.strictObject({
  eventId: name,
  occurredAt: instant,
  sentAt: instant.optional(),
  recordedAt: instant,
  effectiveAt: instant,
  verdict: z.enum(['trusted', 'corrected', 'asserted', 'rejected']),
  ageMs: z.int().optional(),
  skewMs: z.int().optional(),
  noticeIssuedAt: instant.optional(),
})

const who: z.ZodType<EventWho> = z.strictObject({
  actor: z.strictObject({
    role: z.enum(['self', 'guardian', 'delegate', 'operator']),
    ground: wording.optional(),
  }),
  onBehalfOf: z.enum(parties).optional(),
  assurance: z.enum(['anonymous', 'authenticated', 'confirmed', 'operator', 'imported']),
  ageGate: z.enum(['passed', 'failed', 'not-asked']).optional(),
  barred: z.literal('age-gate').optional(),
})

const link: z.ZodType<PolicyLink> = z.strictObject({
  policyId: name,
  inForce: name.optional(),
  shown: name.optional(),
  grade: z.enum(grades),
  locale: name.optional(),
  textSha256: sha256Hex.optional(),
})

/** What the ledger decoded from a string, which the signals hold too: a verifier can decode it again. */
const tcf: z.ZodType<TcfFinding> = z.strictObject({
  verdict: z.enum(tcfVerdicts),
  version: z.int().optional(),
  cmpId: z.int().optional(),
  cmpVersion: z.int().optional(),
  policyVersion: z.int().optional(),
  vendorListVersion: z.int().optional(),
  created: instant.optional(),
  lastUpdated: instant.optional(),
  purposesConsent: z.array(z.int()).max(24).optional(),
  purposesLegitimateInterest: z.array(z.int()).max(24).optional(),
  vendorsConsent: z.int().optional(),
  vendorsLegitimateInterest: z.int().optional(),
  disclosedVendors: z.int().optional(),
  undisclosedVendors: z.int().optional(),
})

const gpp: z.ZodType<GppFinding> = z.strictObject({
  verdict: z.enum(['plausible', 'malformed']),
  sections: z.array(z.int()).max(64).optional(),
})

export type DisclosedHow = EventHow & { readonly site: string }

const how: z.ZodType<DisclosedHow> = z.strictObject({
  site: name,
  channel: name.optional(),
  device: name.optional(),
  surface: name.optional(),
  act: z.enum(recordedActs).optional(),
  control: z.enum(controls).optional(),
  layer: z.int().optional(),
  presentationId: name.optional(),
  presentation: z.enum(['matched', 'unmatched']).optional(),
  initialState: z.record(name, z.enum(['on', 'off'])).optional(),
  signals: z
    .strictObject({
      gpc: z.boolean().optional(),
      tcString: wording.optional(),
      gppString: wording.optional(),
      consentMode: z.record(name, z.enum(['granted', 'denied'])).optional(),
      categories: z.record(name, z.boolean()).optional(),
    })
    .optional(),
  tcf: tcf.optional(),
  gpp: gpp.optional(),
  locale: name.optional(),
})

const context = z.strictObject({ ipAddress: wording, userAgent: wording, page: wording }).partial()

/** A group with nothing in it is committed as null. */
export const groups = {
  covers: covers.nullable(),
  times,
  who,
  identity,
  link: z.array(link).max(1000).nullable(),
  how,
  context: context.nullable(),
} as const

const details = {
  verb: z.enum([...subjectVerbs, ...operatorVerbs]),
  ground: wording.optional(),
  from: instant.optional(),
  derivedFrom: z.literal('gpc').optional(),
}

/** About exactly one purpose or policy. */
export const decision: z.ZodType<RecordedDecision> = z.union([
  z.strictObject({ purposeId: name, ...details }),
  z.strictObject({ policyId: name, ...details }),
])
