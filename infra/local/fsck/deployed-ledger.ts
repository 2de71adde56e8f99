/**
 * Opens a deployed ledger from this machine, for reading: by the names of its tables, buckets and keys, with the credentials that the SDK
 * finds. For a self-audit that names what it finds, and for tables restored beside the ledger. Nothing here can write; only the deployed
 * function may sign, so it runs the redrive.
 */
import { kmsCheckpointKeys } from '../../../functions/aws/checkpoint-keys.ts'
import { createDynamoClient, dynamoTable } from '../../../functions/aws/dynamodb.ts'
import { createKmsClient } from '../../../functions/aws/kms-client.ts'
import { kmsKeyring } from '../../../functions/aws/kms-keyring.ts'
import { kmsSigner } from '../../../functions/aws/kms-signer.ts'
import { createS3Client, s3Objects } from '../../../functions/aws/s3-objects.ts'
import { dynamoScan } from '../../../functions/aws/scan.ts'
import { variables } from '../../../functions/lambda/environment.ts'
import { publicKeysOf } from '../../../shared/ledger/log/log-policy-text.ts'
import { pooledRandomness } from '../../../shared/ledger/randomness.ts'
import { Misuse } from '../../command-line.ts'
import type { Option } from '../arguments.ts'
import type { OpenedLedger } from './audit-report.ts'

export interface DeployedNames {
  readonly entries: string
  readonly log: string
  readonly vault: string
  readonly objects: string
  readonly served: string
  /** First part of the logs' origins. */
  readonly host: string
  /** KMS keys, by id or ARN. */
  readonly keyringKey: string
  readonly checkpointKey: string
  readonly witnessKey: string
  readonly region: string
}

/** Options of the command line. The help of each names the environment variable that takes its place. */
export const deployedOptions = {
  tables: { placeholder: 'E,L,V', help: 'names of the tables entries, log and vault; makes the ledger a deployed one' },
  bucket: { placeholder: 'NAME', help: `bucket of the objects (env ${variables.objects})` },
  served: { placeholder: 'NAME', help: `bucket of the served checkpoints (env ${variables.served})` },
  host: { placeholder: 'HOST', help: `first part of the logs' origins (env ${variables.host})` },
  'keyring-key': {
    placeholder: 'ARN',
    help: `KMS key that wraps the controllers' secrets (env ${variables.keyringKey})`,
  },
  'checkpoint-key': {
    placeholder: 'ARN',
    help: `KMS key that signs checkpoints; of several: newest first, separated by spaces (env ${variables.checkpointKey})`,
  },
  'witness-key': { placeholder: 'ARN', help: `KMS key of the ledger's own witness (env ${variables.witnessKey})` },
  region: { placeholder: 'REGION', help: 'region of tables, buckets and keys (env AWS_REGION)' },
} as const satisfies Record<string, Option>

type OptionName = keyof typeof deployedOptions

/** Returns `undefined` when no tables are named: the ledger is on this machine. @throws Misuse that names everything missing */
export function deployedNames(
  given: Readonly<Record<OptionName, string | undefined>>,
  environment: NodeJS.ProcessEnv,
): DeployedNames | undefined {
  const named = Object.keys(deployedOptions).filter((name) => given[name as OptionName] !== undefined)
  if (given.tables === undefined) {
    if (named.length === 0) return undefined
    throw new Misuse(`--${named[0]} is for a deployed ledger: name its tables too, --tables ENTRIES,LOG,VAULT`)
  }
  const [entries, log, vault, ...more] = given.tables.split(',').map((name) => name.trim())
  if (!entries || !log || !vault || more.length > 0) {
    throw new Misuse(`--tables takes three names, ENTRIES,LOG,VAULT, in this order; not ${given.tables}`)
  }
  const missing: string[] = []
  const take = (name: OptionName, variable: string): string => {
    const value = given[name] || environment[variable]
    if (!value) missing.push(`--${name} (or ${variable})`)
    return value ?? ''
  }
  const names = {
    ...{ entries, log, vault },
    objects: take('bucket', variables.objects),
    served: take('served', variables.served),
    host: take('host', variables.host),
    keyringKey: take('keyring-key', variables.keyringKey),
    checkpointKey: take('checkpoint-key', variables.checkpointKey),
    witnessKey: take('witness-key', variables.witnessKey),
    region: take('region', 'AWS_REGION'),
  }
  if (missing.length > 0) throw new Misuse(`a deployed ledger also needs ${missing.join(', ')}`)
  return names
}

/** Opens the same parts as the function `self-audit` (`functions/lambda/wiring.ts`). Throws when the public keys cannot be read. */
export async function openDeployedLedger(names: DeployedNames): Promise<OpenedLedger> {
  const dynamoDb = createDynamoClient(addressOf(names, 'DYNAMODB'))
  const kms = createKmsClient(addressOf(names, 'KMS'))
  const s3 = createS3Client(addressOf(names, 'S3'))
  const close = async () => {
    for (const client of [dynamoDb, kms, s3]) client.destroy()
  }
  const scanned = (name: string) => ({ ...dynamoTable(dynamoDb, name), ...dynamoScan(dynamoDb, name) })
  try {
    const [checkpointKeys, witness] = await Promise.all([
      kmsCheckpointKeys(kms, names.checkpointKey),
      kmsSigner(kms, names.witnessKey),
    ])
    const audited = {
      entries: scanned(names.entries),
      log: scanned(names.log),
      vault: scanned(names.vault),
      objects: s3Objects(s3, names),
      keyring: kmsKeyring(kms, names.keyringKey),
      clock: Date.now,
      random: pooledRandomness(),
      host: names.host,
      ...publicKeysOf(checkpointKeys),
      witnessKey: witness.publicKey,
    }
    return { audited, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The region, and for tests another address in the variable that the AWS SDKs read. */
export function addressOf({ region }: DeployedNames, service: 'DYNAMODB' | 'KMS' | 'S3') {
  const endpoint = process.env[`AWS_ENDPOINT_URL_${service}`]
  return { region, ...(endpoint !== undefined && { endpoint }) }
}
