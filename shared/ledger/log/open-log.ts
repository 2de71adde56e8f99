/**
 * Opens a log: stores its checkpoint of size 0 before anything is sequenced. From then on "no checkpoint" and "no batch" mean that storage
 * was lost or restored, and the log must not be continued as a new one. May be repeated at any time and by several processes at once; after
 * a crash the next call completes it.
 */

import type { LogWriter } from '../ledger.ts'
import { emptyTree, forkedLogError, lastBatch } from './batches.ts'
import { newestStoredCheckpoint, storeCheckpoint, storeCheckpointCopies } from './checkpoint-store.ts'

export async function openLog(logWriter: LogWriter, controller: string): Promise<void> {
  const newest = await newestStoredCheckpoint(logWriter, controller)
  // Read after the checkpoint, because a batch is committed before the checkpoint that covers it.
  const hasBatch = (await lastBatch(logWriter.log, controller)) !== undefined
  if (newest && newest.size > 0 && !hasBatch)
    throw forkedLogError('a checkpoint of this size is published, but the table has no batch', newest.size)
  const opened = newest ?? (hasBatch ? await newestStoredCheckpoint(logWriter, controller) : undefined)
  if (opened === undefined && hasBatch)
    throw forkedLogError('the table has batches, but no checkpoint was ever published', 0)
  const seconds = Math.floor(logWriter.clock() / 1000)
  const first = opened ?? (await storeCheckpoint(logWriter, controller, emptyTree, seconds)).checkpoint
  await storeCheckpointCopies(logWriter, controller, first)
}
