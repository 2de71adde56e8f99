/**
 * What the API answers. Nothing is validated on the way out; the end-to-end tests hold every answer against these schemas, and
 * the OpenAPI document is made from them.
 */

import * as z from 'zod'
import * as controllers from '../../consent/controller.ts'
import * as events from '../../consent/event.ts'
import * as providers from '../../consent/identity-provider.ts'
import * as keyChanges from '../../consent/key-change.ts'
import * as records from '../../consent/policy.ts'
import * as receipts from '../../consent/receipt-file.ts'
import * as siteRecords from '../../consent/site.ts'
import * as statuses from '../../consent/status-answer.ts'
import { timelineEntry } from '../../consent/timeline.ts'
import { zodMembers, zodRecord } from '../../consent/zod-schema.ts'
import { eventCompletions } from './completion.ts'
import { controllerDraft, identityProvider } from './controllers.ts'
import { identifier } from './identifier.ts'
import { inAnswer, notBefore, oneOfGrowing, time } from './in-answer.ts'
import { jointMembers, standingLinks } from './links.ts'
import { listedMandates } from './mandates.ts'
import { contextRetention, evidenceRetention, presentationDraft, purpose } from './policies.ts'
import { consentRecord } from './record-27560.ts'
import { id, versionName } from './scalars.ts'
import { gppFinding, tcfFinding } from './signals.ts'
import { siteDraft } from './sites.ts'
import { localised } from './texts.ts'
import { unreadable } from './unreadable.ts'

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

const link = zodRecord(events.policyLink, inAnswer)
const times = zodRecord(events.eventTimes, inAnswer)

export const checkpoints = z.strictObject({
  checkpoints: z.array(z.strictObject({ size: z.int(), note: z.string() })),
  next: z.int().optional().describe('Pass it as `after` for the next page.'),
})

const inclusionPromise = zodRecord(receipts.inclusionPromise, inAnswer, {
  jws: z
    .string()
    .describe('Compact JWS of type consent-promise+jwt, signed with a key that is valid for a day at most.'),
  certificates: z
    .tuple([z.string(), z.string()])
    .describe(
      'Two compact JWS: the certificate of the receipt key, signed by the log’s key, and that of the signing key, signed by the receipt key.',
    ),
}).meta({
  id: 'InclusionPromise',
  description: 'A signed promise that the log will have the leaf within maxDelay seconds.',
})

/** Decisions are flat objects in the document: exactly one of purposeId and policyId is there. */
const { decisions: _decisions, ...besideDecisions } = receipts.receipt.members
export const receipt = z
  .strictObject({
    ...zodMembers(besideDecisions, inAnswer, {
      disclosures: z.array(z.string()).describe('SD-JWT disclosures (RFC 9901) that open the leaf.'),
      record: consentRecord,
      inclusionPromise,
      tlogProof: z.string().optional().describe('c2sp.org/tlog-proof@v1, once the log has the leaf.'),
    }),
    decisions: z.array(z.strictObject({ ...target, ...zodMembers(receipts.receiptDetails, inAnswer) })),
  })
  .meta({ id: 'Receipt' })

export const acknowledgement = receipt.pick({ receiptId: true, eventId: true, times: true, decisions: true }).meta({
  id: 'Acknowledgement',
  description: 'What was recorded and what it counts as, without the evidence.',
})

export const ownReceipts = z
  .strictObject({
    receipts: z.array(receipt),
    next: z.string().optional().describe('Send it as `after` for the next page; absent on the last.'),
    unreadable,
  })
  .meta({ id: 'OwnReceipts', description: 'Newest record first.' })

export const outcomes = z
  .strictObject({
    outcomes: z.array(
      z.strictObject({
        status: z.int(),
        receipt: receipt.optional(),
        recorded: acknowledgement.optional().describe('In place of the receipt, with `return=minimal`.'),
        problem: problem.optional(),
      }),
    ),
  })
  .meta({ id: 'Outcomes', description: 'One for each event of the batch, in order.' })

const finding = zodMembers(statuses.finding.members, inAnswer, {
  status: oneOfGrowing<statuses.Status>().describe(
    '`Undetermined` while an unreadable row could decide it; it then permits nothing.',
  ),
  clock: z
    .literal('ahead')
    .optional()
    .describe('The log had the deciding event before the time that it states: the clock that stamped it was wrong.'),
  lacks: z
    .array(z.enum(statuses.lacks))
    .optional()
    .describe('Further reasons, in addition to its text, why a yes is not demonstrable.'),
})

export const statusAnswer = zodRecord(statuses.statusAnswer, inAnswer, {
  ...finding,
  knownThen: z.strictObject(finding),
}).meta({
  id: 'StatusAnswer',
  description: 'The recorded status. `knownThen` is the answer as it was known at the instant of the question.',
})

const topicAnswer = z.strictObject({ ...target, ...statusAnswer.shape, notBefore }).meta({ id: 'TopicAnswer' })

const language = z.literal('sv').optional().describe('Present when the sentences are Swedish; otherwise English.')

const joint = z
  .strictObject({
    links: standingLinks,
    consents: z.array(z.strictObject({ ...target, ...statusAnswer.shape, ...jointMembers, notBefore })),
  })
  .meta({ id: 'JointAnswers', description: 'What the linked subjects amount to together.' })
  .optional()

export const ownConsents = z
  .strictObject({
    at: time,
    knownAt: time,
    consents: z.array(topicAnswer),
    mandates: listedMandates,
    joint: joint.describe('For an account that is linked.'),
    device: z
      .strictObject({ consents: z.array(topicAnswer), linkId: z.string().optional(), unreadable })
      .optional()
      .describe('The device alone, when its secret came with the account’s token. `linkId` when the two are linked.'),
    language,
    unreadable,
  })
  .meta({ id: 'OwnConsents' })

export const consents = z
  .strictObject({
    subject: identifier,
    at: time,
    knownAt: time,
    consents: z.array(topicAnswer),
    joint: joint.describe('For a subject that is linked.'),
    language,
    unreadable,
  })
  .meta({ id: 'Consents' })

export const timeline = z
  .strictObject({
    subject: identifier,
    ...target,
    at: time,
    knownAt: time,
    changes: z
      .array(zodRecord(timelineEntry, inAnswer))
      .describe('With the first page; later pages have none, because the changes are those of all events.'),
    total: z.int().min(0).describe('Number of events on all pages together.'),
    next: z.string().optional().describe('Pass as `after` to read on; absent on the last page.'),
    events: z.array(
      z.looseObject({
        eventId: z.uuid(),
        site: id,
        decisions: z.array(z.strictObject({ ...target, ...zodMembers(events.recordedDetails, inAnswer) })),
        times,
        link: z.array(link),
        how: z.looseObject({ tcf: tcfFinding.optional(), gpp: gppFinding.optional() }),
        ...eventCompletions,
      }),
    ),
    joint: z
      .strictObject({ links: standingLinks, changes: z.array(zodRecord(timelineEntry, inAnswer)) })
      .optional()
      .describe(
        'For a subject that is linked: when what all amount to together changed, from the newest of the links on. Their events are in proofs.',
      ),
    unreadable,
  })
  .meta({ id: 'Timeline' })

const storedText = zodRecord(records.policyText, inAnswer)
const change = zodRecord(records.purposeChange, inAnswer)

const versionFields = zodMembers(records.policyVersion.members, inAnswer, {
  purposes: z.array(purpose),
  evidenceRetention,
  contextRetention,
})
export const version = z.strictObject(versionFields).meta({ id: 'PolicyVersion' })
export const retraction = zodRecord(records.retraction, inAnswer).meta({ id: 'Retraction' })
export const presentation = zodRecord(records.presentation, inAnswer, presentationDraft.shape).meta({
  id: 'Presentation',
})

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

const publicController = zodRecord(controllers.publicController, inAnswer, controllerDraft.shape).meta({
  id: 'Controller',
})

export const policies = z
  .strictObject({
    controller: publicController,
    policies: z.array(
      z.strictObject({
        policyId: id,
        kind: z.enum(records.policyKinds),
        title: localised,
        inForce: versionName.optional(),
      }),
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

export const controller = zodRecord(controllers.controller, inAnswer, controllerDraft.shape).meta({
  id: 'CreatedController',
})
export const identityProviderChange = zodRecord(providers.identityProviderChange, inAnswer, {
  identityProvider: identityProvider.optional().describe('Absent when the provider was removed.'),
}).meta({ id: 'IdentityProviderChange' })
export const keyChange = zodRecord(keyChanges.keyChange, inAnswer).meta({ id: 'KeyChange' })
export const sites = z
  .strictObject({
    sites: z.array(
      zodRecord(siteRecords.currentSite, inAnswer, {
        ...siteDraft.shape,
        origins: z.array(z.string()),
        change: z.int().describe('Number of the latest change of the origins; 0 before the first.'),
      }),
    ),
  })
  .meta({ id: 'Sites' })
export const siteRevocation = zodRecord(siteRecords.siteRevocation, inAnswer).meta({ id: 'SiteRevocation' })
export const siteOrigins = zodRecord(siteRecords.siteOrigins, inAnswer).meta({ id: 'SiteOrigins' })
export const site = zodRecord(siteRecords.site, inAnswer, {
  ...siteDraft.shape,
  origins: z.array(z.string()),
  key: z.string().describe('Publishable: it may write, and reads nothing.'),
}).meta({ id: 'Site' })
