/** Verifies a `consent-proof@1`. README.md lists the steps and what each shows. */
import { linkedType } from '../consent/proof-file.ts'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { checkAnswer, checkLimits, checkTexts, checkUnreadable, foldedEvents } from './check-answer.ts'
import { checkBackdating, type TimedLeaf } from './check-backdating.ts'
import {
  checkCheckpoint,
  checkKnownAt,
  checkPickedCheckpoint,
  checkReachesKnownAt,
  noteOwnTimes,
} from './check-checkpoint.ts'
import { checkCompletions } from './check-completions.ts'
import {
  checkEventLeaves,
  checkTimes,
  openEvents,
  type ProvenEvent,
  refuseUnopened,
  unopenedIn,
} from './check-events.ts'
import { checkGrades } from './check-grades.ts'
import { checkInclusion, type LeafIndexes, type LeafName } from './check-inclusion.ts'
import { type CheckedProof, checkJoint } from './check-joint.ts'
import { checkLinks } from './check-links.ts'
import { openMandates, type ProvenMandate, recordedMandates } from './check-mandates.ts'
import { checkPending } from './check-pending.ts'
import { checkPublications } from './check-publications.ts'
import { consentProof, type GivenFile, type GivenProof, parseForm, parseJson } from './forms-proof.ts'
import { say } from './say.ts'
import { SignedNotes } from './signed-checkpoint.ts'
import { fail, type Log, runSteps, type Verification } from './verification.ts'

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
    const { joint, ...proof }: GivenFile = parseForm(
      consentProof,
      parseJson(text, 'form', say('the-file')),
      'form',
      say('the-file'),
    )
    if (proof.question.subject.type === linkedType) fail('form', 'linked-subject-alone')
    log.ok('form', 'form-proof')
    const checked = await checkProofOfOne(proof, policy, now, log)
    const { answer, pending = [] } = checked
    if (joint === undefined) return { answer, ...(pending.length > 0 && { pending }) }
    const together = await checkJoint(
      proof,
      joint,
      checked,
      (of, inner) => checkProofOfOne(of, policy, now, inner),
      log,
    )
    const all = [...pending, ...together.pending]
    return { answer: { ...answer, joint: together.answer }, ...(all.length > 0 && { pending: all }) }
  })
}

async function checkProofOfOne(proof: GivenProof, policy: LogPolicy, now: string, log: Log): Promise<CheckedProof> {
  const notes = new SignedNotes(policy, proof.origin)
  const checkpoint = await checkCheckpoint(proof, notes, now, log)
  await checkKnownAt(proof, checkpoint, notes, log)
  const leaves = checkEventLeaves(proof, log)
  const places = checkInclusion(proof, checkpoint, log)
  const unopened = unopenedIn(proof)
  const events = openEvents(proof, leaves, unopened, log)
  const mandates = openMandates(proof, leaves[0]?.sub, log)
  checkTimes(events, log)
  const facts = factsOf(proof, places, events, mandates)
  const known = await checkBackdating(facts, proof.setBacks ?? [], checkpoint, notes, log)
  checkPickedCheckpoint(proof, checkpoint, notes, facts)
  noteOwnTimes(checkpoint, notes, log)
  const take = (from: number, of: readonly unknown[]) => known.slice(from, from + of.length)
  const afterEvents = events.length
  const afterVersions = afterEvents + proof.versions.length
  const afterRetractions = afterVersions + proof.retractions.length
  const afterPresentations = afterRetractions + proof.presentations.length
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
  const recorded = recordedMandates(mandates, take(afterPresentations, mandates))
  const folded = foldedEvents(events, take(0, events), recorded)
  const status = checkAnswer(proof, folded, history, unopened, log)
  const shown = checkTexts(proof, status, events, history, log)
  checkCompletions(proof, events, places, log)
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
  const sub = leaves[0]?.sub
  return {
    answer: { target, status, at, knownAt, ...(shown && { shown }) },
    ...(pending.length > 0 && { pending }),
    checkpoint,
    notes,
    history,
    member: { events: folded, unopened },
    isNamed: events.some(({ covering }) => covering !== undefined),
    ...(sub !== undefined && { sub }),
  }
}

/** The leaves that state a time: opened events, versions, retractions, presentations, mandates, in this order. */
function factsOf(
  proof: GivenProof,
  places: LeafIndexes,
  events: readonly ProvenEvent[],
  mandates: readonly ProvenMandate[],
): TimedLeaf[] {
  const facts = <T extends Pick<TimedLeaf, 'backdated' | 'postdated'>>(
    kind: LeafName,
    of: readonly T[],
    indexes: readonly number[],
    statedAt: (one: T, i: number) => string,
  ) =>
    of.map(
      (one, i): TimedLeaf => ({
        what: say(kind, { number: i + 1 }),
        index: indexes[i] ?? 0,
        statedAt: statedAt(one, i),
        ...(one.backdated && { backdated: one.backdated }),
        ...(one.postdated && { postdated: one.postdated }),
      }),
    )
  return [
    ...facts(
      'the-event',
      proof.events.slice(0, events.length),
      places.events,
      (_, i) => events[i]?.times.recordedAt ?? '',
    ),
    ...facts('the-version', proof.versions, places.versions, ({ version }) => version.publishedAt),
    ...facts('the-retraction', proof.retractions, places.retractions, ({ retraction }) => retraction.retractedAt),
    ...facts(
      'the-presentation',
      proof.presentations,
      places.presentations,
      ({ presentation }) => presentation.publishedAt,
    ),
    ...facts('the-mandate', proof.mandates ?? [], places.mandates, (_, i) => mandates[i]?.statedAt ?? ''),
  ]
}
