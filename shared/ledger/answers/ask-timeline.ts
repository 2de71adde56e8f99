/** Answers when a status changed. A file of its own, because the function that answers loads it with the first such question. */
import type { Identity } from '../../consent/event.ts'
import { jointTimelineOf } from '../../consent/joint-timeline.ts'
import { knownFrom } from '../../consent/policy.ts'
import { type TimelineEntry, timelineOf } from '../../consent/timeline.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import type { AdmitLinked } from '../links/linked-subjects.ts'
import type { OpenedEvent } from '../recording/sealed-event.ts'
import type { StoredSubject } from '../vault/vault.ts'
import {
  type AskedInstants,
  compareByRecording,
  type EventsRead,
  historyOf,
  readEvents,
  type Topic,
  type UnreadableNames,
  unopenedEventsFor,
  unreadableMember,
} from './answers-for-subject.ts'
import { type JointAnswers, membersFor, readLinked } from './joint-answers.ts'

export interface Timeline extends UnreadableNames {
  readonly changes: readonly TimelineEntry[]
  readonly events: readonly OpenedEvent[]
  /** The joint state of the subject and those that it is linked to at `at`, from the newest of these links on. Absent when no link stands. */
  readonly joint?: { readonly links: JointAnswers['links']; readonly changes: readonly TimelineEntry[] }
}

/** The events alone, known by then, oldest record first: for a page after the first, which has no changes. */
export async function eventsKnownAt(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  { knownAt, askedAt }: AskedInstants,
  stored?: StoredSubject,
): Promise<readonly OpenedEvent[]> {
  return eventsFrom(await readEvents(ledger, snapshot, identity, askedAt, stored), knownAt)
}

function eventsFrom({ opened }: EventsRead, knownAt: string): OpenedEvent[] {
  return opened.filter((one) => knownFrom(one, one.event.times.recordedAt) <= knownAt).sort(compareByRecording)
}

/** When the status changed, up to `at`, and every event of the subject known by then, oldest record first. */
export async function askTimeline(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  topic: Topic,
  asked: AskedInstants,
  stored?: StoredSubject,
  admitLinked?: AdmitLinked,
): Promise<Timeline> {
  const { at, knownAt, askedAt } = asked
  const history = await historyOf(ledger, snapshot, topic)
  const read = await readEvents(ledger, snapshot, identity, askedAt, stored)
  const events = eventsFrom(read, knownAt)
  const unopened = unopenedEventsFor(read, history, knownAt)
  const changes = timelineOf({ ...topic, knownAt }, events, history, at, unopened)
  const linked = await readLinked(ledger, snapshot, read, asked, admitLinked)
  if (linked === undefined) return { changes, events, ...unreadableMember(unopened.unreadable) }
  const { links } = linked
  const from = links.map(({ linkedAt }) => linkedAt).reduce((a, b) => (a > b ? a : b))
  const members = membersFor(linked, history, knownAt)
  const joint = { links, changes: jointTimelineOf({ ...topic, knownAt }, members, history, from, at) }
  return { changes, events, joint, ...unreadableMember(unopened.unreadable) }
}
