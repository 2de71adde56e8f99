/** Answers auditors. Each question is recorded, with the auditor and under the subject, before it is answered. */
import type * as z from 'zod'
import { consentsQuestion, topicQuestion } from '../../shared/api/schemas/questions.ts'
import type { Identity, RecordedEvent } from '../../shared/consent/event.ts'
import {
  allTopics,
  askStatuses,
  askTimeline,
  type QuestionInstants,
  type Topic,
} from '../../shared/ledger/answers-for-subject.ts'
import { recordRead } from '../../shared/ledger/audit-reads.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controller-snapshots.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { normaliseIdentity } from '../../shared/ledger/identity-names.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import type { StoredSubject } from '../../shared/ledger/vault.ts'
import { controllerInBody, identified } from '../http/access.ts'
import { type Call, type Endpoint, ok, parseBody, refuseFuture } from '../http/call.ts'
import { answerInLanguage } from './swedish-statuses.ts'

/** Seconds after which a proof with `pending` entries is worth asking for again. A log publishes within seconds of an event. */
const retrySeconds = 5

export const auditEndpoints = {
  async askConsents(call) {
    const { question, snapshot, subject, instants, askedAt, stored } = await admitQuestion(call, consentsQuestion)
    const topics =
      question.purposeId === undefined && question.policyId === undefined ? allTopics(snapshot) : [topicOf(question)]
    const asked = { ...instants, askedAt }
    const statuses = await askStatuses(call.instance.ledger, snapshot, subject, topics, asked, stored)
    return answerInLanguage(call, { subject: normaliseIdentity(subject), ...instants, ...statuses })
  },

  async askTimeline(call) {
    const { question, snapshot, subject, instants, askedAt, stored } = await admitQuestion(call, topicQuestion)
    const topic = topicOf(question)
    const asked = { ...instants, askedAt }
    const { events, ...timeline } = await askTimeline(call.instance.ledger, snapshot, subject, topic, asked, stored)
    const shown = events.map(({ event }) => withoutContext(event))
    return ok({ subject: normaliseIdentity(subject), ...topic, ...instants, ...timeline, events: shown })
  },

  async askProof(call) {
    const { question, snapshot, subject, instants, stored } = await admitQuestion(call, topicQuestion)
    const asked = { at: instants.at, ...(question.knownAt && { knownAt: question.knownAt }) }
    // Loaded when first used, because a cold start for another question should not load the verifier.
    const { checkedProof } = await import('./checked-proof.ts')
    const { text, isPending, unreadable } = await checkedProof(
      call.instance,
      [snapshot, subject, topicOf(question)],
      asked,
      stored,
    )
    const headers = { 'content-type': 'application/json', ...(isPending && { 'retry-after': String(retrySeconds) }) }
    return { ...ok(text, headers), ...(unreadable && { unreadable }) }
  },
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
}> {
  const { ledger } = call.instance
  const { snapshot, bearer } = await controllerInBody(call, 'consent.audit')
  const question = parseBody(call, form)
  const now = timestamp(ledger.clock)
  const { at = now, knownAt = now } = question
  refuseFuture(knownAt, now)
  const { subject: named, ...asked } = question
  const subject = identified(named, '/subject/id')
  const stored = await recordRead(ledger, snapshot, holderIdentity('read', bearer), subject, {
    route: call.route.id,
    ...asked,
    at,
    knownAt,
  })
  return { question, snapshot, subject, instants: { at, knownAt }, askedAt: now, ...(stored && { stored }) }
}

/** Leaves out the context (IP address and user agent): a timeline is about decisions. */
function withoutContext({ eventId, site, decisions, times, who, identity, link, how }: RecordedEvent) {
  return { eventId, site, decisions, times, who, identity, link, how }
}

function topicOf({ purposeId, policyId }: Question): Topic {
  return purposeId === undefined ? { policyId: policyId ?? '' } : { purposeId }
}
