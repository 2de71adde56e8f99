/**
 * Answers for many people at once whether a purpose or policy permits something now. The rules are those of every answer: all events of a
 * person and of those linked to them, folded for the one topic. What is shared is the calls: everyone's rows of the vault and of reads are
 * read in batches, and the queries for events go out together.
 */
import type { Identity } from '../../consent/event.ts'
import { jointStatusOf } from '../../consent/joint-status.ts'
import { statusOf } from '../../consent/status.ts'
import type { Finding, Reason, Status } from '../../consent/status-answer.ts'
import { type AskedInstants, readEvents, unopenedEventsFor } from '../answers/answers-for-subject.ts'
import { membersFor, readLinked } from '../answers/joint-answers.ts'
import type { TopicWithHistory } from '../answers/statuses-for-subject.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import type { LinkedSubject } from '../links/linked-subjects.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { type StoredSubject, storedSubject } from '../vault/vault.ts'
import type { RecordedBatch } from './record-checks.ts'

export interface Checked {
  readonly permitted: boolean
  readonly status: Status
  readonly reason: Reason
}

/** A function that answers about one person; called for several in one turn, their calls are shared. */
export type CheckOne = (subject: Identity, stored?: StoredSubject) => Promise<Checked>

/**
 * @param history of the policy that decides the topic
 * @param batch records whom the answers are about
 * @param coversRows whether the caller may be answered about a subject, by the partition key of its rows in the vault
 */
export function checksOf(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { topic, history }: TopicWithHistory,
  askedAt: string,
  batch: RecordedBatch,
  coversRows: (pk: string) => boolean,
): CheckOne {
  const scope = vaultScope(snapshot)
  const instants: AskedInstants = { at: askedAt, knownAt: askedAt, askedAt }
  const question = { ...topic, at: askedAt, knownAt: askedAt }

  async function tellLinked(linked: readonly LinkedSubject[]): Promise<boolean> {
    if (!linked.every(({ stored }) => coversRows(stored.name.pk))) return false
    await Promise.all(linked.flatMap(({ keys }) => (keys ? [batch.tell(keys.reads)] : [])))
    return true
  }

  return async (subject, known) => {
    const stored = known ?? (await storedSubject(ledger, scope, subject))
    if (stored === undefined)
      return checked(statusOf(question, [], history, unopenedEventsFor(nothing, history, askedAt)))
    const read = await readEvents(ledger, snapshot, subject, askedAt, stored)
    const [linked] = await Promise.all([
      readLinked(ledger, snapshot, read, instants, tellLinked),
      read.subject && batch.tell(read.subject.reads),
    ])
    return checked(
      linked
        ? jointStatusOf(question, membersFor(linked, history, askedAt), history)
        : statusOf(question, read.opened, history, unopenedEventsFor(read, history, askedAt)),
    )
  }
}

const nothing = { closed: [], unreadable: [] }

function checked(finding: Finding): Checked {
  return { permitted: permits(finding), status: finding.status, reason: finding.reason }
}

/**
 * Consent has to stand. Other bases permit once the person was informed and while no objection stands. A policy permits while the version in
 * force is accepted or acknowledged. Undetermined is none of these.
 */
export function permits({ status, permittedByConsent, current }: Finding): boolean {
  return permittedByConsent ?? current ?? (status === 'Informed' || status === 'NotObjected')
}
