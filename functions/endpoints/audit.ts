/**
 * Answers auditors, what their grants permit (`audit-access.ts`). Each question is recorded, with the auditor and under the subject, before it
 * is answered.
 */
import type * as z from 'zod'
import { consentsQuestion, timelineQuestion, topicQuestion } from '../../shared/api/schemas/questions.ts'
import type { Identity } from '../../shared/consent/event.ts'
import type { QuestionInstants, Topic } from '../../shared/ledger/answers/answers-for-subject.ts'
import { recordRead } from '../../shared/ledger/auditors/audit-reads.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import type { AdmitLinked } from '../../shared/ledger/links/linked-subjects.ts'
import { identified } from '../../shared/ledger/vault/checked-identity.ts'
import { normaliseIdentity } from '../../shared/ledger/vault/identity-names.ts'
import type { StoredSubject } from '../../shared/ledger/vault/vault.ts'
import { controllerInBody } from '../http/access.ts'
import { type Call, type Endpoint, ok, parseBody, refuseFuture } from '../http/call.ts'
import { answerInLanguage } from './swedish-statuses.ts'

/** Seconds after which a proof with `pending` entries is worth asking for again. A log publishes within seconds of an event. */
const retrySeconds = 5

/** Loaded when first used, as proofs are, because the bundle has a budget for what is loaded at start. */
const answers = () => import('../../shared/ledger/answers/answers-for-subject.ts')

export const auditEndpoints = {
  async askConsents(call) {
    const { question, snapshot, subject, instants, askedAt, stored, admitLinked } = await admitQuestion(
      call,
      consentsQuestion,
    )
    const { allTopics } = await answers()
    const topics =
      question.purposeId === undefined && question.policyId === undefined ? allTopics(snapshot) : [topicOf(question)]
    const asked = { ...instants, askedAt }
    const { ledger } = call.instance
    const { askStatusesWithJoint } = await import('../../shared/ledger/answers/joint-answers.ts')
    // Mandates may be for purposes that the auditor may not see. A proof has those of its question.
    const { mandates: _, ...statuses } = await askStatusesWithJoint(
      ledger,
      snapshot,
      subject,
      topics,
      asked,
      stored,
      admitLinked,
    )
    return answerInLanguage(call, {
      subject: await normaliseIdentity(subject, snapshot.controller.country),
      ...instants,
      ...statuses,
    })
  },

  async askTimeline(call) {
    const { question, snapshot, subject, instants, askedAt, stored, shows, admitLinked } = await admitQuestion(
      call,
      timelineQuestion,
    )
    const { timelineFor } = await import('./timeline.ts')
    const asked = { ...instants, askedAt }
    return timelineFor(call, [snapshot, subject, topicOf(question)], asked, stored, shows, admitLinked, question)
  },

  async askProof(call) {
    const { question, snapshot, subject, instants, stored, admitLinked } = await admitQuestion(call, topicQuestion)
    const asked = { at: instants.at, ...(question.knownAt && { knownAt: question.knownAt }) }
    // Loaded when first used, because a cold start for another question should not load the verifier.
    const { checkedProof } = await import('./checked-proof.ts')
    const { text, isPending, unreadable } = await checkedProof(
      call.instance,
      [snapshot, subject, topicOf(question)],
      asked,
      stored,
      admitLinked,
    )
    const headers = { 'content-type': 'application/json', ...(isPending && { 'retry-after': String(retrySeconds) }) }
    return { ...ok(text, headers), ...(unreadable && { unreadable }) }
  },

  askSample: async (call) => (await import('./samples.ts')).sampleFor(call),

  askDelivery: async (call) => (await import('./deliveries.ts')).deliveredSubjectFor(call),

  reportCompletion: async (call) => (await import('./deliveries.ts')).completionFor(call),

  checkConsents: async (call) => (await import('./checks.ts')).checksFor(call),
} satisfies Record<string, Endpoint>

interface Question extends Partial<QuestionInstants> {
  readonly controller: string
  readonly subject: Identity
  readonly purposeId?: string
  readonly policyId?: string
}

/** Authorises the caller, parses the question and records the read. `stored`: the subject's rows in the vault, read while recording. */
async function admitQuestion<Asked extends Question>(
  call: Call,
  form: z.ZodType<Asked>,
): Promise<{
  question: Asked
  snapshot: ControllerSnapshot
  subject: Identity
  instants: QuestionInstants
  askedAt: string
  stored?: StoredSubject
  /** The purposes whose decisions may be shown; absent: all. */
  shows?: ReadonlySet<string>
  admitLinked: AdmitLinked
}> {
  const { ledger } = call.instance
  const { snapshot, bearer } = await controllerInBody(call, 'consent.audit')
  const question = parseBody(call, form)
  const now = timestamp(ledger.clock)
  const { at = now, knownAt = now } = question
  refuseFuture(knownAt, now)
  const { subject: named, controller, purposeId, policyId } = question
  const subject = await identified(named, snapshot, '/subject/id')
  // Loaded with the first question, because what a function loads at its start has a budget.
  const { admitAbout, admitsLinked } = await import('../http/audit-access.ts')
  const shows = await admitAbout(call, snapshot, bearer, subject, question.purposeId)
  // Without the place in a timeline: it is the id of a receipt, and the reader's keys open the question.
  const read = { route: call.route.id, controller, purposeId, policyId, at, knownAt }
  const stored = await recordRead(ledger, snapshot, holderIdentity('read', bearer), subject, read)
  const admitLinked = admitsLinked(call, snapshot, bearer, read, question.purposeId)
  const admitted = { question, snapshot, subject, instants: { at, knownAt }, askedAt: now, admitLinked }
  return { ...admitted, ...(stored && { stored }), ...(shows && { shows }) }
}

function topicOf({ purposeId, policyId }: Question): Topic {
  return purposeId === undefined ? { policyId: policyId ?? '' } : { purposeId }
}
