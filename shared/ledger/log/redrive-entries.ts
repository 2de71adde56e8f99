/**
 * The redrive: gives an index and a checkpoint to entries that were never announced, and completes what a crash left at the end of the log. The
 * self-audit names the entries. Use it only when the audit found the log sound: an entry of an older batch without its index
 * row would get a second leaf.
 */

import type { LogWriter } from '../ledger.ts'
import type { Key } from '../store.ts'
import { lastBatch } from './batches.ts'
import { completeIndexRows } from './index-rows.ts'
import { type PublishCheckpoint, type Published, publishCheckpoint } from './publisher.ts'
import { sequenceKeys } from './sequence-keys.ts'
import type { Sequenced } from './sequencer.ts'

export interface Redriven extends Sequenced, Published {
  /** Index rows of the last batch that were missing. */
  readonly completed: number
}

/**
 * @param unsequenced keys of one controller that no batch has. May be repeated, and run beside a sequencer.
 * @param publish another for a dry run
 */
export async function redriveEntries(
  logWriter: LogWriter,
  controller: string,
  unsequenced: readonly Key[],
  publish: PublishCheckpoint = publishCheckpoint,
): Promise<Redriven> {
  const last = await lastBatch(logWriter.log, controller)
  const completed = last ? await completeIndexRows(logWriter.log, last) : 0
  const sequenced = await sequenceKeys(logWriter, controller, unsequenced)
  return { ...sequenced, completed, ...(await publish(logWriter, controller)) }
}
