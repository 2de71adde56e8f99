/** Verifies a `consent-proof@1`. README.md lists the steps and what each shows. */
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { checkAnswer, checkLimits, checkTexts, checkUnreadable } from './check-answer.ts'
import { checkBackdating, type TimedLeaf } from './check-backdating.ts'
import { checkCheckpoint, checkKnownAt, checkPickedCheckpoint, checkReachesKnownAt } from './check-checkpoint.ts'
import {
  checkEventLeaves,
  checkTimes,
  openEvents,
  type ProvenEvent,
  refuseUnopened,
  unopenedIn,
} from './check-events.ts'
import { checkGrades } from './check-grades.ts'
import { checkInclusion, type LeafIndexes } from './check-inclusion.ts'
import { checkLinks } from './check-links.ts'
import { checkPending } from './check-pending.ts'
import { checkPublications } from './check-publications.ts'
import { consentProof, type GivenProof, parseForm, parseJson } from './forms-proof.ts'
import { SignedNotes } from './signed-checkpoint.ts'
import { type Log, type Pending, type RecomputedAnswer, runSteps, type Verification } from './verification.ts'

/**
 * Verifies a `consent-proof@1` with all steps. Never rejects.
 *
 * @param text the file
 * @param policy the logs and witnesses that are trusted
 * @param now the instant of the verification, RFC 3339; used in notes and for the promises of pending entries
 * @returns the verdict with all findings, and the recomputed answer
 */
export async function verifyProof(
  text: string,
  policy: LogPolicy,
  now: string = new Date().toISOString(),
): Promise<Verification> {
  return runSteps('consent-proof@1', async (log) => {
    const proof: GivenProof = parseForm(consentProof, parseJson(text, 'form', 'the file'), 'form', 'the file')
    log.ok('form', 'The file has the form of consent-proof@1, and nothing more.')
    return checkProof(proof, policy, now, log)
  })
}

interface Checked {
  readonly answer: RecomputedAnswer
  readonly pending?: readonly Pending[]
}

async function checkProof(proof: GivenProof, policy: LogPolicy, now: string, log: Log): Promise<Checked> {
  const notes = new SignedNotes(policy, proof.origin)
  const checkpoint = await checkCheckpoint(proof, notes, now, log)
  await checkKnownAt(proof, checkpoint, notes, log)
  const leaves = checkEventLeaves(proof, log)
  const places = checkInclusion(proof, checkpoint, log)
  const unopened = unopenedIn(proof)
  const events = openEvents(proof, leaves, unopened, log)
  checkTimes(events, log)
  const facts = factsOf(proof, places, events)
  const known = await checkBackdating(facts, proof.setBacks ?? [], checkpoint, notes, log)
  checkPickedCheckpoint(proof, checkpoint, notes, facts)
  const take = (from: number, of: readonly unknown[]) => known.slice(from, from + of.length)
  const afterEvents = events.length
  const afterVersions = afterEvents + proof.versions.length
  const afterRetractions = afterVersions + proof.retractions.length
  const history = checkPublications(
    proof,
    {
      versions: take(afterEvents, proof.versions),
      retractions: take(afterVersions, proof.retractions),
      presentations: take(afterRetractions, proof.presentations),
    },
    events,
    log,
  )
  checkLinks(events, take(0, events), history, log)
  checkGrades(events, take(0, events), history, proof)
  const status = checkAnswer(proof, events, take(0, events), history, unopened, log)
  const shown = checkTexts(proof, status, events, history, log)
  checkLimits(proof, checkpoint, log)
  const pending = checkPending(proof, checkpoint, now, log)
  // Last, so that an invalid file is not reported as undetermined.
  checkUnreadable(proof, status, log)
  refuseUnopened(unopened, status)
  checkReachesKnownAt(
    proof,
    checkpoint,
    facts.map(({ statedAt }, i) => known[i] ?? statedAt),
  )
  const { at, knownAt, purposeId, policyId } = proof.question
  const target = purposeId ?? `policy/${policyId}`
  return { answer: { target, status, at, knownAt, ...(shown && { shown }) }, ...(pending.length > 0 && { pending }) }
}

/** The leaves that state a time: opened events, versions, retractions, presentations, in this order. */
function factsOf(proof: GivenProof, places: LeafIndexes, events: readonly ProvenEvent[]): TimedLeaf[] {
  const facts = <T extends Pick<TimedLeaf, 'backdated' | 'postdated'>>(
    kind: string,
    of: readonly T[],
    indexes: readonly number[],
    statedAt: (one: T, i: number) => string,
  ) =>
    of.map(
      (one, i): TimedLeaf => ({
        what: `${kind} ${i + 1}`,
        index: indexes[i] ?? 0,
        statedAt: statedAt(one, i),
        ...(one.backdated && { backdated: one.backdated }),
        ...(one.postdated && { postdated: one.postdated }),
      }),
    )
  return [
    ...facts('event', proof.events.slice(0, events.length), places.events, (_, i) => events[i]?.times.recordedAt ?? ''),
    ...facts('version', proof.versions, places.versions, ({ version }) => version.publishedAt),
    ...facts('retraction', proof.retractions, places.retractions, ({ retraction }) => retraction.retractedAt),
    ...facts('presentation', proof.presentations, places.presentations, ({ presentation }) => presentation.publishedAt),
  ]
}
