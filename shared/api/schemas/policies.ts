/**
 * What administration posts about policies: versions, presentations, retractions. The shapes are those of the records; this adds what a request
 * must keep to beyond them: lengths, counts, formats, and rules between members. It uses no Node API, so the console validates with it, too.
 */
import * as z from 'zod'
import { defaultContextRetention, defaultEvidenceRetention } from '../../consent/evidence-term.ts'
import * as records from '../../consent/policy.ts'
import * as purposes from '../../consent/purpose.ts'
import { zodRecord } from '../../consent/zod-schema.ts'
import { place, region } from './countries.ts'
import { duration, inRequest } from './in-request.ts'
import { shortText } from './texts.ts'

export const evidenceRetention = duration
  .optional()
  .describe(
    `ISO 8601: how long the proof of a decision is kept after the decision ended. ${defaultEvidenceRetention} when neither purpose nor version states it.`,
  )

export const contextRetention = duration
  .optional()
  .describe(
    `ISO 8601: how long IP address, user agent and page are kept after the event was recorded, and never longer than its proof. ${defaultContextRetention} when neither purpose nor version states it.`,
  )

const technology = zodRecord(purposes.technology, inRequest, { domain: z.string().max(300).optional() })

const recipient = zodRecord(purposes.recipient, inRequest, {
  region: region.optional(),
  transfer: shortText.optional().describe('The safeguard of a transfer to a third country; required for worldwide.'),
  forms: z
    .array(z.enum(purposes.dataForms))
    .min(1)
    .max(purposes.dataForms.length)
    .optional()
    .describe('The forms of data that it receives; by default every form that the purpose declares.'),
}).refine((r) => (r.country === undefined) !== (r.region === undefined), {
  error: 'exactly one of country and region',
  params: { allowed: ['country', 'region'] },
})

const dataCategory = zodRecord(purposes.dataCategory, inRequest, { sources: z.array(shortText).max(50) })
const sourceTerms = zodRecord(purposes.sourceTerms, inRequest)
const securityMeasure = zodRecord(purposes.securityMeasure, inRequest)
const retentionException = zodRecord(purposes.retentionException, inRequest)

export const purpose = zodRecord(purposes.purpose, inRequest, {
  subjectCategories: z.array(shortText).min(1).max(20),
  dataCategories: z.array(dataCategory).min(1).max(50),
  profiling: z.boolean().optional().describe('GDPR art. 4(4).'),
  logicInvolved: zodRecord(purposes.logicInvolved, inRequest)
    .optional()
    .describe('The logic of the automated decision or the profiling: GDPR art. 13(2)(f).'),
  sourceTerms: z
    .array(sourceTerms)
    .min(1)
    .max(50)
    .optional()
    .describe('Sources run by other parties, whose own terms govern how they got the data.'),
  securityMeasures: z.array(securityMeasure).min(1).max(50).optional(),
  recipients: z.array(recipient).max(200),
  storageLocations: z.array(place).min(1).max(50),
  retention: duration
    .optional()
    .describe('ISO 8601: how long the data is kept, counted from the event in `until` if there is one.'),
  until: zodRecord(purposes.retentionCriterion, inRequest)
    .optional()
    .describe('The event until which the data is kept. State this, `retention`, or both.'),
  retentionExceptions: z
    .array(retentionException)
    .min(1)
    .max(20)
    .optional()
    .describe('Cases in which the data is kept longer.'),
  evidenceRetention,
  contextRetention,
  askAgainAfter: duration
    .optional()
    .describe(
      'ISO 8601: how long a person who said no, or put it off, is not asked again; for consent only. Without it never.',
    ),
  technologies: z.array(technology).max(200),
}).meta({ id: 'Purpose' })

const draftText = zodRecord(records.draftText, inRequest, { text: z.string().min(1).max(500_000) })

/** A version without its policyId, which stands in the path. */
export const versionDraft = zodRecord(records.versionDraft, inRequest, {
  scope: z.array(shortText).max(50),
  texts: z.array(draftText).min(1).max(40),
  purposes: z.array(purpose).max(100),
  evidenceRetention,
  contextRetention,
  changes: z.array(zodRecord(records.purposeChange, inRequest)).max(100),
}).meta({ id: 'VersionDraft' })

/** A presentation without its policyId, which stands in the path. */
export const presentationDraft = zodRecord(records.presentationDraft, inRequest, {
  controls: z.array(zodRecord(records.presentationControl, inRequest)).max(100),
  refusal: zodRecord(records.presentationDraft.members.refusal, inRequest, { layer: z.int().min(1).max(10) }),
}).meta({ id: 'PresentationDraft' })

export const retractionDraft = zodRecord(records.retractionDraft, inRequest).meta({
  id: 'RetractionDraft',
  example: { version: '3', reason: 'the new partner withdrew' },
})
