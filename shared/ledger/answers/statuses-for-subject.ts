/**
 * The statuses that a subject's events amount to. It is apart from `answers-for-subject.ts`, because a function that only reads events needs no rules
 * of status in its bundle.
 */
import { askableAgainAt } from '../../consent/ask-again.ts'
import type { Identity } from '../../consent/event.ts'
import type { PolicyHistory } from '../../consent/policy.ts'
import { statusOf } from '../../consent/status.ts'
import type { StatusAnswer } from '../../consent/status-answer.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import type { ListedMandate } from '../mandates/mandates-of-events.ts'
import type { StoredSubject } from '../vault/vault.ts'
import {
  type AskedInstants,
  type EventsRead,
  historyOf,
  type QuestionInstants,
  readEvents,
  type Topic,
  type UnreadableNames,
  unopenedEventsFor,
  unreadableIn,
  unreadableMember,
} from './answers-for-subject.ts'

export type TopicAnswer = Topic &
  StatusAnswer & {
    /** Before this instant the person is not to be asked again. */
    readonly notBefore?: string
  }

export interface StatusAnswers extends UnreadableNames {
  readonly consents: readonly TopicAnswer[]
  /** Mandates that the person's events name; absent when there are none. */
  readonly mandates?: readonly ListedMandate[]
}

export async function askStatuses(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  topics: readonly Topic[],
  { askedAt, ...instants }: AskedInstants,
  stored?: StoredSubject,
): Promise<StatusAnswers> {
  const read = await readEvents(ledger, snapshot, identity, askedAt, stored)
  return statusesFrom(read, await topicsWithHistory(ledger, snapshot, topics), instants)
}

export type TopicWithHistory = { readonly topic: Topic; readonly history: PolicyHistory }

export function topicsWithHistory(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  topics: readonly Topic[],
): Promise<TopicWithHistory[]> {
  return Promise.all(topics.map(async (topic) => ({ topic, history: await historyOf(ledger, snapshot, topic) })))
}

export function statusesFrom(
  read: EventsRead,
  topics: readonly TopicWithHistory[],
  instants: QuestionInstants,
): StatusAnswers {
  const consents = topics.map(({ topic, history }) => {
    const question = { ...topic, ...instants }
    const unopened = unopenedEventsFor(read, history, instants.knownAt)
    const status = statusOf(question, read.opened, history, unopened)
    const notBefore = askableAgainAt(question, status, read.opened, history)
    return { ...topic, ...status, ...(notBefore !== undefined && { notBefore }) }
  })
  const histories = new Set(topics.map(({ history }) => history))
  return {
    consents,
    ...(read.mandates && { mandates: read.mandates }),
    ...unreadableMember([...read.unreadable, ...[...histories].flatMap(unreadableIn)]),
  }
}
