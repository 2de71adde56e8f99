/** A ledger whose clock is set back, so that the demo world can be published on the days of its made-up past. */
import type { Ledger, LogWriter } from '../../shared/ledger/ledger.ts'
import { controllerOf } from '../../shared/ledger/log/log-items.ts'
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../shared/ledger/log/sequencer.ts'
import type { Key, Table } from '../../shared/ledger/store.ts'
import { type AnnouncedInsert, announcingTable } from './log/announcing-table.ts'
import { rememberingTable } from './remembering-table.ts'

export interface PastLedger extends Ledger {
  /** Gives what was inserted since the last call its place in the log, at the time of its clock. */
  sequence(): Promise<void>
  /** Publishes one checkpoint of each log that was sequenced, at the time of its clock. */
  publish(): Promise<void>
}

/**
 * Announces nothing on disk: the program that makes the past also sequences it, and makes it again after a crash. It is the only writer of its
 * controller meanwhile, so what was read once is not read again.
 *
 * @param ledgerWith the ledger on these two tables
 */
export function pastLedger(
  stored: LogWriter & { readonly entries: Table },
  ledgerWith: (entries: Table, log: Table) => Ledger,
): PastLedger {
  const entries = rememberingTable(stored.entries)
  const log = rememberingTable(stored.log)
  const logWriter = { ...stored, entries, log }
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
    ...ledgerWith(announcingTable(entries, listener), log),
    async sequence() {
      const announced = inserted
      inserted = []
      for (const controller of new Set(announced.map(({ key }) => controllerOf(key)))) {
        const own = announced.filter(({ key }) => controllerOf(key) === controller)
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
