/**
 * Step `joint`: what the subject and those that it is linked to amount to together. Both sides of each link are in the log, with their
 * pseudonyms, and stood at the instant asked about. An event that covers the question, or a link, names the person asked about: without
 * either the links could be those of anybody. Each linked subject has a proof of its own about the same question, which is checked with all
 * steps. The joint answer is then computed again from the events of all.
 */
import { type JointAnswer, jointStatusOf, type Member } from '../consent/joint-status.ts'
import type { PolicyHistory } from '../consent/policy.ts'
import { sameValue } from '../consent/policy-versions.ts'
import { linkedType } from '../consent/proof-file.ts'
import { linkStands } from '../consent/subject-links.ts'
import { differingMember } from './check-answer.ts'
import { checkBackdating, type TimedLeaf } from './check-backdating.ts'
import { checkLeafInclusion } from './check-inclusion.ts'
import { readLinkSide } from './disclosed-link.ts'
import type { GivenJoint, GivenProof } from './forms-proof.ts'
import type { SignedCheckpoint, SignedNotes } from './signed-checkpoint.ts'
import {
  count,
  fail,
  type Log,
  missing,
  type Pending,
  quote,
  type RecomputedAnswer,
  StepFailure,
} from './verification.ts'

const step = 'joint'

/** A proof about one subject, checked whole. */
export interface CheckedProof {
  readonly answer: RecomputedAnswer
  readonly pending?: readonly Pending[]
  readonly checkpoint: SignedCheckpoint
  readonly notes: SignedNotes
  /** What the answer was computed from. */
  readonly member: Member
  readonly history: PolicyHistory
  /** The pseudonym of its events, when it has any. */
  readonly sub?: string
  /** Whether an event shows that they are those of the person asked about. */
  readonly isNamed: boolean
}

type CheckOne = (proof: GivenProof, log: Log) => Promise<CheckedProof>

export async function checkJoint(
  proof: GivenProof,
  { answer, subjects }: GivenJoint,
  checked: CheckedProof,
  checkOne: CheckOne,
  log: Log,
): Promise<{ readonly answer: JointAnswer; readonly pending: readonly Pending[] }> {
  const { at, knownAt, purposeId, policyId } = proof.question
  const salts = new Set<string>()
  const sides = subjects.flatMap(({ linkId, here, there }) =>
    [here, there].map((given) => ({ given, ...readLinkSide(given, salts, `a side of the link ${quote(linkId)}`) })),
  )
  const facts = sides.map(({ given, act, what }): TimedLeaf => {
    const { backdated, postdated } = given
    const index = checkLeafInclusion(given, checked.checkpoint, what)
    return { what, index, statedAt: act.recordedAt, ...(backdated && { backdated }), ...(postdated && { postdated }) }
  })
  if (new Set(facts.map(({ index }) => index)).size !== facts.length) fail(step, 'two sides of links are one leaf')
  const known = await checkBackdating(facts, proof.setBacks ?? [], checked.checkpoint, checked.notes, log)
  const members: Member[] = [checked.member]
  const subs = new Set(checked.sub === undefined ? [] : [checked.sub])
  const pending: Pending[] = []
  const histories: PolicyHistory[] = []
  for (const [i, { linkId, proof: inner }] of subjects.entries()) {
    const what = `the link ${quote(linkId)}`
    const [here, there] = [sides[2 * i], sides[2 * i + 1]]
    if (!here || !there) fail(step, `${what} has one side only`)
    const acts = [here, there].map(({ act }, side) => ({
      ...act,
      ...(known[2 * i + side] && { knownFrom: known[2 * i + side] }),
    }))
    if (!linkStands(linkId, { here: acts.slice(0, 1), there: acts.slice(1) }, at, knownAt))
      fail(step, `${what} did not stand on both sides at ${at}, as known at ${knownAt}`)
    const { question, origin } = inner
    const asked = { ...question, subject: undefined, askedKnownAt: undefined }
    const wanted = { ...proof.question, subject: undefined, askedKnownAt: undefined }
    if (origin !== proof.origin || !sameValue(asked, wanted))
      fail(step, `the proof of ${what} answers another question`)
    if (!sameValue(question.subject, { type: linkedType, id: linkId }))
      fail(step, `the proof of ${what} is about ${quote(question.subject.type)}, which is not the linked subject`)
    const found = await within(what, () => checkOne(inner, silent))
    if (here.identity !== undefined && !sameValue(here.identity, proof.question.subject))
      fail(step, `${what} is of another person than the question`)
    if (checked.sub !== undefined && here.sub !== checked.sub)
      fail(step, `${what} is of another pseudonym (sub) than the events of the file`)
    if (found.sub !== undefined && there.sub !== found.sub)
      fail(step, `${what} leads to another pseudonym (sub) than the events of its proof`)
    if (here.sub === there.sub || subs.has(there.sub)) fail(step, `${what} leads to a subject that is there already`)
    subs.add(there.sub)
    members.push({ ...found.member, linkId })
    histories.push(found.history)
    pending.push(...(found.pending ?? []))
  }
  if (checked.sub === undefined && new Set(sides.filter((_, i) => i % 2 === 0).map(({ sub }) => sub)).size > 1)
    fail(step, 'the links are of different subjects')
  if (!checked.isNamed && sides.every(({ identity }, i) => i % 2 === 1 || identity === undefined))
    missing(step, 'Neither an event nor a link shows that the links are those of the person asked about.')
  const recomputed = jointStatusOf(
    { ...(purposeId === undefined ? { policyId: policyId ?? '' } : { purposeId }), at, knownAt },
    members,
    withPresentationsOf(checked.history, histories),
  )
  const difference = differingMember(recomputed, answer, '')
  if (difference)
    fail(step, `the joint answer in the file is not the one that the events of all amount to: ${difference}`)
  if (recomputed.status === 'Undetermined')
    missing(step, 'An entry of a linked subject cannot be read, and may decide.')
  log.ok(
    step,
    `${count(subjects.length, 'linked subject is', 'linked subjects are')} proven by both sides of each link, and together they amount to the joint answer: ${recomputed.status}.`,
  )
  if (recomputed.contradiction)
    log.note(
      step,
      'One of them alone says yes and another no. The joint answer follows the later act, and at one instant the no.',
    )
  log.note(step, 'That no other link, and no end of one, was left out is not shown by this file.')
  return { answer: recomputed, pending }
}

function withPresentationsOf(history: PolicyHistory, others: readonly PolicyHistory[]): PolicyHistory {
  const all = [history, ...others].flatMap(({ presentations }) => presentations)
  return { ...history, presentations: [...new Map(all.map((one) => [one.presentationId, one])).values()] }
}

/** A linked subject's proof passes the same steps as any proof. Only a failure is reported, as one of step `joint`. */
const silent: Log = { ok: () => {}, note: () => {} }

async function within<T>(what: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error
    throw new StepFailure(step, `the proof of ${what} fails its step ${error.step}: ${error.message}`, error.verdict)
  }
}
