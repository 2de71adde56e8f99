/** A controller's log under test: tables that can be made to fail, entries to announce, and what was logged read back. */
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { type Batch, batchPk, checkpointPk, readBatch, timeLeaf, timePk } from '../../shared/ledger/log/log-items.ts'
import type { AnnouncedEntry } from '../../shared/ledger/log/sequencer.ts'
import { pooledRandomness } from '../../shared/ledger/randomness.ts'
import { type Item, type Key, type Objects, queryAll, type Table } from '../../shared/ledger/store.ts'
import { memoryObjects } from './memory-ledger.ts'
import { checkpointSigner, witnessSigner } from './memory-log-writer.ts'
import { memoryTable, type ScriptedFault } from './memory-table.ts'

export const controller = 'acme'

export interface SampleLog extends LogWriter {
  readonly entries: Table
  /** Asked for each item and key that reaches the log table. */
  fault: (operation: 'insert' | 'get' | 'query', key: Key) => ScriptedFault | undefined
  setNow(at: string): void
  /** Stores entries `e<n>` for n in [from, to) and announces them, without their leaves. */
  store(from: number, to: number): Promise<AnnouncedEntry[]>
  batches(): Promise<Batch[]>
  /** The leaf bytes in the order of the log, by the batches. */
  leaves(): Promise<string[]>
  checkpoints(): Promise<Item[]>
}

export const entryKey = (n: number): Key => ({ pk: `${controller}#sub${n % 7}`, sk: `event#${n}` })
export const entryLeaf = (n: number): string => JSON.stringify({ kind: 'event', n })

export function sampleLog(now = '2026-11-22T12:00:00.000Z'): SampleLog {
  let ms = Date.parse(now)
  const entries = memoryTable()
  const log = memoryTable({ fault: (operation, key) => sample.fault(operation, key) })
  const objects: Objects = memoryObjects()
  const sample: SampleLog = {
    entries,
    log,
    objects,
    clock: () => ms,
    random: pooledRandomness(),
    host: 'ledger.example',
    checkpointSigner,
    witnessSigner,
    fault: () => undefined,
    setNow: (at) => {
      ms = Date.parse(at)
    },
    async store(from, to) {
      const numbers = Array.from({ length: to - from }, (_, i) => from + i)
      await entries.insert(numbers.map((n) => ({ ...entryKey(n), values: { leaf: entryLeaf(n) } })))
      return numbers.map((n) => ({ key: entryKey(n) }))
    },
    async batches() {
      const found: Batch[] = []
      for await (const item of queryAll(log, batchPk(controller))) found.push(readBatch(controller, item))
      return found
    },
    async leaves() {
      const keys = (await sample.batches()).flatMap((batch) => batch.entries.map(({ key }) => key))
      const items = await entries.get(keys)
      return keys.map(({ pk, sk }, i) => (pk === timePk(controller) ? timeLeaf(sk) : String(items[i]?.values.leaf)))
    },
    async checkpoints() {
      const found: Item[] = []
      for await (const item of queryAll(log, checkpointPk(controller))) found.push(item)
      return found
    },
  }
  return sample
}
