/**
 * A ledger's data folder at rest, made once, and copies of it to be damaged past the ledger: items through the engine's own endpoint
 * with writes that no role of the ledger has, objects as files. Its last event is two hours old.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { type RawItem, toItem } from '../../functions/aws/attributes.ts'
import { createDynamoClient } from '../../functions/aws/dynamodb.ts'
import { openDemoWorld } from '../../infra/demo/world.ts'
import { startEngine } from '../../infra/local/engine/engine.ts'
import { openLocalLedger } from '../../infra/local/local-ledger.ts'
import type { TableName } from '../../infra/tables.ts'
import { recordRead } from '../../shared/ledger/auditors/audit-reads.ts'
import { recordEvents } from '../../shared/ledger/recording/record-events.ts'
import type { Item, Key } from '../../shared/ledger/store.ts'
import { putItem, removeItem } from './damaged-items.ts'
import { submission } from './memory-ledger.ts'

export const controller = 'ljungsten'

export interface LedgerCopies {
  /** A copy of the folder, damaged; gone with the rest at the end. */
  damaged(damage: (copy: DamagedCopy) => unknown): Promise<string>
  /** The verifier keys of the log and of its witness, as an auditor has them. */
  readonly policy: string
  remove(): Promise<void>
}

/** What an operator with full rights to the machine can do. */
export interface DamagedCopy {
  items(table: TableName): Promise<Item[]>
  put(table: TableName, item: Item): Promise<void>
  remove(table: TableName, key: Key): Promise<void>
  object(name: string): Promise<Buffer>
  putObject(name: string, bytes: Uint8Array): Promise<void>
  removeObject(name: string): Promise<void>
}

/** So many events of half as many people make a full tile and bundle. */
export async function makeLedger(events: number): Promise<LedgerCopies> {
  const root = await mkdtemp(join(tmpdir(), 'ledger-copies-'))
  const original = join(root, 'original')
  const startMs = Date.now() - 2 * 3_600_000
  const local = await openLocalLedger({ dataFolder: original, clock: () => startMs })
  await openDemoWorld(local)
  const snapshot = await local.ledger.controllers.current(controller)
  if (snapshot === undefined) throw new Error('the demo world has no such controller')
  const occurredAt = new Date(startMs).toISOString()
  for (let n = 0; n < events; n += 100) {
    const some = Array.from({ length: Math.min(100, events - n) }, (_, i) =>
      submission(
        { eventId: `event-${n + i}`, occurredAt, decisions: [{ purposeId: 'statistics', verb: 'given' }] },
        { identity: { type: 'device', id: `device-${(n + i) % (events / 2)}` }, userAgent: 'a browser' },
      ),
    )
    await recordEvents(local.ledger, snapshot, some)
    await local.runner.settle()
  }
  await recordRead(
    local.ledger,
    snapshot,
    { type: 'reader', id: 'auditor' },
    { type: 'device', id: 'x' },
    { question: 'all' },
  )
  const policy = await local.logPolicy(controller)
  await local.close()

  let made = 0
  return {
    policy,
    async damaged(damage) {
      const folder = join(root, `copy-${++made}`)
      await cp(original, folder, { recursive: true })
      await withCopy(folder, damage)
      return folder
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

async function withCopy(folder: string, damage: (copy: DamagedCopy) => unknown): Promise<void> {
  const engines = new Map<string, Promise<{ client: DynamoDBClient; stop(): Promise<void> }>>()
  const clientOf = (table: TableName): Promise<{ client: DynamoDBClient }> => {
    const file = table === 'vault' ? 'vault.db' : 'ledger.db'
    const opened = engines.get(file) ?? openEngine(join(folder, file))
    engines.set(file, opened)
    return opened
  }
  const path = (name: string) => join(folder, 'objects', name)
  try {
    await damage({
      async items(table) {
        const { client } = await clientOf(table)
        const items: Item[] = []
        let after: RawItem | undefined
        do {
          const input = { TableName: table, ConsistentRead: true, ...(after && { ExclusiveStartKey: after }) }
          const page = await client.send(new ScanCommand(input))
          items.push(...(page.Items ?? []).map(toItem))
          after = page.LastEvaluatedKey
        } while (after !== undefined)
        return items
      },
      async put(table, item) {
        const { client } = await clientOf(table)
        await putItem(client, table, item)
      },
      async remove(table, key) {
        const { client } = await clientOf(table)
        await removeItem(client, table, key)
      },
      object: (name) => readFile(path(name)),
      putObject: (name, bytes) => writeFile(path(name), bytes),
      removeObject: (name) => rm(path(name)),
    })
  } finally {
    for (const engine of engines.values()) await (await engine).stop()
  }
}

async function openEngine(dataFile: string) {
  const engine = await startEngine({ dataFile })
  const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  return {
    client,
    async stop() {
      client.destroy()
      await engine.stop()
    },
  }
}
