/**
 * The redrive: gives an index and a checkpoint to entries that were never announced, and completes what a crash left at the end of the log. The
 * self-audit names the entries. Use it only when the audit found the log sound: an entry of an older batch without its index
 * row would get a second leaf.
 */

import type { LogWriter } from '../ledger.ts'
import type { Key } from '../store.ts'
import { lastBatch } from './batches.ts'
import { completeIndexRows } from './index-rows.ts'
import { publishCheckpoint } from './publisher.ts'
import { sequenceKeys } from './sequence-keys.ts'
import type { Sequenced } from './sequencer.ts'

export interface Redriven extends Sequenced {
  /** Tree size of the newest checkpoint. */
  readonly size: number
  readonly published: boolean
}

/** @param unsequenced keys of one controller that no batch has. May be repeated, and run beside a sequencer. */
export async function redriveEntries(
  logWriter: LogWriter,
  controller: string,
  unsequenced: readonly Key[],
): Promise<Redriven> {
  const last = await lastBatch(logWriter.log, controller)
  if (last) await completeIndexRows(logWriter.log, last)
  const sequenced = await sequenceKeys(logWriter, controller, unsequenced)
  return { ...sequenced, ...(await publishCheckpoint(logWriter, controller)) }
}
