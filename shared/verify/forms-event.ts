/** Schemas of an event's leaf and of the claims that its disclosures open, by claim name. */
import * as z from 'zod'
import * as event from '../consent/event.ts'
import { eventId, extended, id, type TypeOf } from '../consent/schema.ts'
import * as signals from '../consent/tcf-gpp-findings.ts'
import { zodOf, zodRecord } from '../consent/zod-schema.ts'
import { digest, inProof } from './scalars-in-proof.ts'

export const eventLeaf = z.strictObject({
  _sd: z.array(digest).min(7).max(1000),
  _sd_alg: z.literal('sha-256'),
  kind: z.literal('event'),
  sub: digest,
  v: z.literal(1),
})

export const identity = zodRecord(event.identity, inProof, { id: z.string().min(1).max(1000) })

/** A salt is 16 bytes in base64url. */
export const disclosure = z.tuple([
  z.string().regex(/^[A-Za-z0-9_-]{21}[AQgw]$/, 'a salt that is not 16 bytes in base64url'),
  z.string().regex(/^(decision:(policy\/)?[a-z0-9-]{1,40}|field:[a-z]{1,10})$/, 'a name that no claim has'),
  z.unknown(),
])

const covers = z.array(z.string().regex(/^(policy\/)?[a-z0-9-]{1,40}$/, 'not the id of a purpose or policy')).max(1000)

const times = extended(event.eventTimes, { eventId })

export type DisclosedTimes = TypeOf<typeof times>

/** Contents that the ledger decoded from the signals' strings. A verifier can decode the strings again. */
const tcfPurposes = z.array(z.int()).max(24).optional()
const tcf = zodRecord(signals.tcfFinding, inProof, {
  purposesConsent: tcfPurposes,
  purposesLegitimateInterest: tcfPurposes,
})
const gpp = zodRecord(signals.gppFinding, inProof, { sections: z.array(z.int()).max(64).optional() })

const how = extended(event.eventHow, { site: id })
export type DisclosedHow = TypeOf<typeof how>

/** An empty group is committed as null. */
export const groups = {
  covers: covers.nullable(),
  times: zodRecord(times, inProof),
  who: zodRecord(event.eventWho, inProof),
  identity,
  link: z.array(zodRecord(event.policyLink, inProof)).max(1000).nullable(),
  how: zodRecord(how, inProof, { tcf: tcf.optional(), gpp: gpp.optional() }),
  context: zodRecord(event.eventContext, inProof).nullable(),
} as const

/** A decision is about exactly one purpose or policy. */
export const decision = zodOf(event.recordedDecision, inProof)
