/** Sequences keys of entries that were not announced, for the redrive and the release of erasures. */
import type { LogWriter } from '../ledger.ts'
import type { Key } from '../store.ts'
import { newSequencerMemory, type Sequenced, type SkippedEntry, sequenceEntries } from './sequencer.ts'

/** Bounded, because the reads of one call share a deadline. */
const keysAtOnce = 5_000

/** Sequences any number of keys of one controller, in their order. */
export async function sequenceKeys(logWriter: LogWriter, controller: string, keys: readonly Key[]): Promise<Sequenced> {
  const memory = newSequencerMemory()
  const sum = { indexed: 0, batches: 0, skipped: [] as SkippedEntry[] }
  for (let i = 0; i < keys.length; i += keysAtOnce) {
    const announced = keys.slice(i, i + keysAtOnce).map((key) => ({ key }))
    const { indexed, batches, skipped } = await sequenceEntries(logWriter, controller, announced, memory)
    sum.indexed += indexed
    sum.batches += batches
    sum.skipped.push(...skipped)
  }
  return sum
}
