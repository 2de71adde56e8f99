/**
 * A batch of checks is recorded as a read. What differs from a read about one subject (`audit-reads.ts`) is what a batch can afford: a
 * program that sends mail asks about the same hundred thousand people each day.
 *
 *   entry  the same, once for the batch: its question says how many were asked about (`subjects`), and its leaf names none of them
 *   row    PK `<controller>#read#<sub>`     SK HMAC of month, reader and topic under the subject's `reads` key, 32 hex digits
 *     payload  read (key of the entry), question with `month`, times: sealed as the row of any read
 *
 * So each subject has one row for a reader, a topic and a calendar month (UTC), that of the first check; later ones find it and write
 * nothing. A subject is told who checked what in which month, and since when; not how often. One row a check would take a year's daily
 * letter to a million people to 200 GB that nothing may delete. An unknown subject gets no row.
 *
 * All is stored before the batch is answered. A crash may leave the entry or some rows; then nothing was answered.
 */
import type { Identity } from '../../consent/event.ts'
import { paddedBytes, type ReadQuestion, readsPk, subjectRow } from '../auditors/audit-reads.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { hmac } from '../derived-keys.ts'
import { makeHolderEntry } from '../holder-entry.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { type Item, insertOne, type Key } from '../store.ts'
import { type ReadsKey, vaultScope } from '../vault/subject-keys.ts'

/** What was asked of each subject. */
export type CheckQuestion = ReadQuestion & {
  readonly route: string
  readonly purposeId?: string
  readonly policyId?: string
}

export interface RecordedBatch {
  /** Resolves once the entry is stored. */
  readonly stored: Promise<unknown>
  /** Resolves once the subject has its row of the month. */
  tell(subject: ReadsKey): Promise<void>
}

/** @param subjects how many the batch asks about */
export function recordBatch(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  reader: Identity,
  question: CheckQuestion,
  subjects: number,
): RecordedBatch {
  const scope = vaultScope(snapshot)
  const times = { readAt: timestamp(ledger.clock) }
  const content = { question: { ...question, subjects }, reader, times }
  const made = { kind: 'read', holder: reader, at: times.readAt, content, paddedBytes: paddedBytes.read } as const
  const entry = makeHolderEntry(ledger, scope, made)
  const month = times.readAt.slice(0, 7)
  const asked = JSON.stringify(['check', month, reader.id, question.purposeId ?? null, question.policyId ?? null])
  return {
    // The key is random: if it exists, it is ours, and the answer to a first try was lost.
    stored: entry.then((item) => insertOne(ledger.entries, item)),
    async tell(subject) {
      const key = { pk: readsPk(scope.controller, subject.sub), sk: hmac(subject.key, asked).toString('hex', 0, 16) }
      const [told] = await ledger.entries.get([key])
      if (told !== undefined) return
      const read = keyOf(await entry)
      const row = { read, question: { ...question, month }, times }
      // If it exists, another batch of the month has told the subject meanwhile.
      await insertOne(ledger.entries, subjectRow(scope.controller, subject, row, ledger.random, key.sk))
    },
  }
}

const keyOf = ({ pk, sk }: Item): Key => ({ pk, sk })
