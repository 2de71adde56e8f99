/**
 * The redrive: entries that no doorbell announced get their indexes and a checkpoint, and what a crash left half done at the end of a
 * log is completed. It is apart from the self-audit, which names the entries. Only for a log whose audit found nothing wrong: an
 * entry that has lost its index row in an older batch would get a second leaf.
 */

import type { LogWriter } from '../ledger.ts'
import type { Key } from '../store.ts'
import { lastBatch } from './batches.ts'
import { completeIndexRows } from './index-rows.ts'
import { publishCheckpoint } from './publisher.ts'
import { newSequencerMemory, type Sequenced, type SkippedEntry, sequenceEntries } from './sequencer.ts'

export interface Redriven extends Sequenced {
  /** Of the newest checkpoint. */
  readonly size: number
  readonly published: boolean
}

/** All that is asked of the tables at once has one deadline. */
const keysAtOnce = 5_000

/** Keys of one controller that no batch has. May be repeated, and run beside a sequencer. */
export async function redriveEntries(
  logWriter: LogWriter,
  controller: string,
  unsequenced: readonly Key[],
): Promise<Redriven> {
  const last = await lastBatch(logWriter.log, controller)
  if (last) await completeIndexRows(logWriter.log, last)
  const worker = newSequencerMemory()
  const sum = { indexed: 0, batches: 0, skipped: [] as SkippedEntry[] }
  for (let at = 0; at < unsequenced.length; at += keysAtOnce) {
    const announced = unsequenced.slice(at, at + keysAtOnce).map((key) => ({ key }))
    const { indexed, batches, skipped } = await sequenceEntries(logWriter, controller, announced, worker)
    sum.indexed += indexed
    sum.batches += batches
    sum.skipped.push(...skipped)
  }
  return { ...sum, ...(await publishCheckpoint(logWriter, controller)) }
}
