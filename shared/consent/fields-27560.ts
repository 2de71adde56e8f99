/**
 * The fields of a consent record after ISO/IEC TS 27560:2023. `record-27560.ts` says what they are taken from; what the ledger does not know
 * is absent.
 */
import { regions } from './countries.ts'
import { actorRoles, grades } from './event.ts'
import { dataForms, legalBases, recipientRoles, retentionCriterion, technologyKinds } from './purpose.ts'
import {
  country,
  duration,
  extended,
  flag,
  id,
  instant,
  jurisdiction,
  list,
  locale,
  localised,
  oneOf,
  oneOfKnown,
  optional,
  place,
  record,
  sha256Hex,
  type TypeOf,
  versionName,
  word,
  wording,
} from './schema.ts'
import type { Status } from './status-answer.ts'

export const privacyNotice = record({
  policyId: id,
  version: versionName,
  /** Strength of the evidence that the person saw this text. */
  grade: oneOf(grades),
  /** Hash of the text, when it is known which one. */
  textSha256: optional(sha256Hex),
  /** Path on the ledger of the text or, when it is not known which one, of the version with all its texts. */
  url: wording,
})

const noticeShown = record({ privacyNotice, language: optional(locale) })
export interface NoticeShown extends TypeOf<typeof noticeShown> {}

export const piiInformation = record({
  piiType: wording,
  form: oneOfKnown(dataForms),
  /** GDPR art. 9. */
  specialPiiCategory: optional(flag),
  sources: list(wording),
})

export const recipientThirdParty = record({
  /** With its role it names the party: one party may have two. */
  partyId: wording,
  partyRole: oneOfKnown(recipientRoles),
  country: optional(country),
  region: optional(oneOfKnown(regions)),
  transfer: optional(wording),
  /** The forms of data that it gets; absent: all. */
  forms: optional(list(oneOfKnown(dataForms))),
  reliesOnConsent: flag,
})

export const processedPurpose = record({
  purpose: record({ purposeId: id, title: localised, description: localised }),
  lawfulBasis: oneOf(legalBases),
  interest: optional(localised),
  piiInformation: list(piiInformation),
  /** Party ids: the controller first, then those jointly with it. */
  piiControllers: list(wording),
  /** Kinds of technology that store or read on the device. */
  collectionMethod: optional(list(oneOfKnown(technologyKinds))),
  processingMethod: optional(record({ automatedDecision: optional(flag), profiling: optional(flag) })),
  storageLocations: list(place),
  /** How long the data is kept. The proof of the decision has a term of its own. */
  retentionPeriod: optional(duration),
  retentionCriterion: optional(retentionCriterion),
  atEnd: oneOfKnown(['erase', 'de-identify']),
  jurisdiction,
  recipientThirdParties: list(recipientThirdParty),
  withdrawalMethod: localised,
  privacyRights: optional(list(oneOf(['withdraw-consent', 'object']))),
})
export interface ProcessedPurpose extends TypeOf<typeof processedPurpose> {}

export const piiProcessing = extended(noticeShown, {
  /** Sites, apps and services that the policy covers. */
  service: optional(list(wording)),
  /** Party id of the supervisory authority. */
  authorityParty: wording,
  purposes: list(processedPurpose),
})
export interface PiiProcessing extends TypeOf<typeof piiProcessing> {}

export const party = record({
  partyId: wording,
  partyName: wording,
  partyRole: oneOf([...recipientRoles, 'authority']),
  /** What kind of recipient, as declared. */
  partyType: optional(wording),
  partyAddress: optional(wording),
  country: optional(country),
  partyContact: optional(wording),
  dataProtectionOfficer: optional(wording),
})
export interface Party extends TypeOf<typeof party> {}

const eventFields = record({
  eventTime: instant,
  /** How long a consent that counts stands. */
  validityDuration: optional(duration),
  /** The pseudonym, or the controller's id; absent for a person whom the ledger knows by role only. */
  entityId: optional(wording),
  entityRole: oneOf(actorRoles),
  /** DPV: explicitly expressed, expressed, implied. Absent when the act is not stated. */
  eventType: optional(oneOf(['explicit', 'expressed', 'implied'])),
  act: optional(wording),
  /** What this event amounts to by itself; for consent DPV's word. */
  eventState: word<Status>(),
})
export interface EventFields extends TypeOf<typeof eventFields> {}

export const consentRecordEvent = extended(
  record({
    purposes: optional(list(id)),
    /** A policy as a whole; its privacy notice stands here, since no processing rests on it. */
    policyId: optional(id),
    privacyNotice: optional(privacyNotice),
    language: optional(locale),
  }),
  eventFields.members,
)
export interface ConsentRecordEvent extends TypeOf<typeof consentRecordEvent> {}

export const consentRecord = record({
  schemaVersion: oneOf(['consent-record-27560@1']),
  recordId: wording,
  /** The pseudonym under which the ledger knows the person. */
  piiPrincipalId: wording,
  piiProcessing: list(piiProcessing),
  partyIdentification: list(party),
  events: list(consentRecordEvent),
})
export interface ConsentRecord extends TypeOf<typeof consentRecord> {}
