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
import { newSequencerMemory, type Sequenced, type SkippedEntry, sequenceEntries } from './sequencer.ts'

export interface Redriven extends Sequenced {
  /** Of the newest checkpoint. */
  readonly size: number
  readonly published: boolean
}

/** Bounded, because one call's reads share a deadline. */
const keysAtOnce = 5_000

/** @param unsequenced keys of one controller that no batch has. May be repeated, and run beside a sequencer. */
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
