/** A ledger whose clock is set back, so that the demo world can be published on the days of its made-up past. */
import type { Ledger, LogWriter } from '../../shared/ledger/ledger.ts'
import { controllerOf } from '../../shared/ledger/log/log-items.ts'
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../shared/ledger/log/sequencer.ts'
import type { Key, Table } from '../../shared/ledger/store.ts'
import { type AnnouncedInsert, announcingTable } from './log/announcing-table.ts'

export interface PastLedger extends Ledger {
  /** Gives what was inserted since the last call its place in the log, at the time of its clock. */
  sequence(): Promise<void>
  /** Publishes one checkpoint of each log that was sequenced, at the time of its clock. */
  publish(): Promise<void>
}

/** Announces nothing on disk: the program that makes the past also sequences it, and makes it again after a crash. */
export function pastLedger(logWriter: LogWriter, stored: Table, ledgerWith: (entries: Table) => Ledger): PastLedger {
  let inserted: { readonly key: Key }[] = []
  const sequenced = new Set<string>()
  const worker = newSequencerMemory()
  const listener = {
    announce: (keys: readonly Key[]) => keys.map((key) => ({ key })),
    report(inserts: readonly AnnouncedInsert<{ readonly key: Key }>[]) {
      inserted.push(...inserts.map(({ announced }) => announced))
    },
  }
  return {
    ...ledgerWith(announcingTable(stored, listener)),
    async sequence() {
      const entries = inserted
      inserted = []
      for (const controller of new Set(entries.map(({ key }) => controllerOf(key)))) {
        const own = entries.filter(({ key }) => controllerOf(key) === controller)
        await sequenceEntries(logWriter, controller, own, worker)
        sequenced.add(controller)
      }
    },
    async publish() {
      for (const controller of sequenced) await publishCheckpoint(logWriter, controller)
      sequenced.clear()
    },
  }
}
