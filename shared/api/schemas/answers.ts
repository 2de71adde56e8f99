/**
 * What the API answers. Nothing is validated on the way out; the end-to-end tests hold every answer against these schemas, and
 * the OpenAPI document is made from them.
 */

import * as z from 'zod'
import { grades, operatorVerbs, subjectVerbs } from '../../consent/event.ts'
import { type PolicyVersion, policyKinds } from '../../consent/policy.ts'
import { legalBases } from '../../consent/purpose.ts'
import { identifier } from './identifier.ts'
import { controllerDraft, evidenceRetention, presentationDraft, purpose, siteDraft } from './policies.ts'
import { consentRecord, inclusionPromise } from './record-27560.ts'
import { id, versionName } from './scalars.ts'
import { gppFinding, tcfFinding } from './signals.ts'
import { localised, sha256Hex } from './texts.ts'
import { unreadable } from './unreadable.ts'

export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .meta({ format: 'date-time' })
export const target = { purposeId: id.optional(), policyId: id.optional() }

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    code: z.string().describe('Stable; programs should use it.'),
    field: z.string().optional().describe('JSON pointer to the faulty value, or the name of the faulty header.'),
    given: z.unknown().optional(),
    allowed: z.unknown().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' })

const link = z.object({
  policyId: id,
  inForce: versionName.optional(),
  shown: versionName.optional(),
  grade: z.enum(grades),
  locale: z.string().optional(),
  textSha256: sha256Hex.optional(),
})

const times = z.object({
  occurredAt: time,
  sentAt: time.optional(),
  recordedAt: time,
  effectiveAt: time,
  verdict: z.enum(['trusted', 'corrected', 'asserted', 'rejected']),
  ageMs: z.int().optional(),
  skewMs: z.int().optional(),
  noticeIssuedAt: time.optional(),
})

const decision = {
  ...target,
  verb: z.enum([...subjectVerbs, ...operatorVerbs]),
  ground: z.string().optional(),
  from: time.optional(),
  derivedFrom: z.literal('gpc').optional(),
}

export const checkpoints = z.strictObject({
  checkpoints: z.array(z.strictObject({ size: z.int(), note: z.string() })),
  next: z.int().optional().describe('Pass it as `after` for the next page.'),
})

export const receipt = z
  .strictObject({
    receiptId: z.string(),
    schemaVersion: z.literal('consent-receipt@1'),
    controller: id,
    site: id,
    eventId: z.uuid(),
    times,
    assurance: z.enum(['anonymous', 'authenticated', 'confirmed', 'operator', 'imported']),
    decisions: z.array(
      z.strictObject({
        ...decision,
        effect: z.enum(['yes', 'no', 'shown', 'operator', 'none']),
        countsAs: z.string().optional(),
        reason: z.string().optional(),
      }),
    ),
    link: z.array(link),
    leaf: z.string().describe('Canonical JSON: the bytes that are hashed into the log.'),
    disclosures: z.array(z.string()).describe('SD-JWT disclosures (RFC 9901) that open the leaf.'),
    record: consentRecord,
    inclusionPromise,
    tlogProof: z.string().optional().describe('c2sp.org/tlog-proof@v1, once the log has the leaf.'),
  })
  .meta({ id: 'Receipt' })

export const ownReceipts = z
  .strictObject({
    receipts: z.array(receipt),
    next: z.string().optional().describe('Send it as `after` for the next page; absent on the last.'),
    unreadable,
  })
  .meta({ id: 'OwnReceipts', description: 'Newest record first.' })

export const outcomes = z
  .strictObject({
    outcomes: z.array(z.strictObject({ status: z.int(), receipt: receipt.optional(), problem: problem.optional() })),
  })
  .meta({ id: 'Outcomes', description: 'One for each event of the batch, in order.' })

const finding = {
  status: z.string().describe('`Undetermined` while an unreadable row could decide it; it then permits nothing.'),
  basis: z.enum(legalBases).optional(),
  permittedByConsent: z.boolean().optional(),
  decidedBy: z.uuid().optional(),
  clock: z
    .literal('ahead')
    .optional()
    .describe('The log had the deciding event before the time that it states: the clock that stamped it was wrong.'),
  reason: z.string(),
  ground: z.string().optional(),
  inForce: versionName.optional(),
  shown: versionName.optional(),
  grade: z.enum(grades).optional(),
  demonstrable: z.boolean(),
  lacks: z
    .array(z.enum(['act', 'presentation']))
    .optional()
    .describe('Further reasons, in addition to its text, why a yes is not demonstrable.'),
  endsAt: time.optional(),
  current: z.boolean().optional(),
  conflicts: z.array(z.literal('gpc')),
  noServiceJustification: localised.optional(),
  withoutEffect: z.array(z.strictObject({ eventId: z.uuid(), verb: z.string(), reason: z.string() })),
  sentence: z.string(),
}

export const statusAnswer = z.strictObject({ ...finding, knownThen: z.strictObject(finding) }).meta({
  id: 'StatusAnswer',
  description: 'The recorded status. `knownThen` is the answer as it was known at the instant of the question.',
})

const topicAnswer = z
  .strictObject({ ...target, ...finding, knownThen: z.strictObject(finding) })
  .meta({ id: 'TopicAnswer' })

const language = z.literal('sv').optional().describe('Present when the sentences are Swedish; otherwise English.')

export const ownConsents = z
  .strictObject({ at: time, knownAt: time, consents: z.array(topicAnswer), language, unreadable })
  .meta({ id: 'OwnConsents' })

export const consents = z
  .strictObject({ subject: identifier, at: time, knownAt: time, consents: z.array(topicAnswer), language, unreadable })
  .meta({ id: 'Consents' })

export const timeline = z
  .strictObject({
    subject: identifier,
    ...target,
    at: time,
    knownAt: time,
    changes: z.array(
      z.strictObject({
        at: time,
        status: z.string(),
        reason: z.string(),
        decidedBy: z.uuid().optional(),
        current: z.boolean().optional(),
      }),
    ),
    events: z.array(
      z.looseObject({
        eventId: z.uuid(),
        site: id,
        decisions: z.array(z.object(decision)),
        times,
        link: z.array(link),
        how: z.looseObject({ tcf: tcfFinding.optional(), gpp: gppFinding.optional() }),
      }),
    ),
    unreadable,
  })
  .meta({ id: 'Timeline' })

export const storedText = z.object({ locale: z.string(), mediaType: z.string(), sha256: sha256Hex })
const change = z.object({ purposeId: id, level: z.enum(['major', 'minor']), reason: z.string() })

const versionFields = {
  policyId: id,
  kind: z.enum(policyKinds),
  version: versionName,
  scope: z.array(z.string()),
  title: localised,
  effectiveFrom: time,
  publishedAt: time,
  notBefore: time,
  retroactive: z.boolean(),
  texts: z.array(storedText),
  purposes: z.array(purpose),
  evidenceRetention,
  level: z.enum(['major', 'minor']),
  comparedWith: versionName.optional(),
  changes: z.array(change),
  ground: z.enum(['fault', 'law', 'technology', 'business']),
  summary: localised,
} satisfies Readonly<Record<keyof PolicyVersion, z.ZodType>>

export const version = z.strictObject(versionFields).meta({ id: 'PolicyVersion' })
export const retraction = z
  .strictObject({ version: versionName, reason: z.string(), retractedAt: time })
  .meta({ id: 'Retraction' })
export const presentation = z
  .strictObject({ ...presentationDraft.shape, policyId: id, publishedAt: time })
  .meta({ id: 'Presentation' })

export const versionAt = z.strictObject({ at: time, ...versionFields }).meta({ id: 'PolicyVersionAt' })
export const oneVersion = z
  .strictObject({ ...versionFields, retraction: retraction.optional() })
  .meta({ id: 'OnePolicyVersion' })

export const history = z
  .strictObject({
    policyId: id,
    versions: z.array(version),
    retractions: z.array(retraction),
    presentations: z.array(presentation),
    unreadable: z.array(z.string()).optional().describe('Keys of records that cannot be read, such as `version#2`.'),
  })
  .meta({ id: 'PolicyHistory' })

const { identityProvider: _provider, ipAddress: _mode, ...publicFields } = controllerDraft.shape
const publicController = z.strictObject(publicFields).meta({ id: 'Controller' })

export const policies = z
  .strictObject({
    controller: publicController,
    policies: z.array(
      z.strictObject({ policyId: id, kind: z.enum(policyKinds), title: localised, inForce: versionName.optional() }),
    ),
  })
  .meta({ id: 'Policies' })

export const notice = z
  .strictObject({
    controller: publicController,
    ...versionFields,
    text: storedText.extend({ text: z.string() }),
    presentations: z.array(presentation),
    noticeToken: z.string().describe('Send it back with the decision: it proves which text was served.'),
    noticeTokenExpiresAt: time,
  })
  .meta({ id: 'Notice' })

export const difference = z
  .strictObject({
    policyId: id,
    from: storedText.extend({ version: versionName }),
    to: storedText.extend({ version: versionName }),
    level: z.enum(['major', 'minor']),
    changes: z.array(change),
    purposes: z.array(
      z.strictObject({ purposeId: id, kind: z.enum(['added', 'removed', 'changed']), fields: z.array(z.string()) }),
    ),
    text: z.array(z.strictObject({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })),
  })
  .meta({ id: 'Difference' })

export const controller = z
  .strictObject({ ...controllerDraft.shape, createdAt: time })
  .meta({ id: 'CreatedController' })
export const sites = z
  .strictObject({
    sites: z.array(
      z.strictObject({
        ...siteDraft.shape,
        origins: z.array(z.string()),
        createdAt: time,
        key: z.string(),
        change: z.int().describe('Number of the latest change of the origins; 0 before the first.'),
        changedAt: time.optional(),
      }),
    ),
  })
  .meta({ id: 'Sites' })
export const siteOrigins = z
  .strictObject({ site: id, change: z.int(), origins: z.array(z.string()), changedAt: time })
  .meta({ id: 'SiteOrigins' })
export const site = z
  .strictObject({
    ...siteDraft.shape,
    origins: z.array(z.string()),
    createdAt: time,
    key: z.string().describe('Publishable: it may write, and reads nothing.'),
  })
  .meta({ id: 'Site' })
