/**
 * A receipt as JSON-LD (https://www.w3.org/TR/json-ld11/) in the terms of the Data Privacy Vocabulary, after its guide "Consent Records and
 * Receipts as per ISO/IEC TS 27560" (https://w3id.org/dpv/guides/consent-27560). It says what the receipt's 27560 record says; leaf, disclosures
 * and promise stay with the receipt, so this form is no evidence.
 *
 * A purpose is a `dpv:Process` with what was declared of it, and one status for each decision of the event on it. What the vocabulary has no
 * term for is in a `dct:title` in the ledger's own word.
 */
import {
  dpvActors,
  dpvAtEnd,
  dpvConsentTypes,
  dpvLegalBases,
  dpvNamespace,
  dpvRights,
  dpvRoles,
  dpvStateOf,
} from './dpv-terms.ts'
import type {
  ConsentRecord,
  ConsentRecordEvent,
  NoticeShown,
  Party,
  PiiProcessing,
  ProcessedPurpose,
} from './fields-27560.ts'
import { byLanguage } from './json-ld-text.ts'
import type { LegalBasis } from './purpose.ts'
import type { Receipt } from './receipt-file.ts'

const context = {
  dpv: dpvNamespace,
  dct: 'http://purl.org/dc/terms/',
  loc: 'https://w3id.org/dpv/loc#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
}

const schemas = 'https://w3id.org/dpv/schema/dpv-27560'

type Node = Readonly<Record<string, unknown>>

export function receiptAsJsonLd({ receiptId, times, record }: Pick<Receipt, 'receiptId' | 'times' | 'record'>): Node {
  const [controller] = record.partyIdentification
  return {
    '@context': context,
    '@type': 'dpv:ConsentReceipt',
    'dct:identifier': receiptId,
    'dct:conformsTo': { '@id': `${schemas}#receipt` },
    'dct:created': instant(times.recordedAt),
    ...(controller && { 'dct:publisher': reference(controller) }),
    'dpv:hasRecordOfActivity': {
      '@type': 'dpv:ConsentRecord',
      'dct:identifier': record.recordId,
      'dct:conformsTo': { '@id': `${schemas}#record` },
      'dpv:hasDataSubject': { '@type': 'dpv:DataSubject', 'dct:identifier': record.piiPrincipalId },
      ...(controller && { 'dpv:hasDataController': reference(controller) }),
      'dpv:hasEntity': record.partyIdentification.map(partyNode),
      'dpv:hasProcess': [
        ...record.piiProcessing.flatMap((processing) =>
          processing.purposes.map((purpose) => processNode(processing, purpose, record.events)),
        ),
        ...undeclaredProcesses(record),
      ],
      'dpv:hasNotice': record.events.flatMap((event) => (event.policyId === undefined ? [] : [policyNode(event)])),
    },
  }
}

function processNode(processing: PiiProcessing, declared: ProcessedPurpose, events: readonly ConsentRecordEvent[]) {
  const { purpose, lawfulBasis, privacyRights, interest, processingMethod } = declared
  const automated = [
    ...(processingMethod?.automatedDecision ? [id('dpv:AutomatedDecisionMaking')] : []),
    ...(processingMethod?.profiling ? [id('dpv:Profiling')] : []),
  ]
  return {
    '@type': 'dpv:Process',
    'dct:identifier': purpose.purposeId,
    'dpv:hasPurpose': {
      '@type': 'dpv:Purpose',
      'dct:title': byLanguage(purpose.title),
      'dct:description': byLanguage(purpose.description),
    },
    'dpv:hasLegalBasis': {
      '@type': dpvLegalBases[lawfulBasis],
      ...(interest && { 'dct:description': byLanguage(interest) }),
    },
    'dpv:hasNotice': noticeNode(processing),
    ...(processing.service && { 'dpv:hasService': processing.service }),
    'dpv:hasPersonalData': declared.piiInformation.map(({ piiType, specialPiiCategory, sources }) => ({
      '@type': specialPiiCategory ? 'dpv:SpecialCategoryPersonalData' : 'dpv:PersonalData',
      'dct:title': piiType,
      'dpv:hasDataSource': sources,
    })),
    'dpv:hasDataController': declared.piiControllers.map((party, i) =>
      id(fragment(party, i === 0 ? 'controller' : 'joint-controller')),
    ),
    'dpv:hasRecipient': declared.recipientThirdParties.map((recipient) => ({
      ...id(fragment(recipient.partyId, recipient.partyRole)),
      ...(recipient.country !== undefined && { 'dpv:hasLocation': place(recipient.country) }),
      ...(recipient.region !== undefined && { 'dpv:hasLocation': place(recipient.region) }),
    })),
    'dpv:hasStorageCondition': storageNodes(declared),
    ...(automated.length > 0 && { 'dpv:hasProcessing': automated }),
    'dpv:hasJurisdiction': place(declared.jurisdiction),
    ...(lawfulBasis === 'consent' && {
      'dpv:hasConsentControl': {
        '@type': 'dpv:WithdrawConsent',
        'dct:description': byLanguage(declared.withdrawalMethod),
      },
    }),
    ...(privacyRights && {
      'dpv:hasRight': privacyRights.map((right) => ({ '@type': ['dpv:DataSubjectRight', dpvRights[right]] })),
    }),
    [lawfulBasis === 'consent' ? 'dpv:hasConsentStatus' : 'dpv:hasStatus']: events
      .filter(({ purposes }) => purposes?.includes(purpose.purposeId))
      .map((event) => statusNode(event, lawfulBasis)),
  }
}

/** Purposes of which no version at hand says what is done. The decision stands all the same. */
function undeclaredProcesses({ piiProcessing, events }: ConsentRecord): Node[] {
  const declared = new Set(piiProcessing.flatMap(({ purposes }) => purposes.map(({ purpose }) => purpose.purposeId)))
  return events.flatMap((event) =>
    (event.purposes ?? [])
      .filter((purposeId) => !declared.has(purposeId))
      .map((purposeId) => ({
        '@type': 'dpv:Process',
        'dct:identifier': purposeId,
        'dpv:hasConsentStatus': [statusNode(event, 'consent')],
      })),
  )
}

function storageNodes(declared: ProcessedPurpose): Node[] {
  const { storageLocations, retentionPeriod, retentionCriterion, atEnd } = declared
  return [
    { '@type': 'dpv:StorageLocation', 'dpv:hasLocation': storageLocations.map(place) },
    ...(retentionPeriod === undefined
      ? []
      : [{ '@type': 'dpv:StorageDuration', 'dpv:hasDuration': duration(retentionPeriod) }]),
    ...(retentionCriterion === undefined
      ? []
      : [
          {
            '@type': 'dpv:StorageDuration',
            'dpv:hasDuration': {
              '@type': 'dpv:UntilEventDuration',
              'dct:title': retentionCriterion.criterion,
              'dct:description': byLanguage(retentionCriterion.text),
            },
          },
        ]),
    { '@type': 'dpv:StorageDeletion', 'dpv:hasProcessing': id(dpvAtEnd[atEnd]) },
  ]
}

function statusNode(event: ConsentRecordEvent, basis: LegalBasis | undefined): Node {
  const { eventState, eventType, eventTime, act, entityRole, validityDuration } = event
  const types = [
    dpvStateOf(eventState, basis) ?? 'dpv:Status',
    ...(basis === 'consent' && eventType !== undefined ? [dpvConsentTypes[eventType]] : []),
  ]
  return {
    '@type': types,
    'dct:title': eventState,
    'dpv:isIndicatedBy': { '@type': dpvActors[entityRole] },
    'dpv:isIndicatedAtTime': instant(eventTime),
    ...(act !== undefined && { 'dpv:hasIndicationMethod': act }),
    ...(validityDuration !== undefined && { 'dpv:hasDuration': duration(validityDuration) }),
  }
}

/** A policy that the event is about as a whole. */
function policyNode(event: ConsentRecordEvent): Node {
  const { policyId, privacyNotice, language } = event
  return {
    ...(privacyNotice ? noticeNode({ privacyNotice, ...(language !== undefined && { language }) }) : {}),
    '@type': 'dpv:Notice',
    'dct:identifier': policyId,
    'dpv:hasNoticeStatus': statusNode(event, undefined),
  }
}

function noticeNode({ privacyNotice, language }: NoticeShown): Node {
  const { policyId, version, url } = privacyNotice
  return {
    '@id': url,
    '@type': 'dpv:PrivacyNotice',
    'dct:identifier': policyId,
    'dct:hasVersion': version,
    ...(language !== undefined && { 'dct:language': language }),
  }
}

function partyNode({ partyId, partyName, partyRole, partyAddress, partyContact, country }: Party): Node {
  return {
    ...id(fragment(partyId, partyRole)),
    '@type': dpvRoles[partyRole],
    'dpv:hasName': partyName,
    ...(partyAddress !== undefined && { 'dpv:hasAddress': partyAddress }),
    ...(partyContact !== undefined && { 'dpv:hasContact': partyContact }),
    ...(country !== undefined && { 'dpv:hasCountry': place(country) }),
  }
}

const reference = ({ partyId, partyRole }: Party) => id(fragment(partyId, partyRole))

/** One party may have two roles, and then is two entities here. */
function fragment(partyId: string, role: string): string {
  return `#${encodeURIComponent(`${role}/${partyId}`)}`
}

function id(iri: string): { readonly '@id': string } {
  return { '@id': iri }
}

/** The vocabulary has each country and `EEA` under its code, but not each subdivision, nor the whole world. */
function place(code: string): Node {
  const isTerm = /^[A-Z]{2,3}$/.test(code)
  return { ...(isTerm && id(`loc:${code}`)), '@type': 'dpv:Location', 'dct:identifier': code }
}

function duration(value: string): Node {
  return { '@type': 'dpv:TemporalDuration', 'rdf:value': { '@value': value, '@type': 'xsd:duration' } }
}

function instant(value: string): Node {
  return { '@value': value, '@type': 'xsd:dateTime' }
}
