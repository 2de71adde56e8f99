/**
 * Double opt-in, second half: confirms by the link in a letter.
 *
 * The link confirms the yes of one event, and only while that yes still waits: a no, a revocation or an invalidation after it has ended it, and so
 * has the erasure of the person. This is looked up before the confirmation is recorded, and again by every status (`consent/fold-consent.ts`), so
 * a no that arrives at the same time or later overrides it. The confirmation is an event of its own, whose id follows from the event: all
 * letters of an event lead to one.
 */
import type { ClientEvent } from '../../consent/client-event.ts'
import { statusOf } from '../../consent/status.ts'
import type { FoldEvent, NoEffectReason } from '../../consent/status-answer.ts'
import { type EventsRead, historyOf, readEvents } from '../answers/answers-for-subject.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { recordEvents } from '../recording/record-events.ts'
import { receiptIdOf } from '../recording/sealed-event.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { storedSubject } from '../vault/vault.ts'
import { type ConfirmationGrant, letterEventId } from './letter-tokens.ts'
import { queryNobody } from './query-nobody.ts'
import { answeredByLetter, type LetterTransport } from './unsubscribe.ts'

/**
 * `confirmed-before`: by this link or another. `ended`: the link is too old, its yes waits no longer, or its person is not known any more. Only
 * `confirmed` recorded something.
 */
export type ConfirmationOutcome = 'confirmed' | 'confirmed-before' | 'ended'

/** Reasons why a confirmation has no effect yet, or no longer, although its yes waited for it. It is recorded all the same: the person acted. */
const recordedWithoutEffect: ReadonlySet<NoEffectReason> = new Set([
  'text-not-yet-in-force',
  'outdated-text',
  'validity-ended',
])

type Yes = Pick<ConfirmationGrant, 'subject' | 'purposes' | 'eventId'>

/** @throws LedgerError when it could not be recorded */
export async function confirmByLetter(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  grant: ConfirmationGrant,
  transport: LetterTransport,
): Promise<ConfirmationOutcome> {
  const { subject, site, eventId } = grant
  const now = timestamp(ledger.clock)
  const read = await eventsOf(ledger, snapshot, grant, now)
  const confirmationId = confirmationIdOf(snapshot, grant)
  if (read?.opened.some(({ event }) => event.eventId === confirmationId)) return 'confirmed-before'
  const yes = read?.opened.find(({ event }) => event.eventId === eventId)
  if (read === undefined || yes === undefined || now >= grant.expiresAt) return 'ended'
  const waiting = await stillWaiting(ledger, snapshot, grant, read, now)
  if (waiting.length === 0) return (await allStand(ledger, snapshot, grant, read, now)) ? 'confirmed-before' : 'ended'
  const ground = `link in the letter about receipt ${receiptIdOf(yes.key)}`
  const event: ClientEvent = {
    eventId: confirmationId,
    occurredAt: now,
    decisions: waiting.map((purposeId) => ({ purposeId, verb: 'confirmed', ground })),
    ...answeredByLetter(subject.type),
  }
  const received = {
    event,
    identity: subject,
    assurance: 'confirmed',
    announcedNew: false,
    site,
    ...transport,
  } as const
  const { outcomes } = await recordEvents(ledger, snapshot, [received])
  const [outcome] = outcomes
  if (outcome?.outcome !== 'refused') return 'confirmed'
  // Another request with the link was faster.
  if (outcome.error.code === 'event-conflict') return 'confirmed-before'
  throw outcome.error
}

/** The purposes of an event whose yes still awaits its confirmation. */
export async function waitingPurposes(ledger: Ledger, snapshot: ControllerSnapshot, yes: Yes): Promise<string[]> {
  const now = timestamp(ledger.clock)
  const read = await eventsOf(ledger, snapshot, yes, now)
  return read === undefined ? [] : stillWaiting(ledger, snapshot, yes, read, now)
}

async function eventsOf(ledger: Ledger, snapshot: ControllerSnapshot, { subject }: Yes, now: string) {
  const scope = vaultScope(snapshot)
  const stored = await storedSubject(ledger, scope, subject)
  return stored ? readEvents(ledger, snapshot, subject, now, stored) : queryNobody(ledger.entries, scope.controller)
}

/**
 * Asks the fold what a confirmation would do now, with no other yes than this one. Another yes that waits has a letter of its own, and must not make
 * this link work again after this yes was ended.
 */
async function stillWaiting(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  yes: Yes,
  { opened }: EventsRead,
  now: string,
): Promise<string[]> {
  const confirmationId = confirmationIdOf(snapshot, yes)
  const histories = await Promise.all(yes.purposes.map((purposeId) => historyOf(ledger, snapshot, { purposeId })))
  return yes.purposes.filter((purposeId, i) => {
    const history = histories[i]
    if (history === undefined) return false
    const others = opened.filter(({ event }) => event.eventId === yes.eventId || !hasYes(event, purposeId))
    const events = [...others, confirmationAt(now, confirmationId, purposeId)]
    const { withoutEffect } = statusOf({ purposeId, at: now, knownAt: now }, events, history)
    const without = withoutEffect.find((each) => each.eventId === confirmationId)
    return without === undefined || recordedWithoutEffect.has(without.reason)
  })
}

async function allStand(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { purposes }: Yes,
  { opened }: EventsRead,
  now: string,
): Promise<boolean> {
  const histories = await Promise.all(purposes.map((purposeId) => historyOf(ledger, snapshot, { purposeId })))
  return histories.every(
    (history, i) => statusOf({ purposeId: purposes[i], at: now, knownAt: now }, opened, history).permittedByConsent,
  )
}

const hasYes = ({ decisions }: FoldEvent['event'], purposeId: string) =>
  decisions.some((each) => each.purposeId === purposeId && each.verb === 'given')

function confirmationAt(now: string, eventId: string, purposeId: string): FoldEvent {
  return {
    event: {
      eventId,
      decisions: [{ purposeId, verb: 'confirmed' }],
      times: { occurredAt: now, recordedAt: now, effectiveAt: now, verdict: 'asserted' },
      who: { actor: { role: 'self' }, assurance: 'confirmed' },
      link: [],
      how: {},
    },
  }
}

/** The same for all letters of the event, whatever spelling of the address each has. */
function confirmationIdOf(snapshot: ControllerSnapshot, { eventId }: Yes): string {
  return letterEventId(vaultScope(snapshot), ['confirm', eventId])
}
