/**
 * Records events, in two calls: the subject's keys, then one insert. The insert is the whole write, so a crash leaves the whole event or none
 * of it. A client that never saw the answer sends the same event again and gets the first answer.
 */

import type { ClientEvent, ShownByReference } from '../../consent/client-event.ts'
import { recordingTime } from '../../consent/clocks.ts'
import { isOperatorAssurance, operatorVerbs } from '../../consent/event.ts'
import { policyFor, presentationNamed } from '../../consent/recording.ts'
import { LedgerError } from '../../errors.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { type Clock, insertOne, type Key } from '../store.ts'
import { formsOf } from '../vault/identity-names.ts'
import { keysOfYear, type SubjectKeys, vaultScope } from '../vault/subject-keys.ts'
import { type NamedKeys, subjectKeysForReading, subjectKeysForWriting } from '../vault/vault.ts'
import { contentDigest, isSameContent } from './content-digest.ts'
import { type ReceivedEvent, recordedEvent } from './recorded-event.ts'
import {
  eventKey,
  eventUnreadable,
  type OpenedEvent,
  openEvent,
  sealEvent,
  yearOf,
  yearOfItem,
} from './sealed-event.ts'

export type RecordingOutcome =
  | { readonly outcome: 'recorded' | 'replayed'; readonly opened: OpenedEvent }
  | { readonly outcome: 'refused'; readonly error: LedgerError }

export interface Recording {
  /** In the order of the events. */
  readonly outcomes: readonly RecordingOutcome[]
  /** The snapshot by which they were recorded. */
  readonly snapshot: ControllerSnapshot
}

/** Records each event by itself: a refusal of one does not affect the others. */
export async function recordEvents(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  submissions: readonly ReceivedEvent[],
): Promise<Recording> {
  const known = await snapshotFor(ledger, snapshot, submissions)
  const subjects = new Map<string, Promise<NamedKeys>>()
  const outcomes = await Promise.all(
    submissions.map(async (submission): Promise<RecordingOutcome> => {
      try {
        checkTargets(known, submission)
        return await recordOne(ledger, known, submission, await subjectOf(ledger, known, submission, subjects))
      } catch (error) {
        if (error instanceof LedgerError) return { outcome: 'refused', error }
        throw error
      }
    }),
  )
  return { outcomes, snapshot: known }
}

/** Reads the snapshot again when an event names something that it lacks, because absence is never cached. */
async function snapshotFor(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  submissions: readonly ReceivedEvent[],
): Promise<ControllerSnapshot> {
  const isKnown = submissions.every(({ event }) => knowsAll(snapshot, event))
  return isKnown ? snapshot : ((await ledger.controllers.current(snapshot.controller.controller)) ?? snapshot)
}

function knowsAll(snapshot: ControllerSnapshot, { decisions, shown = [], presentationId }: ClientEvent): boolean {
  return (
    decisions.every((decision) => policyFor(snapshot, decision) !== undefined) &&
    shown.every((reference) => reference.policyId === undefined || knowsShown(snapshot, reference)) &&
    (presentationId === undefined || presentationNamed(snapshot, presentationId) !== undefined)
  )
}

function knowsShown(snapshot: ControllerSnapshot, { policyId, version, textSha256 }: ShownByReference): boolean {
  const versions = snapshot.policies.get(policyId)?.versions ?? []
  if (textSha256 !== undefined) return versions.some((v) => v.texts.some((t) => t.sha256 === textSha256))
  return versions.some((v) => version === undefined || v.version === version)
}

/** Refuses decisions on what the controller never declared, and verbs that the caller may not use. */
export function checkTargets(snapshot: ControllerSnapshot, { event, assurance }: ReceivedEvent): void {
  event.decisions.forEach((decision, i) => {
    if (policyFor(snapshot, decision) === undefined) {
      const isPurpose = decision.purposeId !== undefined
      throw new LedgerError(
        isPurpose ? 'unknown-purpose' : 'unknown-policy',
        isPurpose ? 'no policy of this controller ever declared this purpose' : 'this controller has no such policy',
        {
          field: `/decisions/${i}/${isPurpose ? 'purposeId' : 'policyId'}`,
          given: decision.purposeId ?? decision.policyId,
          allowed: [...(isPurpose ? snapshot.purposes : snapshot.policies).keys()].sort(),
        },
      )
    }
    if (!isOperatorAssurance(assurance) && operatorVerbs.some((verb) => verb === decision.verb)) {
      throw new LedgerError('verb-not-allowed', 'only the operator may use this verb, with a token', {
        field: `/decisions/${i}/verb`,
        given: decision.verb,
      })
    }
  })
}

/** The keys of the event's subject. Events of one request with the same subject share one call. */
async function subjectOf(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { event, identity, announcedNew }: ReceivedEvent,
  subjects: Map<string, Promise<NamedKeys>>,
): Promise<NamedKeys> {
  const scope = vaultScope(snapshot)
  const name = JSON.stringify((await formsOf(identity, scope.country)).stored)
  const year = yearOf(recordableAt(ledger.clock, snapshot, event).at)
  const keys = subjects.get(name) ?? subjectKeysForWriting(ledger, scope, identity, year, announcedNew)
  subjects.set(name, keys)
  return keys
}

interface RecordableAt {
  /** RFC 3339. */
  readonly at: string
  /** The log's time, when the client's clock refutes it: see `recordingTime`. */
  readonly refuted?: string
}

function recordableAt(
  clock: Clock,
  { loggedUntil }: ControllerSnapshot,
  { sentAt, occurredAt }: ClientEvent,
): RecordableAt {
  const recording = recordingTime({
    nowMs: clock(),
    ...(loggedUntil !== undefined && { loggedUntilMs: Date.parse(loggedUntil) }),
    clientMs: Date.parse(sentAt ?? occurredAt),
  })
  if (recording === undefined)
    throw new LedgerError('unavailable', 'the clock of this instance is behind the log; send the event again')
  const { atMs, refutesLog } = recording
  return { at: new Date(atMs).toISOString(), ...(refutesLog && { refuted: loggedUntil }) }
}

async function recordOne(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  submission: ReceivedEvent,
  subject: NamedKeys,
): Promise<RecordingOutcome> {
  // Stamped again after the call for the keys, as close to the insert as can be.
  const { at, refuted } = recordableAt(ledger.clock, snapshot, submission.event)
  const year = yearOf(at)
  // The keys may be of another year: a new one began, or they were read for another event of the request.
  const keys = keysOfYear(subject, year)
    ? subject
    : await subjectKeysForWriting(ledger, vaultScope(snapshot), submission.identity, year, false)
  const key = eventKey(keys, submission.event.eventId)
  const digest = contentDigest(submission.event, key, keys, refuted)
  const event = recordedEvent(snapshot, { ...submission, identity: keys.identity }, at)
  const { item, opened } = sealEvent(event, key, digest, keys, ledger.random, refuted)
  if (await insertOne(ledger.entries, item)) return { outcome: 'recorded', opened }
  return replay(ledger, snapshot, submission, keys, key, digest)
}

/** The event's key is taken: by the same event (a retry of the client or of ours), or by other content under the same id. */
async function replay(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { identity }: ReceivedEvent,
  subject: SubjectKeys,
  key: Key,
  digest: Buffer,
): Promise<RecordingOutcome> {
  const [stored] = await ledger.entries.get([key])
  const first = stored?.values.digest
  if (stored === undefined || !(first instanceof Uint8Array)) {
    throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read; send the event again')
  }
  if (!isSameContent(first, digest)) {
    throw new LedgerError(
      'event-conflict',
      'this eventId was recorded with different content; an event never changes',
      {
        field: '/eventId',
        allowed: 'the same content again, or a new eventId',
        members: {
          recordedDigest: Buffer.from(first).toString('base64url'),
          givenDigest: digest.toString('base64url'),
        },
      },
    )
  }
  const atHand = openEvent(stored, subject)
  if (atHand.opened) return { outcome: 'replayed', opened: atHand.opened }
  const all = await subjectKeysForReading(ledger, vaultScope(snapshot), identity, [yearOfItem(stored)])
  const { state, opened } = all === undefined ? atHand : openEvent(stored, all)
  if (opened) return { outcome: 'replayed', opened }
  if (state === 'unreadable') throw eventUnreadable('/eventId')
  throw new LedgerError('event-conflict', 'this event was recorded before, and its keys have been destroyed since')
}
