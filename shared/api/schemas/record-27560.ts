/** Renderings of a receipt: the ISO/IEC TS 27560 record (`shared/consent/fields-27560.ts` says what each field is), and Kantara's. */
import * as z from 'zod'
import { grades } from '../../consent/event.ts'
import * as fields from '../../consent/fields-27560.ts'
import { technologyKinds } from '../../consent/purpose.ts'
import { kantaraReceipt as kantara } from '../../consent/receipt-kantara.ts'
import { zodRecord } from '../../consent/zod-schema.ts'
import { inAnswer, oneOfGrowing } from './in-answer.ts'

const privacyNotice = zodRecord(fields.privacyNotice, inAnswer, {
  grade: z.enum(grades).describe('Strength of the evidence that the person saw this text.'),
  url: z
    .string()
    .describe('Path on the ledger of the text, or of the version with all its texts when the text is not known.'),
})

const piiInformation = zodRecord(fields.piiInformation, inAnswer, { specialPiiCategory: z.literal(true).optional() })

const processedPurpose = zodRecord(fields.processedPurpose, inAnswer, {
  piiInformation: z.array(piiInformation),
  collectionMethod: z.array(z.enum(technologyKinds)).optional().describe('Kinds of technology.'),
  retentionPeriod: z
    .string()
    .optional()
    .describe('ISO 8601: how long the data is kept. It does not apply to the proof.'),
})

const piiProcessing = zodRecord(fields.piiProcessing, inAnswer, { privacyNotice, purposes: z.array(processedPurpose) })

const recordEvent = zodRecord(fields.consentRecordEvent, inAnswer, {
  privacyNotice: privacyNotice.optional(),
  eventTime: z.iso.datetime(),
  eventState: oneOfGrowing<fields.EventFields['eventState']>().describe(
    'The state after this event alone; for consent a status of the Data Privacy Vocabulary (DPV).',
  ),
})

export const consentRecord = zodRecord(fields.consentRecord, inAnswer, {
  piiPrincipalId: z.string().describe('The pseudonym under which the ledger knows the person.'),
  piiProcessing: z.array(piiProcessing),
  events: z.array(recordEvent),
}).meta({ id: 'ConsentRecord', description: 'A record according to ISO/IEC TS 27560:2023. Unknown fields are absent.' })

export const kantaraReceipt = zodRecord(kantara, inAnswer).meta({
  id: 'KantaraReceipt',
  description: 'A consent receipt of the Kantara Initiative, version 1.1.0: consents given only.',
})
