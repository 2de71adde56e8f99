/** A ledger whose clock is set back, so that the demo world can be published on the days of its made-up past. */
import type { Ledger, LogWriter } from '../../shared/ledger/ledger.ts'
import { controllerOf } from '../../shared/ledger/log/log-items.ts'
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../shared/ledger/log/sequencer.ts'
import type { Key, Table } from '../../shared/ledger/store.ts'
import { type AnnouncedInsert, announcingTable } from './log/announcing-table.ts'

export interface PastLedger extends Ledger {
  /** Sequences and publishes, at the time of its clock, what was inserted since the last call. */
  settle(): Promise<void>
}

/** Announces nothing on disk: the program that makes the past also sequences it, and makes it again after a crash. */
export function pastLedger(logWriter: LogWriter, stored: Table, ledgerWith: (entries: Table) => Ledger): PastLedger {
  let inserted: { readonly key: Key }[] = []
  const worker = newSequencerMemory()
  const listener = {
    announce: (keys: readonly Key[]) => keys.map((key) => ({ key })),
    report(inserts: readonly AnnouncedInsert<{ readonly key: Key }>[]) {
      inserted.push(...inserts.map(({ announced }) => announced))
    },
  }
  return {
    ...ledgerWith(announcingTable(stored, listener)),
    async settle() {
      const entries = inserted
      inserted = []
      for (const controller of new Set(entries.map(({ key }) => controllerOf(key)))) {
        const own = entries.filter(({ key }) => controllerOf(key) === controller)
        await sequenceEntries(logWriter, controller, own, worker)
        await publishCheckpoint(logWriter, controller)
      }
    },
  }
}
