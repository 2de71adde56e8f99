/**
 * Answers about a subject alone and, beside that, the joint state of the subject and those that it is linked to (`consent/joint-status.ts`). An
 * answer about a subject without links has no joint state.
 */
import { askableAgainAt } from '../../consent/ask-again.ts'
import type { Identity } from '../../consent/event.ts'
import { type JointAnswer, jointEvents, jointStatusOf, type Member } from '../../consent/joint-status.ts'
import type { PolicyHistory } from '../../consent/policy.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { type AdmitLinked, type LinkedSubject, linkedSubjects } from '../links/linked-subjects.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { type StoredSubject, subjectKeysIfReadable } from '../vault/vault.ts'
import {
  type AskedInstants,
  type EventsRead,
  readEvents,
  type Topic,
  unopenedEventsFor,
} from './answers-for-subject.ts'
import { type StatusAnswers, statusesFrom, type TopicAnswer, topicsWithHistory } from './statuses-for-subject.ts'

export interface JointAnswers {
  /** The links that stand, by `linkId`. They do not say with whom. */
  readonly links: readonly { readonly linkId: string; readonly linkedAt: string }[]
  readonly consents: readonly (Topic & JointAnswer & Pick<TopicAnswer, 'notBefore'>)[]
}

export interface AnswersWithJoint extends StatusAnswers {
  /** Absent when no link stands. */
  readonly joint?: JointAnswers
}

/** The events of a subject and of those that it is linked to, from which joint states are computed. */
export interface LinkedReads {
  readonly links: JointAnswers['links']
  /** What was read of the subject of the question, then of those that it is linked to. */
  readonly members: readonly (Pick<Member, 'linkId'> & { readonly read: EventsRead })[]
}

/**
 * The subject's events with those of the subjects that it is linked to.
 *
 * @returns `undefined` when no link stands, or the linked ones may not be read
 */
export async function readLinked(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  read: EventsRead,
  { askedAt, ...instants }: AskedInstants,
  admitLinked: AdmitLinked = async () => true,
): Promise<LinkedReads | undefined> {
  const linked = await linkedOf(ledger, snapshot, read, instants)
  if (linked.length === 0 || !(await admitLinked(linked))) return undefined
  const others = linked.map(async ({ linkId, stored: of }) => ({
    linkId,
    read: await readEvents(ledger, snapshot, of.name.form, askedAt, of),
  }))
  const links = linked.map(({ linkId, here, there }) => ({ linkId, linkedAt: linkedAt(linkId, [...here, ...there]) }))
  return { links, members: [{ read }, ...(await Promise.all(others))] }
}

export function membersFor(
  { members }: Pick<LinkedReads, 'members'>,
  history: PolicyHistory,
  knownAt: string,
): Member[] {
  return members.map(({ read, ...link }) => ({
    ...link,
    events: read.opened,
    unopened: unopenedEventsFor(read, history, knownAt),
  }))
}

export async function askStatusesWithJoint(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  topics: readonly Topic[],
  asked: AskedInstants,
  stored?: StoredSubject,
  admitLinked?: AdmitLinked,
): Promise<AnswersWithJoint> {
  const read = await readEvents(ledger, snapshot, identity, asked.askedAt, stored)
  return statusesWithJoint(ledger, snapshot, read, topics, asked, admitLinked)
}

/** The same for events that have been read. */
export async function statusesWithJoint(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  read: EventsRead,
  topics: readonly Topic[],
  asked: AskedInstants,
  admitLinked?: AdmitLinked,
): Promise<AnswersWithJoint> {
  const { askedAt: _, ...instants } = asked
  const known = await topicsWithHistory(ledger, snapshot, topics)
  const alone = statusesFrom(read, known, instants)
  const linked = await readLinked(ledger, snapshot, read, asked, admitLinked)
  if (linked === undefined) return alone
  const consents = known.map(({ topic, history }) => {
    const question = { ...topic, ...instants }
    const members = membersFor(linked, history, instants.knownAt)
    const answer = jointStatusOf(question, members, history)
    const notBefore = askableAgainAt(question, answer, jointEvents(members), history)
    return { ...topic, ...answer, ...(notBefore !== undefined && { notBefore }) }
  })
  return { ...alone, joint: { links: linked.links, consents } }
}

async function linkedOf(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { subject }: EventsRead,
  instants: { readonly at: string; readonly knownAt: string },
): Promise<LinkedSubject[]> {
  return subject === undefined ? [] : linkedSubjects(ledger, vaultScope(snapshot), subject, instants)
}

/** A link counts from the later of its two entries. */
function linkedAt(linkId: string, acts: LinkedSubject['here']): string {
  const times = acts.flatMap(({ act }) => (act.act === 'link' && act.linkId === linkId ? [act.recordedAt] : []))
  return times.sort().at(-1) ?? ''
}

/** Answers about the device alone, for a request that proved an account too, with the id of the link between the two when one stands. */
export async function deviceBeside(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  [device, account]: readonly [Identity, Identity],
  topics: readonly Topic[],
  { askedAt, ...instants }: AskedInstants,
): Promise<StatusAnswers & { readonly linkId?: string }> {
  const [read, known, owner] = await Promise.all([
    readEvents(ledger, snapshot, device, askedAt),
    topicsWithHistory(ledger, snapshot, topics),
    subjectKeysIfReadable(ledger, vaultScope(snapshot), account),
  ])
  const linked = owner === undefined ? [] : await linkedOf(ledger, snapshot, read, instants)
  const link = linked.find(({ keys }) => keys !== undefined && keys.sub === owner?.sub)
  return { ...(link && { linkId: link.linkId }), ...statusesFrom(read, known, instants) }
}
