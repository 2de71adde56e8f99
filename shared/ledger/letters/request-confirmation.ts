/**
 * Double opt-in, first half: records a yes that awaits its confirmation, and hands a letter with a link to the outbox.
 *
 * A crash before the event is recorded leaves nothing. One between the event and the letter leaves a yes without a letter and without an
 * answer: the caller repeats the request, which finds the event and hands the letter over. So the letter was handed over before any answer.
 *
 * Letters of one event have ids by its age (`windowsMs`), so that a repeated request within a window is the same letter. A person gets letters
 * for at most `maxRequests` events a day, whatever the purposes. This is looked up before an event is recorded, and once more after it: of
 * requests at the same instant each then sees all that were recorded before it, so they cannot exceed the limit together.
 */
import type { Decision } from '../../consent/client-event.ts'
import { noVerbs } from '../../consent/event.ts'
import { LedgerError } from '../../errors.ts'
import { readEvents } from '../answers/answers-for-subject.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { acknowledge } from '../recording/issue-receipts.ts'
import { recordEvents } from '../recording/record-events.ts'
import type { ReceivedEvent } from '../recording/recorded-event.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { storedSubject } from '../vault/vault.ts'
import { waitingPurposes } from './confirm-by-letter.ts'
import { type ConfirmationGrant, letterEventId, maxLetterPurposes, sealLetterToken } from './letter-tokens.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** How long a link works after its event was recorded, whichever letter brought it. */
export const confirmableMs = 2 * dayMs
/** Ages of an event at which another letter may be asked for. */
const windowsMs = [0, 10 * minuteMs, hourMs, 6 * hourMs, dayMs]
const maxRequests = 5

export interface Requested {
  readonly outcome: 'recorded' | 'replayed'
  readonly acknowledgement: ReturnType<typeof acknowledge>
  /** Absent when nothing awaits a confirmation. */
  readonly letter?: LetterFacts
}

/** The parts of a letter that the ledger decides. */
export interface LetterFacts {
  readonly id: string
  readonly token: string
  readonly purposes: readonly string[]
  readonly expiresAt: string
  /** RFC 3339: from then on the same request sends another letter; absent when it sends none. */
  readonly againAfter?: string
}

/**
 * Records the event. The caller hands the letter over before it answers.
 *
 * @throws LedgerError `invalid-request` for more purposes than one letter can ask for; `rate-limited` before anything is recorded. An event with a no,
 * or one of several at the same instant, is recorded all the same, without a letter
 */
export async function requestConfirmation(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  received: ReceivedEvent,
): Promise<Requested> {
  const scope = vaultScope(snapshot)
  const { decisions } = received.event
  // One link confirms all of an event, and its token has room for so many.
  if (decisions.filter((one) => asksToConfirm(snapshot, [one])).length > maxLetterPurposes)
    throw new LedgerError('invalid-request', 'the event has more purposes than one letter can ask for', {
      field: '/decisions',
      allowed: `at most ${maxLetterPurposes} purposes that need a confirmation`,
    })
  const isRefusable = asksToConfirm(snapshot, decisions) && !decisions.some(({ verb }) => noVerbs.has(verb))
  if (isRefusable) await refuseTooMany(ledger, snapshot, received, 'nothing was recorded')
  const { outcomes, snapshot: current } = await recordEvents(ledger, snapshot, [received])
  const [done] = outcomes
  if (done === undefined || done.outcome === 'refused') throw done?.error
  const acknowledgement = acknowledge(current, done.opened)
  const { eventId, times, identity } = done.opened.event
  const awaiting = acknowledgement.decisions
    .flatMap(({ purposeId = [], reason }) => (reason === 'awaiting-confirmation' ? purposeId : []))
    .slice(0, maxLetterPurposes)
  const ageMs = ledger.clock() - Date.parse(times.recordedAt)
  const purposes =
    done.outcome === 'recorded'
      ? awaiting
      : await waitingPurposes(ledger, current, { subject: received.identity, purposes: awaiting, eventId })
  if (purposes.length === 0 || ageMs >= confirmableMs) return { outcome: done.outcome, acknowledgement }
  await refuseTooMany(ledger, current, received, 'the event is recorded, and no letter was sent')
  const expiresAt = after(times.recordedAt, confirmableMs)
  const grant: ConfirmationGrant = { site: received.site, subject: received.identity, purposes, eventId, expiresAt }
  const next = windowsMs.findIndex((fromMs) => fromMs > ageMs)
  const window = next === -1 ? windowsMs.length : next
  return {
    outcome: done.outcome,
    acknowledgement,
    letter: {
      // The form that the event has: however often the address is spelled anew, it is the same letter.
      id: letterEventId(scope, ['letter', identity, eventId, window]),
      token: sealLetterToken(scope, 'confirmation', grant, ledger.random),
      purposes,
      expiresAt,
      ...(next !== -1 && { againAfter: after(times.recordedAt, windowsMs[next] ?? 0) }),
    },
  }
}

/** A form that anybody can fill in must not fill another person's mailbox. The event itself does not count, so that it can be repeated. */
async function refuseTooMany(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { identity, event: { eventId } }: ReceivedEvent,
  whatWasDone: string,
): Promise<void> {
  const now = timestamp(ledger.clock)
  const stored = await storedSubject(ledger, vaultScope(snapshot), identity)
  if (stored === undefined) return
  const { opened } = await readEvents(ledger, snapshot, identity, now, stored)
  const recent = opened
    .map(({ event }) => event)
    .filter((one) => one.eventId !== eventId && asksToConfirm(snapshot, one.decisions))
    .map(({ times }) => Date.parse(times.recordedAt) + dayMs)
    .filter((countsUntil) => countsUntil > Date.parse(now))
    .sort((a, b) => a - b)
  const freeFrom = recent.at(-maxRequests)
  if (freeFrom === undefined) return
  throw new LedgerError('rate-limited', `this person was asked to confirm too often; ${whatWasDone}`, {
    allowed: `${maxRequests} requests to confirm a day`,
    retryAfterSeconds: Math.ceil((freeFrom - Date.parse(now)) / 1000),
  })
}

function asksToConfirm({ purposes }: ControllerSnapshot, decisions: readonly Pick<Decision, 'purposeId' | 'verb'>[]) {
  return decisions.some(
    ({ purposeId = '', verb }) => verb === 'given' && purposes.get(purposeId)?.purpose.doubleOptIn === true,
  )
}

function after(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString()
}
