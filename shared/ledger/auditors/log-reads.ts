/** Records a read of the log itself, which is about no subject: the entry of `audit-reads.ts`, without the subject's digest and row. */
import type { Identity } from '../../consent/event.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { makeHolderEntry } from '../holder-entry.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { insertOne } from '../store.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { paddedBytes, type ReadQuestion } from './audit-reads.ts'

export async function recordLogRead(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  reader: Identity,
  question: ReadQuestion,
): Promise<void> {
  const times = { readAt: timestamp(ledger.clock) }
  const content = { question, reader, times }
  const made = { kind: 'read', holder: reader, at: times.readAt, content, paddedBytes: paddedBytes.read } as const
  const entry = await makeHolderEntry(ledger, vaultScope(snapshot), made)
  // The key is random: if it exists, it is ours, and the answer to a first try was lost.
  await insertOne(ledger.entries, entry)
}
