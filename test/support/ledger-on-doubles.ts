/**
 * A ledger on what stands for AWS on this machine: Dynoxide for its tables, doubles of S3 and KMS, and the adapters that are deployed
 * between. Its tables have the names of a deployment, its clock stands two hours back, and nothing rings its sequencer.
 */
import { createTables } from '../../functions/aws/create-tables.ts'
import { createDynamoClient, dynamoTable } from '../../functions/aws/dynamodb.ts'
import { createKmsClient } from '../../functions/aws/kms-client.ts'
import { kmsKeyring } from '../../functions/aws/kms-keyring.ts'
import { kmsSigner } from '../../functions/aws/kms-signer.ts'
import { createS3Client, s3Objects } from '../../functions/aws/s3-objects.ts'
import { variables } from '../../functions/lambda/environment.ts'
import { startEngine } from '../../infra/local/engine/engine.ts'
import { tables } from '../../infra/tables.ts'
import { controllerSnapshots } from '../../shared/ledger/controllers/controller-snapshots.ts'
import type { Ledger, LogWriter } from '../../shared/ledger/ledger.ts'
import { objectCache } from '../../shared/ledger/object-cache.ts'
import { pooledRandomness } from '../../shared/ledger/randomness.ts'
import { ed25519Key, startKmsDouble, symmetricKey } from './kms-double.ts'
import { startS3Double } from './s3-double.ts'

export interface LedgerOnDoubles {
  readonly ledger: Ledger
  readonly logWriter: LogWriter
  readonly tableNames: { readonly entries: string; readonly log: string; readonly vault: string }
  /** What the function `self-audit` has in its environment, and where the doubles are. */
  readonly environment: Readonly<Record<string, string>>
  /** The public half of the receipt key. */
  readonly receiptPublicKey: Uint8Array
  close(): Promise<void>
}

const region = 'eu-north-1'
const prefix = 'consent-ledger-test-'
const hoursBehindMs = 2 * 3_600_000

export async function startLedgerOnDoubles(): Promise<LedgerOnDoubles> {
  const [engine, s3, kms] = await Promise.all([startEngine({}), startS3Double(), startKmsDouble()])
  kms.keys.set('keyring', symmetricKey())
  for (const name of ['checkpoint', 'witness', 'receipt']) kms.keys.set(name, ed25519Key())
  const dynamoDb = createDynamoClient({ region, endpoint: engine.endpoint })
  const keys = createKmsClient({ region, endpoint: kms.endpoint })
  const bucket = createS3Client({ region, endpoint: s3.endpoint })
  await createTables(dynamoDb, tables, prefix)
  const tableNames = { entries: `${prefix}entries`, log: `${prefix}log`, vault: `${prefix}vault` }
  const [entries, log, vault] = [tableNames.entries, tableNames.log, tableNames.vault].map((name) =>
    dynamoTable(dynamoDb, name),
  ) as [Ledger['entries'], Ledger['log'], Ledger['vault']]
  const keyring = kmsKeyring(keys, 'keyring')
  const clock = () => Date.now() - hoursBehindMs
  const objects = s3Objects(bucket, s3.names)
  const kept = { entries, log, objects, clock, random: pooledRandomness(), host: 'ledger.example' }
  const [checkpointSigner, witnessSigner, receiptSigner] = await Promise.all([
    kmsSigner(keys, 'checkpoint'),
    kmsSigner(keys, 'witness'),
    kmsSigner(keys, 'receipt'),
  ])
  return {
    ledger: {
      ...kept,
      vault,
      keyring,
      controllers: controllerSnapshots(entries, log, keyring, clock),
      cached: objectCache(),
      promiseIssuer: { issue: () => Promise.reject(new Error('nobody asks this ledger for a receipt')) },
    },
    logWriter: { ...kept, checkpointSigner, witnessSigner },
    receiptPublicKey: receiptSigner.publicKey,
    tableNames,
    environment: {
      [variables.host]: kept.host,
      [variables.objects]: s3.names.objects,
      [variables.served]: s3.names.served,
      [variables.keyringKey]: 'keyring',
      [variables.checkpointKey]: 'checkpoint',
      [variables.witnessKey]: 'witness',
      AWS_REGION: region,
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_KMS: kms.endpoint,
    },
    async close() {
      for (const client of [dynamoDb, keys, bucket]) client.destroy()
      await Promise.all([engine.stop(), s3.stop(), kms.stop()])
    },
  }
}
