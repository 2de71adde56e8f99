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
import { count, fail, type Log, missing, quote } from './verification.ts'

export interface ProvenEvent {
  /** Its name in sentences, e.g. `event 3`. */
  readonly what: string
  readonly eventId: string
  readonly times: EventTimes
  readonly who: EventWho
  /** Present if the event covers the question. */
  readonly covering?: Covering
}

export interface Covering {
  readonly decision: RecordedDecision
  readonly link: readonly PolicyLink[]
  readonly how: DisclosedHow
}

/** All leaves must have the form of event leaves and the same `sub`, and no leaf may occur twice. */
export function checkEventLeaves(proof: GivenProof, log: Log): EventLeaf[] {
  const { events } = proof
  const leaves = events.map(({ leaf }, i) => readEventLeaf(leaf, 'leaves', `the leaf of event ${i + 1}`))
  const [first] = leaves
  const stray = leaves.findIndex(({ sub }) => sub !== first?.sub)
  if (stray >= 0) fail('leaves', `event ${stray + 1} is of another pseudonym (sub) than event 1`)
  for (const { leaf } of unreadableLeaves(proof)) {
    const { sub } = readEventLeaf(leaf, 'leaves', 'the leaf of an unreadable event')
    if (sub !== (first?.sub ?? sub)) fail('leaves', 'an unreadable event is of another pseudonym (sub) than event 1')
  }
  if (new Set(events.map(({ leaf }) => leaf)).size !== events.length) fail('leaves', 'one event is in the file twice')
  log.ok(
    'leaves',
    leaves.length === 0
      ? 'The file has no event of this person.'
      : `${count(leaves.length, 'event leaf has', 'event leaves have')} the exact bytes that their members make, all of one pseudonym (sub).`,
  )
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
  missing(
    'disclosures',
    `${count(expired, 'event is', 'events are')} in the log and not opened, because the evidence has expired or is withheld: what was decided there cannot be known. From the others: ${sentence}`,
  )
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
    const what = `event ${i + 1}`
    const leaf = leaves[i] ?? fail('leaves', `${what} has no leaf`)
    const claims = openDisclosures(disclosures, leaf, salts, what)
    const { times: stated, who } = claims
    if (stated === undefined || who === undefined)
      return missing(
        'disclosures',
        `${what} withholds ${stated ? 'field:who' : 'field:times'}: whether it counts cannot be known`,
      )
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
      return missing(
        'disclosures',
        `${what} decides on ${quote(id)} but withholds ${withheld}: what it amounts to cannot be known`,
      )
    }
    return { what, eventId, times, who, covering: { decision, link, how } }
  })
  const ids = new Set(events.map(({ eventId }) => eventId))
  if (ids.size !== events.length) fail('disclosures', 'two events have the same eventId')
  log.ok(
    'disclosures',
    `Every disclosure opens a digest that its leaf committed to, and every event says what it covers: ${events.filter((e) => e.covering).length} of ${events.length} cover the question.`,
  )
  if (others.size > 0) {
    log.note(
      'disclosures',
      `The same events also put ${count(others.size, 'other purpose or policy', 'other purposes or policies')} to the person; ${others.size === 1 ? 'its decision stays' : 'their decisions stay'} closed.`,
    )
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
    fail(
      'identity',
      `an event is of ${quote(stray.type)} ${quote(stray.id)}; the question is about ${quote(subject.type)} ${quote(subject.id)}`,
    )
  }
  if (subject.type === linkedType) return
  if (identities.length === 0) {
    log.note(
      'identity',
      'No event covers the question, so no event shows whom it is of: only that all have one pseudonym.',
    )
    return
  }
  const who =
    subject.type === 'device' ? 'the device secret with the SHA-256' : `the identifier of type ${quote(subject.type)}`
  log.ok('identity', `The events that cover the question are of ${who} ${quote(subject.id)}, as asked.`)
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
      fail(
        'times',
        `${what} is said to be effective at ${times.effectiveAt} (${times.verdict}); by the times that it states that is ${judged.effectiveAt} (${judged.verdict})`,
      )
    }
    if (times.recordedAt < before) fail('times', `${what} was recorded before the event listed before it`)
    before = times.recordedAt
  }
  if (events.length > 0) log.ok('times', 'The effective time of each event follows from the times that it states.')
}
