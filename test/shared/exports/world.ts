/** A ledger on the model with a controller, whose log is extended when a test says so. */
import {
  type ControllerSnapshot,
  controllerSnapshots,
} from '../../../shared/ledger/controllers/controller-snapshots.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { type MemoryLedger, memoryLedger, seeded } from '../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../support/memory-log-writer.ts'
import { type MemoryTable, memoryTable } from '../../support/memory-table.ts'
import { allOf } from '../ledger/audit/drill-items.ts'

export interface World {
  readonly ledger: MemoryLedger
  readonly snapshot: ControllerSnapshot
  readonly entries: MemoryTable
  readonly log: MemoryTable
  readonly vault: MemoryTable
  /** Sequences and publishes what the entries have. */
  settle(): Promise<void>
}

export async function emptyWorld(now: string): Promise<World> {
  const made = memoryLedger(now)
  const [entries, log] = [memoryTable(), memoryTable()]
  const controllers = controllerSnapshots(entries, log, made.keyring, made.clock)
  const ledger: MemoryLedger = { ...made, entries, log, controllers }
  const snapshot = await seeded(ledger)
  return {
    ...{ ledger, snapshot, entries, log, vault: made.vault },
    async settle() {
      const writer = memoryLogWriter(ledger)
      const announced = (await allOf(entries)).filter(({ values }) => typeof values.leaf === 'string')
      const keys = announced.map(({ pk, sk }) => ({ key: { pk, sk } }))
      await sequenceEntries(writer, 'acme', keys, newSequencerMemory())
      await publishCheckpoint(writer, 'acme')
    },
  }
}
