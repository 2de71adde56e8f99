/**
 * The daily release of erasures: all erasures since the last release get their leaves together, in the order of the pseudonyms. Erasures are
 * not announced, so the position of a leaf shows the day only and cannot be joined with other events of the moment.
 *
 * May run at any time and several times at once: erasures with an index row are skipped. A crash leaves erasures without a leaf for the
 * next release. Memory: the erasures of a day.
 */
import type { LogWriter } from '../ledger.ts'
import type { Key } from '../store.ts'
import { withoutRow } from './index-rows.ts'
import { erasedPk } from './log-items.ts'
import { sequenceKeys } from './sequence-keys.ts'
import type { Sequenced } from './sequencer.ts'

/** Erasures read and looked up together, bounded because the calls share a deadline. */
const pageLength = 1_000

export async function releaseErasures(logWriter: LogWriter, controller: string): Promise<Sequenced> {
  return sequenceKeys(logWriter, controller, await waitingErasures(logWriter, controller))
}

/** Erasures without a leaf, in the order of their pseudonyms. */
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
