/**
 * The consent record of one event after ISO/IEC TS 27560:2023, as the receipt carries it. A pure function of the event and of what
 * was published when it was recorded; field names are those of the specification as the W3C DPV guide "Consent Records and
 * Receipts as per ISO/IEC TS 27560" lists them, in camel case. Fields that the ledger does not know are absent.
 *
 *   header      schema version, record id (the receipt's), PII principal id (the pseudonym `sub`)
 *   processing  for each privacy notice (the version shown, or in force if none) with its language and service (the version's scope) and
 *               the authority party: the purposes decided on, as that version declares them: purpose, lawful basis, PII
 *               information with sources, PII controllers, collection method (kinds of technology), processing method (automated
 *               decisions), storage locations, retention period or criterion (of the data), jurisdiction, recipient third parties, withdrawal method,
 *               privacy rights (those that follow from the basis)
 *   parties     id, name, address, contact and role of the controller; id, name, type and role of each recipient; the authority
 *   event       time, validity duration, entity id, event type, event state; purposes with equal values share one
 *
 * Not known here: purpose type, PII attribute id and optionality, processing locations and geographic restrictions other than a
 * transfer's safeguard, codes of conduct, impact assessment, address and contact of recipients.
 */
import type { Controller } from './controller.ts'
import type { DecisionEffect } from './decision-effect.ts'
import type { PolicyLink, RecordedDecision, RecordedEvent } from './event.ts'
import { eventFields } from './event-27560.ts'
import type {
  ConsentRecord,
  ConsentRecordEvent,
  EventFields,
  NoticeShown,
  Party,
  PiiProcessing,
  ProcessedPurpose,
} from './fields-27560.ts'
import { textNamed } from './link.ts'
import { findPurpose, type PolicyVersion } from './policy.ts'
import { declaredPurpose } from './processing-27560.ts'

export interface RecordSource {
  readonly recordId: string
  readonly sub: string
  readonly controller: Controller
  readonly event: RecordedEvent
  /** The effect of each decision, in the order of the decisions. */
  readonly effects: readonly DecisionEffect[]
  readonly versionNamed: (policyId: string, version: string) => PolicyVersion | undefined
  /** The policy that a decision is about. */
  readonly policyOf: (decision: RecordedDecision) => string | undefined
}

export function consentRecord(source: RecordSource): ConsentRecord {
  const { recordId, sub, controller, event, effects } = source
  const processing = new Map<PolicyVersion, PiiProcessing & { readonly purposes: ProcessedPurpose[] }>()
  const parties = new Map<string, Party>()
  const policyEvents: ConsentRecordEvent[] = []
  const purposeEvents = new Map<string, EventFields & { readonly purposes: string[] }>()
  for (const [i, decision] of event.decisions.entries()) {
    const effect = effects[i] ?? { effect: 'none', reason: 'no-version' }
    const link = event.link.find((l) => l.policyId === source.policyOf(decision))
    if (decision.purposeId === undefined) {
      const [version] = versionsOf(source, link)
      const notice = link && version && noticeShown(controller, link, version)
      const { policyId } = decision
      policyEvents.push({ policyId, ...notice, ...eventFields(source, decision, effect, link, undefined) })
      continue
    }
    const { purposeId } = decision
    const version = versionsOf(source, link).find((v) => findPurpose(v, purposeId))
    const purpose = findPurpose(version, purposeId)
    if (link && version && purpose) {
      const ofNotice = processing.get(version) ?? processingUnder(controller, link, version)
      processing.set(version, ofNotice)
      const declared = declaredPurpose(controller.controller, version, purpose, ofNotice.language)
      ofNotice.purposes.push(declared.purpose)
      for (const [key, party] of declared.recipients) parties.set(key, party)
    }
    const fields = eventFields(source, decision, effect, link, purpose)
    const same = JSON.stringify(fields)
    const alike = purposeEvents.get(same)
    if (alike) alike.purposes.push(purposeId)
    else purposeEvents.set(same, { purposes: [purposeId], ...fields })
  }
  return {
    schemaVersion: 'consent-record-27560@1',
    recordId,
    piiPrincipalId: sub,
    piiProcessing: [...processing.values()],
    partyIdentification: [...controllerParties(controller), ...parties.values()],
    events: [...policyEvents, ...purposeEvents.values()],
  }
}

function processingUnder(controller: Controller, link: PolicyLink, version: PolicyVersion) {
  return {
    ...noticeShown(controller, link, version),
    ...(version.scope.length > 0 && { service: version.scope }),
    authorityParty: controller.supervisoryAuthority,
    purposes: [] as ProcessedPurpose[],
  }
}

/** The version shown first, then the one in force. */
function versionsOf({ versionNamed }: RecordSource, link: PolicyLink | undefined): PolicyVersion[] {
  if (link === undefined) return []
  return [link.shown, link.inForce]
    .map((name) => (name === undefined ? undefined : versionNamed(link.policyId, name)))
    .filter((version) => version !== undefined)
}

function noticeShown({ controller }: Controller, link: PolicyLink, version: PolicyVersion): NoticeShown {
  const text = textNamed(link, version)
  const path = `/v1/controllers/${controller}/policies/${version.policyId}/versions/${version.version}`
  const notice = { policyId: version.policyId, version: version.version, grade: link.grade }
  return text
    ? {
        privacyNotice: { ...notice, textSha256: text.sha256, url: `/v1/texts/${text.sha256}` },
        language: text.locale,
      }
    : { privacyNotice: { ...notice, url: path } }
}

function controllerParties({ controller, name, address, country, contact, ...more }: Controller): Party[] {
  return [
    {
      partyId: controller,
      partyName: name,
      partyAddress: address,
      country,
      partyContact: contact,
      dataProtectionOfficer: more.dataProtectionOfficer,
      partyRole: 'controller',
    },
    { partyId: more.supervisoryAuthority, partyName: more.supervisoryAuthority, partyRole: 'authority' },
  ]
}
