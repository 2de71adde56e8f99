/**
 * Opens the ledger in a data folder that no server uses, for reading: its engines, objects and keys. Creates nothing, sequences nothing, and
 * holds the folder's lock until it is closed.
 */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createDynamoClient, dynamoTable } from '../../../functions/aws/dynamodb.ts'
import { dynamoScan } from '../../../functions/aws/scan.ts'
import type { AuditedLedger } from '../../../shared/ledger/audit/audit-run.ts'
import type { LogWriter } from '../../../shared/ledger/ledger.ts'
import { pooledRandomness } from '../../../shared/ledger/randomness.ts'
import type { Clock } from '../../../shared/ledger/store.ts'
import { lockDataFolder } from '../data/data-folder.ts'
import { directoryObjects } from '../data/directory-objects.ts'
import { keyFileKeyring, keyFileSigner } from '../data/key-files.ts'
import { readIfThere } from '../data/write-once-file.ts'
import { startEngine } from '../engine/engine.ts'

export interface StoppedLedger {
  readonly audited: AuditedLedger
  /** For the redrive alone. */
  readonly logWriter: LogWriter
  close(): Promise<void>
}

const needed = [
  ...['ledger.db', 'vault.db'],
  ...['host', 'keyring.key', 'checkpoint.key', 'witness.key'].map((name) => join('keys', name)),
]

/** Throws a sentence for people when the folder holds no complete ledger, or another process uses it. */
export async function openStoppedLedger(dataFolder: string, clock: Clock): Promise<StoppedLedger> {
  for (const name of needed) {
    await access(join(dataFolder, name)).catch(() => {
      throw new Error(`there is no ledger in ${dataFolder}: it lacks ${name}`)
    })
  }
  const lock = await lockDataFolder(dataFolder)
  const opened: (() => Promise<unknown>)[] = [() => lock.release()]
  const close = async () => {
    for (const each of opened.splice(0).reverse()) await each()
  }
  try {
    const main = await tablesIn(join(dataFolder, 'ledger.db'), opened)
    const vault = await tablesIn(join(dataFolder, 'vault.db'), opened)
    const random = pooledRandomness()
    const keyFile = (name: string) => join(dataFolder, 'keys', name)
    const [keyring, checkpointSigner, witnessSigner, stored] = await Promise.all([
      keyFileKeyring(keyFile('keyring.key'), random),
      keyFileSigner(keyFile('checkpoint.key')),
      keyFileSigner(keyFile('witness.key')),
      readIfThere(keyFile('host')),
    ])
    const entries = main('entries')
    const log = main('log')
    const objects = directoryObjects(join(dataFolder, 'objects'))
    const host = String(stored)
    const keys = { checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
    return {
      audited: { entries, log, vault: vault('vault'), objects, keyring, clock, random, host, ...keys },
      logWriter: { entries, log, objects, clock, random, host, checkpointSigner, witnessSigner },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function tablesIn(dataFile: string, opened: (() => Promise<unknown>)[]) {
  const engine = await startEngine({ dataFile })
  opened.push(() => engine.stop())
  const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  opened.push(async () => client.destroy())
  return (name: string) => ({ ...dynamoTable(client, name), ...dynamoScan(client, name) })
}
