/**
 * The demo world on the services of a deployment, over the adapters that are deployed: its controllers, policies and past
 * checkpoints, as administration and the sequencer would have left them.
 */
import { createDynamoClient, dynamoTable } from '../../../functions/aws/dynamodb.ts'
import { createKmsClient } from '../../../functions/aws/kms-client.ts'
import { kmsKeyring } from '../../../functions/aws/kms-keyring.ts'
import { kmsSigner } from '../../../functions/aws/kms-signer.ts'
import { type BucketNames, createS3Client, s3Objects } from '../../../functions/aws/s3-objects.ts'
import { type DemoSites, openDemoWorld } from '../../../infra/demo/world.ts'
import { openDevelopmentIssuer } from '../../../infra/local/development-issuer.ts'
import { type PastLedger, pastLedger } from '../../../infra/local/past-ledger.ts'
import { controllerSnapshots } from '../../../shared/ledger/controllers/controller-snapshots.ts'
import type { Ledger } from '../../../shared/ledger/ledger.ts'
import { objectCache } from '../../../shared/ledger/object-cache.ts'
import { pooledRandomness } from '../../../shared/ledger/randomness.ts'
import type { Clock, Table } from '../../../shared/ledger/store.ts'

export interface Services {
  readonly region: string
  readonly host: string
  readonly dynamoDbEndpoint: string
  readonly s3Endpoint: string
  readonly kmsEndpoint: string
  readonly buckets: BucketNames
  readonly keys: Readonly<Record<'keyring' | 'checkpoint' | 'witness', string>>
}

export interface SeededWorld {
  readonly sites: DemoSites
  readonly issuer: Awaited<ReturnType<typeof openDevelopmentIssuer>>
}

export async function seedWorld(services: Services, dataFolder: string): Promise<SeededWorld> {
  const { region, host, keys } = services
  const dynamoDb = createDynamoClient({ region, endpoint: services.dynamoDbEndpoint })
  const kms = createKmsClient({ region, endpoint: services.kmsEndpoint })
  const s3 = createS3Client({ region, endpoint: services.s3Endpoint })
  const entries = dynamoTable(dynamoDb, 'entries')
  const log = dynamoTable(dynamoDb, 'log')
  const shared = { log, objects: s3Objects(s3, services.buckets), random: pooledRandomness(), host }
  const keyring = kmsKeyring(kms, keys.keyring)
  const checkpointSigner = await kmsSigner(kms, keys.checkpoint)
  const witnessSigner = await kmsSigner(kms, keys.witness)

  const ledgerAt = (clock: Clock, entries: Table, log: Table): Ledger => ({
    ...shared,
    entries,
    log,
    vault: dynamoTable(dynamoDb, 'vault'),
    keyring,
    clock,
    controllers: controllerSnapshots(entries, log, keyring, clock),
    cached: objectCache(),
    promiseIssuer: { issue: () => Promise.reject(new Error('a past without receipts')) },
  })
  const at = (clock: Clock): PastLedger =>
    pastLedger({ ...shared, entries, clock, checkpointSigner, witnessSigner }, (...its) => ledgerAt(clock, ...its))

  const issuer = await openDevelopmentIssuer(dataFolder)
  try {
    return { issuer, sites: await openDemoWorld({ ledger: ledgerAt(Date.now, entries, log), at, issuer }) }
  } finally {
    for (const client of [dynamoDb, kms, s3]) client.destroy()
  }
}
