/**
 * The daily release of erasures: what was erased since the last one gets its leaves at once, in the order of the pseudonyms. No doorbell
 * rings for an erasure, so that its place in the log tells the day and nothing finer, and joins with nothing that happened when
 * it was asked for.
 *
 * May run at any time and by several at once: what has its index row is passed over, and the sequencer decides the rest. A crash
 * leaves erasures without a leaf, which the next release takes. Memory: the erasures of a day.
 */
import type { LogWriter } from '../ledger.ts'
import type { Key } from '../store.ts'
import { withoutRow } from './index-rows.ts'
import { erasedPk } from './log-items.ts'
import { newSequencerMemory, type Sequenced, type SkippedEntry, sequenceEntries } from './sequencer.ts'

/** Read, and looked up in the log, at once; a bound of each call's deadline. */
const pageLength = 1_000
/** Given to the sequencer at once. */
const keysAtOnce = 5_000

export async function releaseErasures(logWriter: LogWriter, controller: string): Promise<Sequenced> {
  const waiting = await waitingErasures(logWriter, controller)
  const worker = newSequencerMemory()
  const sum = { indexed: 0, batches: 0, skipped: [] as SkippedEntry[] }
  for (let at = 0; at < waiting.length; at += keysAtOnce) {
    const announced = waiting.slice(at, at + keysAtOnce).map((key) => ({ key }))
    const { indexed, batches, skipped } = await sequenceEntries(logWriter, controller, announced, worker)
    sum.indexed += indexed
    sum.batches += batches
    sum.skipped.push(...skipped)
  }
  return sum
}

/** In the order of their pseudonyms, since a partition is read by its sort keys. */
async function waitingErasures({ entries, log }: LogWriter, controller: string): Promise<Key[]> {
  const waiting: Key[] = []
  let after: string | undefined
  do {
    const page = await entries.query(erasedPk(controller), { limit: pageLength, ...(after !== undefined && { after }) })
    const keys = page.items.map(({ pk, sk }) => ({ pk, sk }))
    if (keys.length > 0) waiting.push(...(await withoutRow(log, keys)))
    after = page.next
  } while (after !== undefined)
  return waiting
}
