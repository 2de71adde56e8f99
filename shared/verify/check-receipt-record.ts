/**
 * Compares the record of a receipt (`shared/consent/record-27560.ts`), which is the part that a person reads, with the disclosures of its
 * event: whose event it is, what was decided and when, by which act, under which version and text. What the record quotes
 * from the version (titles, recipients, retention) is in no disclosure. That part is checked only for consistency: the record lists each
 * party and purpose that it names.
 */

import * as z from 'zod'
import type { DecisionEffect } from '../consent/decision-effect.ts'
import { type PolicyLink, type RecordedDecision, targetId } from '../consent/event.ts'
import { type DeclaredBasis, eventFields } from '../consent/event-27560.ts'
import {
  type ConsentRecordEvent,
  consentRecord,
  type Party,
  type ProcessedPurpose,
  piiProcessing,
  privacyNotice,
} from '../consent/fields-27560.ts'
import { sameValue } from '../consent/policy-versions.ts'
import { legalBases } from '../consent/purpose.ts'
import { zodMembers } from '../consent/zod-schema.ts'
import type { OpenedClaims } from './disclosures.ts'
import { type GivenReceipt, parseForm } from './forms-proof.ts'
import { say } from './say.ts'
import { inProof, name, wording } from './scalars-in-proof.ts'
import { fail, quote } from './verification.ts'

/** The grade is compared with that of the link. */
const notice = z.strictObject({ ...zodMembers(privacyNotice.members, inProof), grade: name })
type Notice = z.output<typeof notice>

const names = z.array(name).max(1000)
const parties = z.array(wording).max(1000)

/** Outlines: of a purpose, a party and an event only what is compared here. A newer ledger may state more of each. */
const purposeOutline = z.looseObject({
  purpose: z.looseObject({ purposeId: name }),
  lawfulBasis: z.enum(legalBases),
  piiControllers: parties,
  recipientThirdParties: z.array(z.looseObject({ partyId: wording })).max(1000),
} satisfies Partial<Record<keyof ProcessedPurpose, z.ZodType>>)
const partyOutline = z.looseObject({ partyId: wording, partyRole: name } satisfies Partial<
  Record<keyof Party, z.ZodType>
>)
const eventOutline = z.looseObject({
  purposes: names.optional(),
  policyId: name.optional(),
  privacyNotice: notice.optional(),
  language: name.optional(),
  validityDuration: wording.optional(),
  eventType: wording.optional(),
} satisfies Partial<Record<keyof ConsentRecordEvent, z.ZodType>>)

const { privacyNotice: _notice, purposes: _purposes, ...processing } = piiProcessing.members
const { piiProcessing: _processing, partyIdentification: _parties, events: _events, ...header } = consentRecord.members

const form = z.strictObject({
  ...zodMembers(header, inProof),
  piiProcessing: z
    .array(
      z.strictObject({
        ...zodMembers(processing, inProof, { service: parties.optional() }),
        privacyNotice: notice,
        purposes: z.array(purposeOutline).max(1000),
      }),
    )
    .max(1000),
  partyIdentification: z.array(partyOutline).max(10_000),
  events: z.array(eventOutline).max(1000),
})
type Record27560 = z.output<typeof form>

export function checkRecord(receipt: GivenReceipt, claims: OpenedClaims, sub: string): void {
  const record = parseForm(form, receipt.record, 'record', say('the-record'))
  const agree = (member: string, isSame: boolean) => {
    if (!isSame) fail('record', 'record-differs', { member })
  }
  agree('recordId', record.recordId === receipt.receiptId)
  agree('piiPrincipalId', record.piiPrincipalId === sub)
  record.piiProcessing.forEach((processing, i) => {
    const where = `piiProcessing.${i}`
    checkNotice(receipt, claims, processing, (member, isSame) => agree(`${where}.${member}`, isSame))
    const ids = processing.purposes.map(({ purpose }) => purpose.purposeId)
    agree(`${where}.purposes`, ids.length > 0 && ids.every((id) => isDecided(claims, id)))
  })
  const all = record.piiProcessing.flatMap(({ purposes }) => purposes.map(({ purpose }) => purpose.purposeId))
  agree('piiProcessing', new Set(all).size === all.length)
  checkParties(receipt, record, agree)
  checkEvents(receipt, claims, sub, record, agree)
}

type Agree = (member: string, isSame: boolean) => void

const isDecided = ({ decisions }: OpenedClaims, id: string) => decisions.get(id)?.purposeId === id

/** The notice must name a version of the link, the link's grade, and, for a text, the one that was shown. */
function checkNotice(
  { controller }: GivenReceipt,
  claims: OpenedClaims,
  { privacyNotice: given, language }: { readonly privacyNotice: Notice; readonly language?: string | undefined },
  agree: Agree,
): void {
  const link = claims.link?.find(({ policyId }) => policyId === given.policyId)
  agree('privacyNotice.policyId', link !== undefined)
  agree('privacyNotice.version', given.version === link?.shown || given.version === link?.inForce)
  agree('privacyNotice.grade', given.grade === link?.grade)
  const isShown = given.version === link?.shown
  agree('privacyNotice.textSha256', !isShown || isTextOf(link, given))
  agree('language', !isShown || link?.locale === undefined || language === undefined || language === link.locale)
  const version = `/v1/controllers/${controller}/policies/${given.policyId}/versions/${given.version}`
  agree('privacyNotice.url', given.url === (given.textSha256 ? `/v1/texts/${given.textSha256}` : version))
}

function isTextOf(link: PolicyLink | undefined, { textSha256 }: Notice): boolean {
  return link?.textSha256 === undefined || textSha256 === undefined || textSha256 === link.textSha256
}

function checkParties({ controller }: GivenReceipt, record: Record27560, agree: Agree): void {
  const parties = record.partyIdentification
  const isListed = (id: string) => parties.some(({ partyId }) => partyId === id)
  const controllers = parties.filter(({ partyRole }) => partyRole === 'controller')
  agree(
    'partyIdentification',
    controllers.some(({ partyId }) => partyId === controller),
  )
  record.piiProcessing.forEach(({ authorityParty, purposes }, i) => {
    const isAuthority = parties.some(
      ({ partyId, partyRole }) => partyRole === 'authority' && partyId === authorityParty,
    )
    agree(`piiProcessing.${i}.authorityParty`, isAuthority)
    for (const { piiControllers, recipientThirdParties } of purposes) {
      agree(`piiProcessing.${i}.purposes`, piiControllers.includes(controller) && piiControllers.every(isListed))
      agree(
        `piiProcessing.${i}.purposes`,
        recipientThirdParties.every(({ partyId }) => isListed(partyId)),
      )
    }
  })
}

/** Each decision must be in exactly one event of the record, with the fields that `shared/consent` computes. No disclosure has its duration. */
function checkEvents(
  receipt: GivenReceipt,
  claims: OpenedClaims,
  sub: string,
  record: Record27560,
  agree: Agree,
): void {
  const { times, who, how } = claims
  if (times === undefined || who === undefined || how === undefined) return
  const source = { sub, controller: { controller: receipt.controller }, event: { times, who, how } }
  const listed = record.events.flatMap(({ purposes = [], policyId }) => [
    ...purposes,
    ...(policyId === undefined ? [] : [`policy/${policyId}`]),
  ])
  agree('events', sameValue([...listed].sort(), [...claims.covers].sort()))
  for (const [i, event] of record.events.entries()) {
    const { purposes = [], policyId, privacyNotice, language, ...fields } = event
    for (const id of policyId === undefined ? purposes : [`policy/${policyId}`]) {
      const decision = claims.decisions.get(id)
      if (decision === undefined) fail('record', 'record-undecided', { i, id: quote(id) })
      const link = linkFor(claims, record, decision)
      const effect = effectAt(receipt, claims.covers.indexOf(id))
      agree(
        `events.${i}`,
        sameValue(fields, eventFields(source, decision, effect, link, declaredIn(record, id, event))),
      )
    }
    if (privacyNotice)
      checkNotice(receipt, claims, { privacyNotice, language }, (member, isSame) =>
        agree(`events.${i}.${member}`, isSame),
      )
  }
}

/** The basis that the record declares for the purpose, with the event's own duration and explicitness. */
function declaredIn(
  record: Record27560,
  id: string,
  { validityDuration, eventType }: Record27560['events'][number],
): DeclaredBasis | undefined {
  const declared = record.piiProcessing
    .flatMap(({ purposes }) => purposes)
    .find(({ purpose }) => purpose.purposeId === id)
  return (
    declared && {
      legalBasis: declared.lawfulBasis,
      explicit: eventType === 'explicit',
      ...(validityDuration !== undefined && { validity: validityDuration }),
    }
  )
}

function linkFor(claims: OpenedClaims, record: Record27560, decision: RecordedDecision): PolicyLink | undefined {
  const id = targetId(decision)
  const under = record.piiProcessing.find(({ purposes }) => purposes.some(({ purpose }) => purpose.purposeId === id))
  const policyId = decision.policyId ?? under?.privacyNotice.policyId
  return claims.link?.find((link) => link.policyId === policyId)
}

function effectAt({ decisions }: GivenReceipt, index: number): DecisionEffect {
  const { effect, countsAs, reason } = decisions[index] ?? {}
  return {
    effect,
    ...(countsAs !== undefined && { countsAs }),
    ...(reason !== undefined && { reason }),
  } as DecisionEffect
}
