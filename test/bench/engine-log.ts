/**
 * A log on the embedded engine and on disk, as on one machine, with every call to DynamoDB counted. Its entries are in no table: they are
 * made from their keys when they are read, and a read of 100 counts as the call that it would be.
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createTables } from '../../functions/aws/create-tables.ts'
import { createDynamoClient, type DynamoCall, dynamoTable } from '../../functions/aws/dynamodb.ts'
import { directoryObjects } from '../../infra/local/data/directory-objects.ts'
import { keyFileSigner } from '../../infra/local/data/key-files.ts'
import { startEngine } from '../../infra/local/engine/engine.ts'
import { tables } from '../../infra/tables.ts'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { pooledRandomness } from '../../shared/ledger/randomness.ts'
import type { Objects, Table } from '../../shared/ledger/store.ts'
import type { LogSample } from './log-sample.ts'

export interface Tally {
  readonly calls: Readonly<Partial<Record<DynamoCall['operation'], number>>>
  readonly allCalls: number
  readonly writeUnits: number
  readonly objectReads: number
  readonly objectWrites: number
}

export interface EngineLog {
  readonly logWriter: LogWriter & { readonly entries: Table }
  /** The same log without transactions, as it is written on AWS: for calls and units. */
  readonly deployed: EngineLog['logWriter']
  readonly engine: { readonly name: string; readonly pid: number }
  /** Since it was opened. */
  tally(): Tally
  /** Of the engine's file and what belongs to it. */
  fileBytes(): Promise<number>
  close(): Promise<void>
}

const keysPerCall = 100

export async function openEngineLog(folder: string, sample: LogSample): Promise<EngineLog> {
  const dataFile = join(folder, 'log.db')
  const engine = await startEngine({ dataFile })
  const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  await createTables(
    client,
    tables.filter(({ name }) => name === 'log'),
  )
  const calls: Partial<Record<DynamoCall['operation'], number>> = {}
  let writeUnits = 0
  const onCall = ({ operation, consumedWriteUnits = 0 }: Pick<DynamoCall, 'operation' | 'consumedWriteUnits'>) => {
    calls[operation] = (calls[operation] ?? 0) + 1
    writeUnits += consumedWriteUnits
  }
  const { objects, counts } = countedObjects(directoryObjects(join(folder, 'objects')))
  const keyFile = (name: string) => keyFileSigner(join(folder, 'keys', `${name}.key`))
  const logWriter = {
    entries: madeEntries(sample, () => onCall({ operation: 'BatchGetItem' })),
    log: dynamoTable(client, 'log', { onCall, inTransactions: true }),
    objects,
    clock: Date.now,
    random: pooledRandomness(),
    host: 'ledger.localhost',
    checkpointSigner: await keyFile('checkpoint'),
    witnessSigner: await keyFile('witness'),
  }
  return {
    logWriter,
    deployed: { ...logWriter, log: dynamoTable(client, 'log', { onCall }) },
    engine,
    tally: () => ({
      calls: { ...calls },
      allCalls: Object.values(calls).reduce((sum, count) => sum + count, 0),
      writeUnits,
      ...counts,
    }),
    async fileBytes() {
      const files = [dataFile, `${dataFile}-wal`]
      const sizes = await Promise.all(
        files.map((file) =>
          stat(file).then(
            ({ size }) => size,
            () => 0,
          ),
        ),
      )
      return sizes.reduce((sum, size) => sum + size, 0)
    },
    async close() {
      client.destroy()
      await engine.stop()
    },
  }
}

export function tallyBetween(before: Tally, after: Tally): Tally {
  const calls = Object.entries(after.calls).map(([name, count]) => {
    const operation = name as DynamoCall['operation']
    return [operation, count - (before.calls[operation] ?? 0)] as const
  })
  return {
    calls: Object.fromEntries(calls.filter(([, count]) => count > 0)),
    allCalls: after.allCalls - before.allCalls,
    writeUnits: after.writeUnits - before.writeUnits,
    objectReads: after.objectReads - before.objectReads,
    objectWrites: after.objectWrites - before.objectWrites,
  }
}

function madeEntries(sample: LogSample, onCall: () => void): Table {
  const refused = () => Promise.reject(new Error('the entries of the bench are only read, by their keys'))
  return {
    async get(keys) {
      for (let n = 0; n < keys.length; n += keysPerCall) onCall()
      return keys.map((key) => sample.entryOf(key))
    },
    insert: refused,
    query: refused,
  }
}

function countedObjects(objects: Objects): { objects: Objects; counts: { objectReads: number; objectWrites: number } } {
  const counts = { objectReads: 0, objectWrites: 0 }
  return {
    counts,
    objects: {
      put(name, bytes) {
        counts.objectWrites++
        return objects.put(name, bytes)
      },
      get(name) {
        counts.objectReads++
        return objects.get(name)
      },
      first(prefix) {
        counts.objectReads++
        return objects.first(prefix)
      },
      readServed(name) {
        counts.objectReads++
        return objects.readServed(name)
      },
      replaceServed(name, bytes, tag) {
        counts.objectWrites++
        return objects.replaceServed(name, bytes, tag)
      },
    },
  }
}
