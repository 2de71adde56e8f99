/**
 * Steps `leaves`, `disclosures`, `identity` and `times`: opens each event as far as the question needs it. Every event must open covers,
 * times and who; one that covers the question must also open its decision, link, how and identity. If one of these is withheld, the proof
 * is undetermined. The same holds if events at the end of the file are not opened at all, because their evidence has expired or is withheld;
 * that is reported last.
 */

import { judgeTimes } from '../consent/effective-time.ts'
import {
  type EventTimes,
  type EventWho,
  type Identity,
  type PolicyLink,
  type RecordedDecision,
  type Target,
  targetId,
} from '../consent/event.ts'
import { sameValue } from '../consent/policy-versions.ts'
import { linkedType } from '../consent/proof-file.ts'
import type { StatusAnswer, UnopenedEvents } from '../consent/status-answer.ts'
import { type EventLeaf, openDisclosures, readEventLeaf } from './disclosures.ts'
import type { DisclosedHow } from './forms-event.ts'
import type { GivenProof } from './forms-proof.ts'
import { type Said, say } from './say.ts'
import { fail, type Log, missing, quote } from './verification.ts'

export interface ProvenEvent {
  /** Its name in sentences, e.g. `event 3`. */
  readonly what: Said
  readonly eventId: string
  readonly times: EventTimes
  readonly who: EventWho
  /** Present if the event covers the question. */
  readonly covering?: Covering
}

export interface Covering {
  /** Place of the decision among those of the event. */
  readonly part: number
  readonly decision: RecordedDecision
  readonly link: readonly PolicyLink[]
  readonly how: DisclosedHow
}

/** All leaves must have the form of event leaves and the same `sub`, and no leaf may occur twice. */
export function checkEventLeaves(proof: GivenProof, log: Log): EventLeaf[] {
  const { events } = proof
  const leaves = events.map(({ leaf }, i) => readEventLeaf(leaf, 'leaves', say('leaf-of-event', { number: i + 1 })))
  const [first] = leaves
  const stray = leaves.findIndex(({ sub }) => sub !== first?.sub)
  if (stray >= 0) fail('leaves', 'other-pseudonym', { number: stray + 1 })
  for (const { leaf } of unreadableLeaves(proof)) {
    const { sub } = readEventLeaf(leaf, 'leaves', say('leaf-of-unreadable-event'))
    if (sub !== (first?.sub ?? sub)) fail('leaves', 'unreadable-other-pseudonym')
  }
  if (new Set(events.map(({ leaf }) => leaf)).size !== events.length) fail('leaves', 'event-twice')
  if (leaves.length === 0) log.ok('leaves', 'no-event')
  else log.ok('leaves', 'event-leaves-exact', { count: leaves.length })
  return leaves
}

function unreadableLeaves({ unreadable = [] }: GivenProof): { readonly leaf: string }[] {
  return unreadable.flatMap((one) => ('leaf' in one && one.leaf !== undefined ? [{ leaf: one.leaf }] : []))
}

/** Counts the events at the end of the file that have no disclosures. */
export function unopenedIn({ events, expiredUntil }: GivenProof): UnopenedEvents {
  const opened = events.findLastIndex(({ disclosures }) => disclosures.length > 0) + 1
  return { expired: events.length - opened, ...(expiredUntil !== undefined && { expiredUntil }) }
}

/**
 * With unopened events the file is undetermined, neither valid nor invalid: its maker may have withheld disclosures whose keys still
 * exist.
 */
export function refuseUnopened({ expired = 0 }: UnopenedEvents, { sentence }: StatusAnswer): void {
  if (expired === 0) return
  missing('disclosures', 'events-not-opened', { count: expired, sentence })
}

/** Opens the events, except the `unopened` ones at the end of the file. */
export function openEvents(
  proof: GivenProof,
  leaves: readonly EventLeaf[],
  { expired = 0 }: UnopenedEvents,
  log: Log,
): ProvenEvent[] {
  const target: Target = targetOf(proof)
  const salts = new Set<string>()
  const others = new Set<string>()
  const identities: Identity[] = []
  const events = proof.events.slice(0, proof.events.length - expired).map(({ disclosures }, i): ProvenEvent => {
    const what = say('the-event', { number: i + 1 })
    const leaf = leaves[i] ?? fail('leaves', 'leaf-absent', { what })
    const claims = openDisclosures(disclosures, leaf, salts, what)
    const { times: stated, who } = claims
    if (stated === undefined || who === undefined)
      return missing('disclosures', 'withheld-whether-counts', { what, claim: stated ? 'field:who' : 'field:times' })
    if (claims.identity) identities.push(claims.identity)
    const { eventId, ...times } = stated
    const id = targetId(target)
    for (const covered of claims.covers) if (covered !== id) others.add(covered)
    if (!claims.covers.includes(id)) return { what, eventId, times, who }
    const decision = claims.decisions.get(id)
    const { link, how, identity } = claims
    // A linked subject's identifier stays closed: it goes by the link, whose sides name its pseudonym.
    const isNamed = identity !== undefined || proof.question.subject.type === linkedType
    if (!decision || !link || !how || !isNamed) {
      const withheld = !decision ? `decision:${id}` : !link ? 'field:link' : !how ? 'field:how' : 'field:identity'
      return missing('disclosures', 'withheld-decision', { what, id: quote(id), withheld })
    }
    return { what, eventId, times, who, covering: { part: claims.covers.indexOf(id), decision, link, how } }
  })
  const ids = new Set(events.map(({ eventId }) => eventId))
  if (ids.size !== events.length) fail('disclosures', 'event-id-twice')
  log.ok('disclosures', 'events-opened', { covering: events.filter((e) => e.covering).length, all: events.length })
  if (others.size > 0) {
    log.note('disclosures', 'others-closed', { count: others.size })
  }
  checkIdentities(proof, identities, log)
  return events
}

export function targetOf({ question }: GivenProof): Target {
  return question.purposeId === undefined ? { policyId: question.policyId ?? '' } : { purposeId: question.purposeId }
}

function checkIdentities({ question: { subject } }: GivenProof, identities: readonly Identity[], log: Log): void {
  const stray = identities.find((identity) => !sameValue(identity, subject))
  if (stray) {
    fail('identity', 'other-person', {
      type: quote(stray.type),
      id: quote(stray.id),
      askedType: quote(subject.type),
      askedId: quote(subject.id),
    })
  }
  if (subject.type === linkedType) return
  if (identities.length === 0) {
    log.note('identity', 'identity-unshown')
    return
  }
  const id = quote(subject.id)
  if (subject.type === 'device') log.ok('identity', 'device-as-asked', { id })
  else log.ok('identity', 'identifier-as-asked', { type: quote(subject.type), id })
}

/** Computes each effective time again from the stated times. Events must be in the order of their recording. */
export function checkTimes(events: readonly ProvenEvent[], log: Log): void {
  let before = ''
  for (const { what, times, who } of events) {
    const judged = judgeTimes({
      ...times,
      asserted: who.assurance === 'operator' || who.assurance === 'imported' || who.assurance === 'confirmed',
    })
    if (!sameValue(judged, times)) {
      fail('times', 'effective-time-differs', {
        what,
        effectiveAt: times.effectiveAt,
        verdict: times.verdict,
        rightAt: judged.effectiveAt,
        rightVerdict: judged.verdict,
      })
    }
    if (times.recordedAt < before) fail('times', 'events-out-of-order', { what })
    before = times.recordedAt
  }
  if (events.length > 0) log.ok('times', 'times-follow')
}
