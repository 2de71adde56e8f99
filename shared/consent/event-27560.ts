/**
 * The event fields of ISO/IEC TS 27560 (`record-27560.ts` says which) for one decision: when, by whom, by what kind of act, and
 * what it amounts to. The status that a person has by all their events is the fold's to say.
 */

import type { Controller } from './controller.ts'
import { type DecisionEffect, isEvidenced, isExplicitAct, mayOperate } from './decision-effect.ts'
import { effectiveAtOf } from './effective-time.ts'
import { type PolicyLink, type RecordedDecision, type RecordedEvent, yesVerbs } from './event.ts'
import type { EventFields } from './fields-27560.ts'
import type { LegalBasis, Purpose } from './purpose.ts'
import type { Status } from './status-answer.ts'

/** The part of an event that its disclosures open. A verifier makes the same fields from it. */
export interface EventSource {
  readonly sub: string
  readonly controller: Pick<Controller, 'controller'>
  readonly event: Pick<RecordedEvent, 'times' | 'who' | 'how'>
}

/** What the fields take from the declaration of a purpose. */
export type DeclaredBasis = Pick<Purpose, 'legalBasis' | 'validity' | 'explicit'>

/** The fields of one decision. `link` is the link of its policy; `purpose` is the declaration that it decides on. */
export function eventFields(
  { event, sub, controller }: EventSource,
  decision: RecordedDecision,
  effect: DecisionEffect,
  link: PolicyLink | undefined,
  purpose: DeclaredBasis | undefined,
): EventFields {
  const { role } = event.who.actor
  const { act } = event.how
  const entityId = role === 'self' ? sub : role === 'operator' && mayOperate(event) ? controller.controller : undefined
  const eventType = eventTypeOf(decision, effect, event, purpose)
  const stands = effect.effect === 'yes' && purpose?.legalBasis === 'consent' ? purpose.validity : undefined
  return {
    eventTime: effectiveAtOf(event.times, yesVerbs.has(decision.verb)),
    ...(stands !== undefined && { validityDuration: stands }),
    ...(entityId !== undefined && { entityId }),
    entityRole: role,
    ...(eventType && { eventType }),
    ...(act !== undefined && act !== 'not-stated' && decision.derivedFrom === undefined && { act }),
    eventState: stateOf(decision, effect, link?.grade, purpose?.legalBasis),
  }
}

function eventTypeOf(
  { verb, derivedFrom }: RecordedDecision,
  effect: DecisionEffect,
  event: EventSource['event'],
  purpose: DeclaredBasis | undefined,
): EventFields['eventType'] {
  const { act } = event.how
  if (verb === 'requested' || verb === 'deferred') return undefined
  if (derivedFrom || act === 'continued-use' || act === 'browser-signal') return 'implied'
  if (effect.effect === 'none' && effect.reason === 'initially-on') return 'implied'
  if (act === undefined || act === 'not-stated') return undefined
  return purpose?.explicit && isExplicitAct(event) ? 'explicit' : 'expressed'
}

/**
 * The status that the fold would give a person with this event only, except that a withdrawal is called Withdrawn. A yes that still depends on
 * a confirmation or on a mandate is none yet.
 */
function stateOf(
  { purposeId, verb }: RecordedDecision,
  effect: DecisionEffect,
  grade: PolicyLink['grade'] | undefined,
  basis: LegalBasis | undefined,
): Status {
  const said = effect.effect === 'no' ? (effect.countsAs ?? verb) : verb
  if (purposeId === undefined) {
    if (effect.effect === 'none' || effect.effect === 'operator') return 'Unknown'
    if (effect.effect === 'shown') return 'Shown'
    if (effect.effect === 'no') return 'Declined'
    if (effect.effect === 'yes' && effect.reason) return 'Shown'
    return verb === 'accepted' ? 'Accepted' : 'Acknowledged'
  }
  if (basis === undefined || basis === 'consent') {
    if (effect.effect === 'shown') return verb === 'deferred' ? 'RequestDeferred' : 'Requested'
    if (effect.effect === 'yes') return effect.reason ? 'Requested' : 'Given'
    if (effect.effect === 'no') return said === 'withdrawn' ? 'Withdrawn' : 'Refused'
    if (effect.effect === 'none') return 'Unknown'
    return verb === 'confirmed' ? 'Given' : verb === 'revoked' ? 'Revoked' : 'Invalidated'
  }
  if (effect.effect === 'no') return 'Objected'
  if (effect.effect === 'operator') return 'NotObjected'
  if (effect.effect === 'yes') return effect.reason ? 'Informed' : 'NotObjected'
  if (effect.effect !== 'none') return 'Informed'
  const sawText = effect.reason === 'verb-does-not-fit' && yesVerbs.has(verb)
  return sawText && isEvidenced(grade) ? 'Informed' : 'Uninformed'
}
