/** Checks the file's checkpoint and the checkpoint that `knownAt` picked: both are signed, and the picked tree is a prefix of the other. */

import { promisedDelaySeconds } from '../consent/promised-delay.ts'
import { verifyConsistency } from '../tlog/consistency.ts'
import { decodeBase64 } from '../tlog/encoding.ts'
import type { TimedLeaf } from './check-backdating.ts'
import type { GivenProof } from './forms-proof.ts'
import { say } from './say.ts'
import { isoOf, type SignedCheckpoint, type SignedNotes, timeAndWitnesses } from './signed-checkpoint.ts'
import { fail, inStep, type Log, missing, quote } from './verification.ts'

export async function checkCheckpoint(proof: GivenProof, notes: SignedNotes, now: string, log: Log) {
  const { origin, question } = proof
  const controller = origin.slice(origin.lastIndexOf('/') + 1)
  if (controller !== question.controller || controller === origin) {
    fail('checkpoint', 'log-of-other-controller', { origin: quote(origin), controller: quote(question.controller) })
  }
  const checkpoint = await notes.verify(proof.checkpoint, 'checkpoint', say('the-checkpoint'))
  log.ok('checkpoint', 'checkpoint-signed', {
    origin: quote(origin),
    size: checkpoint.size,
    made: timeAndWitnesses(checkpoint),
  })
  if (checkpoint.seconds === undefined) {
    log.note('checkpoint', 'checkpoint-time-unknown')
  } else if (isoOf(checkpoint.seconds) > now) {
    log.note('checkpoint', 'checkpoint-from-future', { now })
  }
  return checkpoint
}

/** Checks that the checkpoint that `knownAt` picked is the newest one made by then, as far as the notes in the file can show. */
export async function checkKnownAt(
  proof: GivenProof,
  checkpoint: SignedCheckpoint,
  notes: SignedNotes,
  log: Log,
): Promise<void> {
  const { knownAtCheckpoint: picked, question } = proof
  const knownAtMs = Date.parse(question.knownAt)
  const isBy = (c: SignedCheckpoint) => c.seconds !== undefined && c.seconds * 1000 <= knownAtMs
  const isAfter = (c: SignedCheckpoint) => c.seconds !== undefined && c.seconds * 1000 > knownAtMs
  if (picked === undefined) {
    if (mayBeBy(checkpoint, knownAtMs)) log.ok('known-at', 'checkpoint-counts', { knownAt: question.knownAt })
    else if (isAfter(checkpoint)) {
      log.note('known-at', 'no-checkpoint-yet', { knownAt: question.knownAt })
    } else log.note('known-at', 'checkpoint-order-unknown', { knownAt: question.knownAt })
    return
  }
  if (isBy(checkpoint)) {
    fail('known-at', 'older-checkpoint-picked', { knownAt: question.knownAt })
  }
  const then = await notes.verifyOther(picked.checkpoint, 'known-at', say('the-picked-checkpoint'))
  if (isAfter(then)) {
    fail('known-at', 'picked-too-new', { made: timeAndWitnesses(then), knownAt: question.knownAt })
  }
  inStep('known-at', say('the-picked-checkpoint'), () =>
    verifyConsistency(then.size, checkpoint.size, then.root, checkpoint.root, picked.consistency.map(decodeBase64)),
  )
  if (then.seconds === undefined) {
    log.note('known-at', 'prefix-time-unknown', { size: then.size })
  } else {
    log.ok('known-at', 'prefix-picked', { knownAt: question.knownAt, size: then.size })
  }
}

/** An outside witness gives an upper bound only: a checkpoint may be older than its cosignature, by up to the promised delay. */
function mayBeBy({ seconds, cosigned }: SignedCheckpoint, instantMs: number): boolean {
  if (seconds === undefined) return false
  const isBound = !cosigned.some(({ byOperator }) => byOperator)
  return (seconds - (isBound ? promisedDelaySeconds : 0)) * 1000 <= instantMs
}

/**
 * Called after every note of the file was verified. None of them may be a newer checkpoint made by `knownAt`. A log begins with a
 * checkpoint of size 0. So if the log had no checkpoint yet at `knownAt`, each leaf in the file states a time that is at most the promised
 * delay before `knownAt`, or is marked as backdated.
 */
export function checkPickedCheckpoint(
  proof: GivenProof,
  checkpoint: SignedCheckpoint,
  notes: SignedNotes,
  facts: readonly TimedLeaf[],
): void {
  const { knownAt } = proof.question
  const knownAtMs = Date.parse(knownAt)
  if (checkpoint.seconds === undefined || checkpoint.seconds * 1000 <= knownAtMs) return
  const picked = notes.all.find((c) => c.note === proof.knownAtCheckpoint?.checkpoint)
  const size = picked?.size ?? -1
  const better = notes.all.find(
    (c) => c.seconds !== undefined && c.seconds * 1000 <= knownAtMs && c.size > size && c.note !== picked?.note,
  )
  if (better) {
    fail('known-at', 'better-checkpoint-in-file', { knownAt, size: better.size, made: timeAndWitnesses(better) })
  }
  if (picked !== undefined || mayBeBy(checkpoint, knownAtMs)) return
  const known = facts.find(
    (fact) => !fact.backdated && Date.parse(fact.statedAt) + promisedDelaySeconds * 1000 < knownAtMs,
  )
  if (known) fail('known-at', 'earlier-entry-in-file', { knownAt, what: known.what, statedAt: known.statedAt })
}

/**
 * A file cannot know what was recorded after its newest checkpoint, whatever `knownAt` it claims. That checkpoint covers the second in
 * which it was made. Because clocks differ, it also covers the times that its own entries state: `known`.
 */
export function checkReachesKnownAt(
  { question }: GivenProof,
  checkpoint: SignedCheckpoint,
  known: readonly string[],
): void {
  const { knownAt, askedKnownAt } = question
  if (askedKnownAt !== undefined && askedKnownAt <= knownAt)
    fail('known-at', 'asked-not-later', { askedKnownAt, knownAt })
  if (checkpoint.seconds === undefined) return
  const covered = isoOf(checkpoint.seconds).replace('.000Z', '.999Z')
  if (knownAt > covered && known.every((from) => from < knownAt)) {
    missing('known-at', 'known-at-beyond-file', { knownAt, made: timeAndWitnesses(checkpoint) })
  }
}

/** Called after every note of the file was verified: an outside witness of one checkpoint says nothing about when others were made. */
export function noteOwnTimes({ cosigned }: SignedCheckpoint, notes: SignedNotes, log: Log): void {
  const isOutside = (by: SignedCheckpoint['cosigned']) => by.some(({ byOperator }) => !byOperator)
  const count = notes.all.filter((note) => !isOutside(note.cosigned)).length
  if (isOutside(cosigned) && count > 0) log.note('limits', 'other-times-operators-word', { count })
}
