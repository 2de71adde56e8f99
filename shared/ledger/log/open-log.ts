/**
 * Opening a log: its first checkpoint, of size 0, in write-once storage before anything is sequenced. From then on "no checkpoint"
 * and "no batch behind a published size" mean that storage was lost or restored, and nobody may go on as if the log were new.
 * May be repeated, at any time and by several at once; a crash leaves nothing that the next call does not complete.
 */

import type { LogKeeper } from '../ledger.ts'
import { emptyTree, forked, lastBatch } from './batches.ts'
import { newestStored, showCheckpoint, storeCheckpoint } from './checkpoint-store.ts'

export async function openLog(keeper: LogKeeper, controller: string): Promise<void> {
  const newest = await newestStored(keeper, controller)
  // Read behind the checkpoint: a batch is committed before the checkpoint that covers it.
  const hasBatch = (await lastBatch(keeper.log, controller)) !== undefined
  if (newest && newest.size > 0 && !hasBatch)
    throw forked('this size is published, and the table has no batch', newest.size)
  const opened = newest ?? (hasBatch ? await newestStored(keeper, controller) : undefined)
  if (opened === undefined && hasBatch) throw forked('the table has batches, and nothing was ever published', 0)
  const seconds = Math.floor(keeper.clock() / 1000)
  const first = opened ?? (await storeCheckpoint(keeper, controller, emptyTree, seconds)).checkpoint
  await showCheckpoint(keeper, controller, first)
}
