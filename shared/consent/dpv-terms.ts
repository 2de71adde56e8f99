/**
 * Terms of the Data Privacy Vocabulary, version 2.3 (https://w3id.org/dpv/2.3/dpv), for the ledger's own words. A word without a term of the
 * vocabulary has none here either: a nearby term would say something else.
 */
import type { RecordedEvent } from './event.ts'
import type { EventFields, ProcessedPurpose } from './fields-27560.ts'
import type { LegalBasis, Recipient } from './purpose.ts'
import type { Status } from './status-answer.ts'

export const dpvNamespace = 'https://w3id.org/dpv#'

export const dpvLegalBases: Readonly<Record<LegalBasis, string>> = {
  consent: 'dpv:Consent',
  contract: 'dpv:Contract',
  'legal-obligation': 'dpv:LegalObligation',
  'vital-interest': 'dpv:VitalInterest',
  'public-task': 'dpv:PublicInterest',
  'legitimate-interest': 'dpv:LegitimateInterest',
}

export const dpvRoles: Readonly<Record<Recipient['role'] | 'authority', string>> = {
  processor: 'dpv:DataProcessor',
  'joint-controller': 'dpv:JointDataControllers',
  controller: 'dpv:DataController',
  authority: 'dpv:DataProtectionAuthority',
}

/** Kinds of consent, by how it was indicated. */
export const dpvConsentTypes: Readonly<Record<NonNullable<EventFields['eventType']>, string>> = {
  explicit: 'dpv:ExplicitlyExpressedConsent',
  expressed: 'dpv:ExpressedConsent',
  implied: 'dpv:ImpliedConsent',
}

/** Who indicated a status. The ledger knows no more of a guardian or delegate than the role. */
export const dpvActors: Readonly<Record<RecordedEvent['who']['actor']['role'], string>> = {
  self: 'dpv:DataSubject',
  guardian: 'dpv:GuardianOfDataSubject',
  delegate: 'dpv:Representative',
  operator: 'dpv:DataController',
}

export const dpvRights: Readonly<Record<NonNullable<ProcessedPurpose['privacyRights']>[number], string>> = {
  'withdraw-consent': 'https://w3id.org/dpv/legal/eu/gdpr#A7-3',
  object: 'https://w3id.org/dpv/legal/eu/gdpr#A21',
}

export const dpvAtEnd: Readonly<Record<ProcessedPurpose['atEnd'], string>> = {
  erase: 'dpv:Erase',
  'de-identify': 'dpv:Deidentification',
}

const consentStates: Partial<Readonly<Record<Status, string>>> = {
  Unknown: 'dpv:ConsentUnknown',
  Requested: 'dpv:ConsentRequested',
  RequestDeferred: 'dpv:ConsentRequestDeferred',
  Refused: 'dpv:ConsentRefused',
  Given: 'dpv:ConsentGiven',
  RenewedGiven: 'dpv:RenewedConsentGiven',
  Withdrawn: 'dpv:ConsentWithdrawn',
  Expired: 'dpv:ConsentExpired',
  Revoked: 'dpv:ConsentRevoked',
  Invalidated: 'dpv:ConsentInvalidated',
}

const interestStates: Partial<Readonly<Record<Status, string>>> = {
  Uninformed: 'dpv:LegitimateInterestUninformed',
  Informed: 'dpv:LegitimateInterestInformed',
  NotObjected: 'dpv:LegitimateInterestNotObjected',
  Objected: 'dpv:LegitimateInterestObjected',
}

const informed: Partial<Readonly<Record<Status, string>>> = {
  Uninformed: 'dpv:DataSubjectUninformed',
  Informed: 'dpv:DataSubjectInformed',
  NotObjected: 'dpv:DataSubjectInformed',
}

/** What a state of a policy is for its notice. A refusal has no term. */
const noticeStates: Partial<Readonly<Record<Status, string>>> = {
  Shown: 'dpv:NoticeCommunicated',
  Acknowledged: 'dpv:NoticeUsed',
  Accepted: 'dpv:NoticeUsed',
}

/** The term for a state under a legal basis, or of a policy (no basis); `undefined` where the vocabulary has none. */
export function dpvStateOf(state: Status, basis: LegalBasis | undefined): string | undefined {
  if (basis === undefined) return noticeStates[state]
  if (basis === 'consent') return consentStates[state]
  if (basis === 'legitimate-interest') return interestStates[state]
  if (state === 'Objected' && basis === 'public-task') return 'dpv:PublicInterestObjected'
  if (state === 'Objected' && basis === 'vital-interest') return 'dpv:VitalInterestObjected'
  return informed[state]
}
