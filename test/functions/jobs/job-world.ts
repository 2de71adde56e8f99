/** A ledger for its jobs, in memory or on an engine: it counts what is signed and written, and fails where a test says so. */
import type { LogJobDependencies } from '../../../functions/jobs/extend-logs.ts'
import { controllerSnapshots } from '../../../shared/ledger/controllers/controller-snapshots.ts'
import { erasureMark } from '../../../shared/ledger/erasure/erasure-marks.ts'
import type { LogWriter } from '../../../shared/ledger/ledger.ts'
import type { Item, Objects, RetentionVault, Signer, Table, TableScan } from '../../../shared/ledger/store.ts'
import { receiptPublicKey } from '../../support/kept-logs.ts'
import { memoryLedger, memoryObjects } from '../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../support/memory-log-writer.ts'
import { memoryTable } from '../../support/memory-table.ts'
import { memoryRetentionVault } from '../../support/memory-vault.ts'
import { recordedTelemetry } from '../../support/recorded-telemetry.ts'
import { scannedItems } from '../../support/scanned-items.ts'

export type Scanned = Table & TableScan
export interface Stores {
  readonly entries: Scanned
  readonly log: Scanned
  readonly vault: Scanned
  readonly retentionVault: RetentionVault
}
export type OpenStores = () => Promise<Stores>

export const inMemory: OpenStores = async () => {
  const vault = memoryTable()
  return { entries: memoryTable(), log: memoryTable(), vault, retentionVault: memoryRetentionVault(vault) }
}

export interface World extends Stores {
  readonly ledger: ReturnType<typeof memoryLedger>
  readonly job: LogJobDependencies
  /** Names of objects that were put, and of served copies that were replaced. */
  readonly written: string[]
  readonly objects: Objects
  signatures: number
  canSign: boolean
  /** How many items can still be inserted into the log; then the process is as if killed. */
  insertsLeft: number
  controllers: readonly string[]
  readonly telemetry: ReturnType<typeof recordedTelemetry>
}

export async function open(openStores: OpenStores, now = '2026-11-22T12:00:00.000Z'): Promise<World> {
  const stores = await openStores()
  const base = memoryLedger(now)
  const written: string[] = []
  const plain = memoryObjects()
  const objects: Objects = {
    ...plain,
    async put(name, bytes) {
      written.push(name)
      await plain.put(name, bytes)
    },
    async replaceServed(name, bytes, tag) {
      written.push(name)
      return plain.replaceServed(name, bytes, tag)
    },
  }
  const { entries, log, vault } = stores
  const controllers = controllerSnapshots(entries, log, base.keyring, base.clock)
  const ledger = { ...base, entries, log, vault: vault as typeof base.vault, objects, controllers }
  const counted = ({ publicKey, sign }: Signer): Signer => ({
    publicKey,
    sign: async (message) => {
      world.signatures++
      if (!world.canSign) throw new TypeError('no key today')
      return sign(message)
    },
  })
  const plainWriter = memoryLogWriter({ ...ledger, host: 'ledger.example' })
  const logWriter: LogWriter = {
    ...plainWriter,
    log: {
      ...log,
      async insert(items) {
        const some = items.slice(0, Math.max(0, world.insertsLeft))
        world.insertsLeft -= some.length
        const done = some.length === 0 ? [] : await log.insert(some)
        return items.map((_, i) => done[i] ?? { outcome: 'error', error: new Error('killed, as scripted') })
      },
    },
    checkpointSigner: counted(plainWriter.checkpointSigner),
    witnessSigner: counted(plainWriter.witnessSigner),
  }
  const telemetry = recordedTelemetry()
  const world: World = {
    ...stores,
    ledger,
    written,
    objects,
    telemetry,
    signatures: 0,
    canSign: true,
    insertsLeft: Number.POSITIVE_INFINITY,
    controllers: ['acme', 'other'],
    job: {
      logWriter,
      controllers: async () => world.controllers,
      receiptPublicKey,
      telemetry,
      publishEveryMs: 0,
    },
  }
  return world
}

/** All that is stored: items, and objects by name. */
export async function everything({ entries, log, vault, objects, written }: World) {
  const names = [...new Set(written)].sort()
  const bytes = await Promise.all(
    names.map(async (name) =>
      name.startsWith('served/') ? (await objects.readServed(name))?.bytes : objects.get(name),
    ),
  )
  return {
    ...{ entries: await scannedItems(entries), log: await scannedItems(log), vault: await scannedItems(vault) },
    ...{ names, bytes },
  }
}

export const erasure = (controller: string, sub: string): Item[] => [
  erasureMark(controller, sub, '2026-11-22'),
  { pk: `${controller}#erased`, sk: sub, values: { leaf: `{"kind":"erased","sub":"${sub}","v":1}` } },
]
export const insertAll = async ({ entries }: World, items: readonly Item[]) => {
  for (let i = 0; i < items.length; i += 25) await entries.insert(items.slice(i, i + 25))
}
