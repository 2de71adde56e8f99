/**
 * A ledger on one machine: embedded engines, a directory of objects, key files, the system's clock. The vault has an engine and
 * a file of its own, so that what it forgets is gone when that one file is. With `endpoint`, any other DynamoDB takes their place.
 */
import { join } from 'node:path'
import { createTables } from '../../functions/aws/create-tables.ts'
import { createDynamoClient, type DynamoTableOptions, dynamoTable } from '../../functions/aws/dynamodb.ts'
import type { Instance } from '../../functions/instance.ts'
import { controllerBooks } from '../../shared/ledger/controllers.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { pooledRandomness } from '../../shared/ledger/randomness.ts'
import type { Clock } from '../../shared/ledger/store.ts'
import { tables } from '../tables.ts'
import { type DevelopmentIssuer, ledgerAudience, openDevelopmentIssuer } from './development-issuer.ts'
import { directoryObjects } from './directory-objects.ts'
import { startEngine } from './engine.ts'
import { keyFileKeyring } from './key-files.ts'

export interface LocalLedgerOptions {
  readonly dataFolder: string
  /** A DynamoDB to use instead of the embedded engines. */
  readonly endpoint?: string
  readonly clock?: Clock
  readonly onEngineLost?: (name: string) => void
  /** Told of each call to the database; for tests and the bench. */
  readonly onCall?: DynamoTableOptions['onCall']
}

export interface LocalLedger extends Instance {
  readonly issuer: DevelopmentIssuer
  /** What the tables run on, for people to read. */
  readonly engine: string
  /** Endpoints of the engines: of entries and log, and of the vault. */
  readonly endpoints: readonly [ledger: string, vault: string]
  /** The same ledger at another time: only the demo world, which has a past, needs it. */
  at(clock: Clock): Ledger
  close(): Promise<void>
}

export async function openLocalLedger(options: LocalLedgerOptions): Promise<LocalLedger> {
  const { dataFolder, clock = Date.now, onCall } = options
  const [main, vault] = await Promise.all([
    startTables(options, 'ledger.db', ['entries', 'log']),
    startTables(options, 'vault.db', ['vault']),
  ])
  const random = pooledRandomness()
  const keyring = await keyFileKeyring(join(dataFolder, 'keys', 'keyring.key'), random)
  const issuer = await openDevelopmentIssuer(dataFolder)
  const entries = dynamoTable(main.client, 'entries', { onCall })
  const ports = {
    entries,
    vault: dynamoTable(vault.client, 'vault', { onCall }),
    objects: directoryObjects(join(dataFolder, 'objects')),
    keyring,
    random,
  }
  const at = (time: Clock): Ledger => ({ ...ports, clock: time, books: controllerBooks(entries, keyring, time) })
  return {
    ledger: at(clock),
    at,
    administrators: issuer.provider(ledgerAudience),
    issuer,
    engine: main.name,
    endpoints: [main.endpoint, vault.endpoint],
    async close() {
      await Promise.all([main.stop(), vault.stop()])
    },
  }
}

async function startTables(
  { dataFolder, endpoint, onEngineLost }: LocalLedgerOptions,
  file: string,
  names: readonly string[],
) {
  const engine =
    endpoint === undefined
      ? await startEngine({ dataFile: join(dataFolder, file), onLost: onEngineLost })
      : { endpoint, name: endpoint, stop: async () => {} }
  const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  await createTables(
    client,
    tables.filter((table) => names.includes(table.name)),
  )
  return {
    client,
    endpoint: engine.endpoint,
    name: engine.name,
    async stop() {
      client.destroy()
      await engine.stop()
    },
  }
}
