/** The ISO/IEC TS 27560 record in a receipt: `shared/consent/record-27560.ts` says what each field is. */

import * as z from 'zod'
import { regions } from '../../consent/countries.ts'
import { grades } from '../../consent/event.ts'
import { dataForms, legalBases, retentionCriteria, technologyKinds } from '../../consent/purpose.ts'
import { id, versionName } from './scalars.ts'
import { localised, sha256Hex } from './texts.ts'

const privacyNotice = z.strictObject({
  policyId: id,
  version: versionName,
  grade: z.enum(grades).describe('Strength of the evidence that the person saw this text.'),
  textSha256: sha256Hex.optional(),
  url: z
    .string()
    .describe('Path on the ledger of the text, or of the version with all its texts when the text is not known.'),
})
const recipientRole = z.enum(['processor', 'joint-controller', 'controller'])

const processedPurpose = z.strictObject({
  purpose: z.strictObject({ purposeId: id, title: localised, description: localised }),
  lawfulBasis: z.enum(legalBases),
  interest: localised.optional(),
  piiInformation: z.array(
    z.strictObject({
      piiType: z.string(),
      form: z.enum(dataForms),
      specialPiiCategory: z.literal(true).optional(),
      sources: z.array(z.string()),
    }),
  ),
  piiControllers: z.array(z.string()),
  collectionMethod: z.array(z.enum(technologyKinds)).optional().describe('Kinds of technology.'),
  processingMethod: z
    .strictObject({ automatedDecision: z.boolean().optional(), profiling: z.boolean().optional() })
    .optional(),
  storageLocations: z.array(z.string()),
  retentionPeriod: z
    .string()
    .optional()
    .describe('ISO 8601: how long the data is kept. It does not apply to the proof.'),
  retentionCriterion: z.strictObject({ criterion: z.enum(retentionCriteria), text: localised }).optional(),
  atEnd: z.enum(['erase', 'de-identify']),
  jurisdiction: z.string(),
  recipientThirdParties: z.array(
    z.strictObject({
      partyId: z.string(),
      partyRole: recipientRole,
      country: z.string().optional(),
      region: z.enum(regions).optional(),
      transfer: z.string().optional(),
      forms: z.array(z.enum(dataForms)).optional(),
      reliesOnConsent: z.boolean(),
    }),
  ),
  withdrawalMethod: localised,
  privacyRights: z.array(z.enum(['withdraw-consent', 'object'])).optional(),
})

const piiProcessing = z.strictObject({
  privacyNotice,
  language: z.string().optional(),
  service: z.array(z.string()).optional(),
  authorityParty: z.string(),
  purposes: z.array(processedPurpose),
})

const party = z.strictObject({
  partyId: z.string(),
  partyName: z.string(),
  partyRole: z.enum([...recipientRole.options, 'authority']),
  partyType: z.string().optional(),
  partyAddress: z.string().optional(),
  country: z.string().optional(),
  partyContact: z.string().optional(),
  dataProtectionOfficer: z.string().optional(),
})

const recordEvent = z.strictObject({
  purposes: z.array(id).optional(),
  policyId: id.optional(),
  privacyNotice: privacyNotice.optional(),
  language: z.string().optional(),
  eventTime: z.iso.datetime(),
  validityDuration: z.string().optional(),
  entityId: z.string().optional(),
  entityRole: z.enum(['self', 'guardian', 'delegate', 'operator']),
  eventType: z.enum(['explicit', 'expressed', 'implied']).optional(),
  act: z.string().optional(),
  eventState: z
    .string()
    .describe('The state after this event alone; for consent a status of the Data Privacy Vocabulary (DPV).'),
})

export const consentRecord = z
  .strictObject({
    schemaVersion: z.literal('consent-record-27560@1'),
    recordId: z.string(),
    piiPrincipalId: z.string().describe('The pseudonym under which the ledger knows the person.'),
    piiProcessing: z.array(piiProcessing),
    partyIdentification: z.array(party),
    events: z.array(recordEvent),
  })
  .meta({ id: 'ConsentRecord', description: 'A record according to ISO/IEC TS 27560:2023. Unknown fields are absent.' })

export const inclusionPromise = z
  .strictObject({
    jws: z
      .string()
      .describe('Compact JWS of type consent-promise+jwt, signed with a key that is valid for a day at most.'),
    certificates: z
      .tuple([z.string(), z.string()])
      .describe(
        'Two compact JWS: the certificate of the receipt key, signed by the log’s key, and that of the signing key, signed by the receipt key.',
      ),
  })
  .meta({
    id: 'InclusionPromise',
    description: 'A signed promise that the log will have the leaf within maxDelay seconds.',
  })
