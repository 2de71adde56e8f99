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
import { type Said, say } from './say.ts'
import type { SignedCheckpoint, SignedNotes } from './signed-checkpoint.ts'
import { fail, type Log, missing, type Pending, quote, type RecomputedAnswer, StepFailure } from './verification.ts'

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
    [here, there].map((given) => ({
      given,
      ...readLinkSide(given, salts, say('side-of-link', { id: quote(linkId) })),
    })),
  )
  const facts = sides.map(({ given, act, what }): TimedLeaf => {
    const { backdated, postdated } = given
    const index = checkLeafInclusion(given, checked.checkpoint, what)
    return { what, index, statedAt: act.recordedAt, ...(backdated && { backdated }), ...(postdated && { postdated }) }
  })
  if (new Set(facts.map(({ index }) => index)).size !== facts.length) fail(step, 'link-sides-one-leaf')
  const known = await checkBackdating(facts, proof.setBacks ?? [], checked.checkpoint, checked.notes, log)
  const members: Member[] = [checked.member]
  const subs = new Set(checked.sub === undefined ? [] : [checked.sub])
  const pending: Pending[] = []
  const histories: PolicyHistory[] = []
  for (const [i, { linkId, proof: inner }] of subjects.entries()) {
    const what = say('the-link', { id: quote(linkId) })
    const [here, there] = [sides[2 * i], sides[2 * i + 1]]
    if (!here || !there) fail(step, 'link-one-side', { what })
    const acts = [here, there].map(({ act }, side) => ({
      ...act,
      ...(known[2 * i + side] && { knownFrom: known[2 * i + side] }),
    }))
    if (!linkStands(linkId, { here: acts.slice(0, 1), there: acts.slice(1) }, at, knownAt))
      fail(step, 'link-not-standing', { what, at, knownAt })
    const { question, origin } = inner
    const asked = { ...question, subject: undefined, askedKnownAt: undefined }
    const wanted = { ...proof.question, subject: undefined, askedKnownAt: undefined }
    if (origin !== proof.origin || !sameValue(asked, wanted)) fail(step, 'linked-other-question', { what })
    if (!sameValue(question.subject, { type: linkedType, id: linkId }))
      fail(step, 'linked-other-subject', { what, type: quote(question.subject.type) })
    const found = await within(what, () => checkOne(inner, silent))
    if (here.identity !== undefined && !sameValue(here.identity, proof.question.subject))
      fail(step, 'link-other-person', { what })
    if (checked.sub !== undefined && here.sub !== checked.sub) fail(step, 'link-other-pseudonym', { what })
    if (found.sub !== undefined && there.sub !== found.sub) fail(step, 'linked-other-pseudonym', { what })
    if (here.sub === there.sub || subs.has(there.sub)) fail(step, 'linked-twice', { what })
    subs.add(there.sub)
    members.push({ ...found.member, linkId })
    histories.push(found.history)
    pending.push(...(found.pending ?? []))
  }
  if (checked.sub === undefined && new Set(sides.filter((_, i) => i % 2 === 0).map(({ sub }) => sub)).size > 1)
    fail(step, 'links-of-different-subjects')
  if (!checked.isNamed && sides.every(({ identity }, i) => i % 2 === 1 || identity === undefined))
    missing(step, 'links-unnamed')
  const recomputed = jointStatusOf(
    { ...(purposeId === undefined ? { policyId: policyId ?? '' } : { purposeId }), at, knownAt },
    members,
    withPresentationsOf(checked.history, histories),
  )
  const difference = differingMember(recomputed, answer, '')
  if (difference) fail(step, 'joint-answer-differs', { difference })
  if (recomputed.status === 'Undetermined') missing(step, 'linked-unreadable')
  log.ok(step, 'joint-recomputed', { count: subjects.length, status: recomputed.status })
  if (recomputed.contradiction) log.note(step, 'joint-contradiction')
  log.note(step, 'links-completeness')
  return { answer: recomputed, pending }
}

function withPresentationsOf(history: PolicyHistory, others: readonly PolicyHistory[]): PolicyHistory {
  const all = [history, ...others].flatMap(({ presentations }) => presentations)
  return { ...history, presentations: [...new Map(all.map((one) => [one.presentationId, one])).values()] }
}

/** A linked subject's proof passes the same steps as any proof. Only a failure is reported, as one of step `joint`. */
const silent: Log = { ok: () => {}, note: () => {} }

async function within<T>(what: Said, check: () => Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error
    const said = say('linked-proof-failed', { what, step: say(`step-${error.step}`), failure: error.said })
    throw new StepFailure(step, said, error.verdict)
  }
}
