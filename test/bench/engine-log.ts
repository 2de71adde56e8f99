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
import { engineClient } from '../../infra/local/engine/engine-client.ts'
import { tables } from '../../infra/tables.ts'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { pooledRandomness } from '../../shared/ledger/randomness.ts'
import type { Objects, Table } from '../../shared/ledger/store.ts'
import type { LogSample } from './log-sample.ts'

export interface Tally {
  readonly calls: number
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
  /** Bytes of the engine's database file and its write-ahead log. */
  fileBytes(): Promise<number>
  close(): Promise<void>
}

const keysPerCall = 100

export async function openEngineLog(folder: string, sample: LogSample): Promise<EngineLog> {
  const dataFile = join(folder, 'log.db')
  const engine = await startEngine({ dataFile })
  const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  const calls = engineClient(engine.endpoint)
  await createTables(
    client,
    tables.filter(({ name }) => name === 'log'),
  )
  const tally = { calls: 0, writeUnits: 0, objectReads: 0, objectWrites: 0 }
  const onCall = ({ consumedWriteUnits = 0 }: Pick<DynamoCall, 'consumedWriteUnits'>) => {
    tally.calls++
    tally.writeUnits += consumedWriteUnits
  }
  const objects = countedObjects(directoryObjects(join(folder, 'objects')), tally)
  const keyFile = (name: string) => keyFileSigner(join(folder, 'keys', `${name}.key`))
  const logWriter = {
    entries: madeEntries(sample, () => onCall({})),
    log: dynamoTable(calls, 'log', { onCall, inTransactions: true }),
    objects,
    clock: Date.now,
    random: pooledRandomness(),
    host: 'ledger.localhost',
    checkpointSigner: await keyFile('checkpoint'),
    witnessSigner: await keyFile('witness'),
  }
  return {
    logWriter,
    deployed: { ...logWriter, log: dynamoTable(calls, 'log', { onCall }) },
    engine,
    tally: () => ({ ...tally }),
    async fileBytes() {
      const sizes = await Promise.all(
        [dataFile, `${dataFile}-wal`].map((file) => stat(file).catch(() => ({ size: 0 }))),
      )
      return sizes.reduce((sum, { size }) => sum + size, 0)
    },
    async close() {
      calls.destroy()
      client.destroy()
      await engine.stop()
    },
  }
}

export function tallyBetween(before: Tally, after: Tally): Tally {
  return {
    calls: after.calls - before.calls,
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

function countedObjects(objects: Objects, tally: { objectReads: number; objectWrites: number }): Objects {
  const counted =
    <A extends unknown[], R>(which: 'objectReads' | 'objectWrites', act: (...args: A) => R) =>
    (...args: A) => {
      tally[which]++
      return act(...args)
    }
  return {
    put: counted('objectWrites', objects.put),
    get: counted('objectReads', objects.get),
    first: counted('objectReads', objects.first),
    readServed: counted('objectReads', objects.readServed),
    replaceServed: counted('objectWrites', objects.replaceServed),
  }
}
