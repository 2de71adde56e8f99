/**
 * Opens the ledger in a data folder that no server uses: its engines, objects and keys. Opening creates nothing and sequences nothing, and
 * holds the folder's lock until it is closed.
 */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createDynamoClient, dynamoTable } from '../../../functions/aws/dynamodb.ts'
import { dynamoRetentionVault } from '../../../functions/aws/retention-vault.ts'
import { dynamoScan } from '../../../functions/aws/scan.ts'
import type { AuditedLedger } from '../../../shared/ledger/audit/audit-run.ts'
import { controllerSnapshots } from '../../../shared/ledger/controllers/controller-snapshots.ts'
import type { LogWriter, RetentionJob } from '../../../shared/ledger/ledger.ts'
import { publicKeysOf } from '../../../shared/ledger/log/log-policy-text.ts'
import { pooledRandomness } from '../../../shared/ledger/randomness.ts'
import type { Clock } from '../../../shared/ledger/store.ts'
import { openCheckpointKeys } from '../data/checkpoint-keys.ts'
import { lockDataFolder } from '../data/data-folder.ts'
import { directoryObjects } from '../data/directory-objects.ts'
import { keyFileKeyring, keyFileSigner } from '../data/key-files.ts'
import { vaultMarkingDeletions } from '../data/vault-vacuum.ts'
import { readIfThere } from '../data/write-once-file.ts'
import { startEngine } from '../engine/engine.ts'
import { type AnnouncedKey, type AnnouncedKeys, openAnnouncedKeys } from '../log/announced-keys.ts'
import { announcingTable, type EntryListener } from '../log/announcing-table.ts'

export interface StoppedLedger {
  readonly audited: AuditedLedger
  /** For the redrive and the jobs. */
  readonly logWriter: LogWriter
  /** For the job of that name. What it deletes is in the vault's file until that is vacuumed. */
  readonly retentionJob: RetentionJob
  close(): Promise<void>
}

const needed = [
  ...['ledger.db', 'vault.db'],
  ...['host', 'keyring.key', 'witness.key'].map((name) => join('keys', name)),
]

/** Throws a sentence for people when the folder holds no complete ledger, or another process uses it. */
export async function openStoppedLedger(dataFolder: string, clock: Clock): Promise<StoppedLedger> {
  for (const name of needed) {
    await access(join(dataFolder, name)).catch(() => {
      throw new Error(`there is no ledger in ${dataFolder}: it lacks ${name}`)
    })
  }
  const first = join('keys', 'checkpoint')
  if (!(await readIfThere(join(dataFolder, `${first}.key`))) && !(await readIfThere(join(dataFolder, `${first}.pub`))))
    throw new Error(`there is no ledger in ${dataFolder}: it lacks ${first}.key`)
  const lock = await lockDataFolder(dataFolder)
  const opened: (() => Promise<unknown>)[] = [() => lock.release()]
  const close = async () => {
    for (const each of opened.splice(0).reverse()) await each()
  }
  try {
    const vaultFile = join(dataFolder, 'vault.db')
    const { table: main } = await tablesIn(join(dataFolder, 'ledger.db'), opened)
    const { table: vault, client } = await tablesIn(vaultFile, opened)
    const random = pooledRandomness()
    const keyFile = (name: string) => join(dataFolder, 'keys', name)
    const [keyring, checkpointKeys, witnessSigner, stored] = await Promise.all([
      keyFileKeyring(keyFile('keyring.key'), random),
      openCheckpointKeys(join(dataFolder, 'keys')),
      keyFileSigner(keyFile('witness.key')),
      readIfThere(keyFile('host')),
    ])
    const entries = main('entries')
    const log = main('log')
    const vaultTable = vault('vault')
    const objects = directoryObjects(join(dataFolder, 'objects'))
    const host = String(stored)
    const keys = { ...publicKeysOf(checkpointKeys), witnessKey: witnessSigner.publicKey }
    return {
      audited: { entries, log, vault: vaultTable, objects, keyring, clock, random, host, ...keys },
      logWriter: { entries, log, objects, clock, random, host, ...checkpointKeys, witnessSigner },
      retentionJob: {
        vault: vaultMarkingDeletions(dynamoRetentionVault(vaultTable, client, 'vault'), vaultFile),
        controllers: controllerSnapshots(entries, log, keyring, clock),
        ...{ entries: announcingTable(entries, lastingAnnouncements(dataFolder, opened)), log, clock, random },
      },
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
  return { client, table: (name: string) => ({ ...dynamoTable(client, name), ...dynamoScan(client, name) }) }
}

/** Keeps the keys of entries that a job inserts, so that they get their leaves when the server is next started. Opens the folder with the first key. */
function lastingAnnouncements(dataFolder: string, opened: (() => Promise<unknown>)[]): EntryListener<AnnouncedKey> {
  let announced: AnnouncedKeys | undefined
  return {
    announce(keys) {
      if (announced === undefined) {
        const folder = openAnnouncedKeys(join(dataFolder, 'doorbell'))
        opened.push(async () => folder.close())
        announced = folder
      }
      return announced.announce(keys)
    },
    report() {},
  }
}
