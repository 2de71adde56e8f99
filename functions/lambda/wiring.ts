/**
 * Makes the dependencies of each Lambda function from its environment. Start-up makes no AWS calls, except that log jobs and the self-audit
 * read public keys from KMS; clients connect at their first call and keep their connections.
 */
import type { HandlerName } from '../../shared/api/routes.ts'
import type { IdentityProvider } from '../../shared/consent/identity-provider.ts'
import { LedgerError } from '../../shared/errors.ts'
import { controllerSnapshots } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { claimedControllers } from '../../shared/ledger/controllers/provider-claims.ts'
import {
  type Eraser,
  type InclusionPromiseIssuer,
  type Ledger,
  type LogWriter,
  vaultRecoveryDays,
} from '../../shared/ledger/ledger.ts'
import { isErasure } from '../../shared/ledger/log/log-items.ts'
import { type LogKeys, logPolicyText, publicKeysOf } from '../../shared/ledger/log/log-policy-text.ts'
import { objectCache } from '../../shared/ledger/object-cache.ts'
import { pooledRandomness } from '../../shared/ledger/randomness.ts'
import { promiseIssuer, storedCertificate } from '../../shared/ledger/recording/inclusion-promises.ts'
import type { Keyring, Objects, Table } from '../../shared/ledger/store.ts'
import { kmsCheckpointKeys } from '../aws/checkpoint-keys.ts'
import { createDynamoClient, type DynamoTableOptions, dynamoTable } from '../aws/dynamodb.ts'
import { createKmsClient } from '../aws/kms-client.ts'
import { kmsKeyring } from '../aws/kms-keyring.ts'
import { kmsSigner } from '../aws/kms-signer.ts'
import { dynamoPutHandover } from '../aws/put-handover.ts'
import { dynamoRetentionVault } from '../aws/retention-vault.ts'
import type { BucketNames } from '../aws/s3-objects.ts'
import { dynamoScan } from '../aws/scan.ts'
import { dynamoSubjectFinder } from '../aws/subject-finder.ts'
import { lambdaTelemetry } from '../aws/telemetry.ts'
import { dynamoVaultEraser } from '../aws/vault-eraser.ts'
import type { Instance } from '../instance.ts'
import type { LogJobDependencies } from '../jobs/extend-logs.ts'
import type { ImportDependencies } from '../jobs/import.ts'
import type { RetentionDependencies } from '../jobs/retain.ts'
import type { SelfAuditDependencies } from '../jobs/self-audit.ts'
import type { Telemetry } from '../telemetry.ts'
import { type Variable, variable, variables } from './environment.ts'
import { hasVariable } from './roles.ts'

const clock = Date.now
const random = pooledRandomness()
const region = process.env.AWS_REGION ?? ''
/** Address of a local double or engine in tests; `undefined` on AWS. The AWS SDKs use the same variable names. */
const endpointOf = (service: 'DYNAMODB' | 'S3' | 'KMS') => process.env[`AWS_ENDPOINT_URL_${service}`]
/** Credentials of the function's role. Lambda sets them at start, and ends the instance before they expire. */
const credentials = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
  sessionToken: process.env.AWS_SESSION_TOKEN,
}
const dynamoDb = createDynamoClient({ region, credentials, endpoint: endpointOf('DYNAMODB') })
const kms = createKmsClient({ region, credentials, endpoint: endpointOf('KMS') })

const table = (name: Variable, options: DynamoTableOptions = {}): Table =>
  dynamoTable(dynamoDb, variable(name), options)
/** A subject has few rows and a call asks for two of them at least, so a query of both costs one read unit instead of two. */
const vaultOfSubjects = (): Table => table('vault', { readsRanges: true })
const objects = (): Objects => objectsIn({ objects: variable('objects') })
export const objectsWithServed = (): Objects => objectsIn({ objects: variable('objects'), served: variable('served') })
const telemetry = (): Telemetry => lambdaTelemetry(variable('ledger'))

/** What only the function that records passes to `instanceOnAws`, so that the bundles of the others do not contain it. */
interface Recording extends Required<Pick<Instance, 'limitController'>> {
  readonly promisesOf: typeof signedPromises
}

/** Dependencies of a function that answers requests. All variables of its role are read now, so a missing one fails at the start. */
export function instanceOnAws(role: HandlerName, recording?: Recording): Instance {
  const has = (name: Variable) => hasVariable(role, name)
  const metrics = telemetry()
  const host = variable('host')
  const entries = counted(table('entries'), metrics)
  const log = table('log')
  const stored = has('objects') ? objects() : noObjects
  const administrators: IdentityProvider | undefined = has('administrators')
    ? JSON.parse(variable('administrators'))
    : undefined
  const keyring = has('keyringKey') ? kmsKeyring(kms, variable('keyringKey')) : undefined
  const ledger: Ledger = {
    entries,
    log,
    vault: has('vault') ? vaultOfSubjects() : noVault,
    objects: stored,
    keyring: keyring ?? noKeyring,
    clock,
    random,
    controllers: controllerSnapshots(entries, log, keyring, clock),
    host,
    promiseIssuer: recording?.promisesOf(host, stored) ?? noPromises,
    cached: objectCache(),
  }
  return {
    ledger,
    get administrators() {
      return administrators ?? withheld('the administrators')
    },
    logPolicy: has('checkpointKey') ? logPolicies(host) : async () => withheld('the keys of the logs'),
    telemetry: metrics,
    ...(recording && { limitController: recording.limitController }),
    isBehindEdge: process.env[variables.viewer] === 'edge',
  }
}

/**
 * Counts stored entries that the sequencer should log now. An insert whose answer was lost is not counted. Erasures are left out: they wait
 * for the daily release and would make the sequencer look idle.
 */
function counted(entries: Table, metrics: Telemetry): Table {
  return {
    ...entries,
    async insert(items) {
      const outcomes = await entries.insert(items)
      metrics.add(
        'EntriesStored',
        items.filter(
          (item, i) => item.values.leaf !== undefined && !isErasure(item) && outcomes[i]?.outcome === 'inserted',
        ).length,
      )
      return outcomes
    },
  }
}

/** Signs inclusion promises with the receipt key. Its certificate is read from the objects of the log. */
export function signedPromises(host: string, stored: Objects): InclusionPromiseIssuer {
  const key = variable('receiptKey')
  const signer = once(() => kmsSigner(kms, key))
  return promiseIssuer({
    receiptSigner: { sign: async (message) => (await signer()).sign(message) },
    host,
    certificate: async () => storedCertificate(stored, (await signer()).publicKey, clock),
    clock,
  })
}

function logPolicies(host: string): Instance['logPolicy'] {
  const baseUrl = variable('baseUrl')
  const keys = once(logKeys())
  return async (controller) => logPolicyText({ host, ...(await keys()) }, controller, baseUrl)
}

/** Reads the variables now, and the public keys from KMS when they are asked for. */
function logKeys(): () => Promise<Omit<LogKeys, 'host'>> {
  const signers = logSigners()
  return async () => {
    const { witnessSigner, ...checkpointKeys } = await signers()
    return { ...publicKeysOf(checkpointKeys), witnessKey: witnessSigner.publicKey }
  }
}

function logSigners(): () => Promise<Pick<LogWriter, 'checkpointSigner' | 'earlierCheckpointKeys' | 'witnessSigner'>> {
  const [checkpoint, witness] = [variable('checkpointKey'), variable('witnessKey')]
  return async () => {
    const [checkpointKeys, witnessSigner] = await Promise.all([
      kmsCheckpointKeys(kms, checkpoint),
      kmsSigner(kms, witness),
    ])
    return { ...checkpointKeys, witnessSigner }
  }
}

/**
 * The index rows of a batch of 1,000 are 40 calls, and the next batch waits for all of them. On the model (`npm run bench -- --only scale`)
 * more than this changes nothing.
 */
const logCallsInFlight = 32

/** Dependencies of a log job. Throws when the public keys cannot be read; Lambda then starts the function again. */
export async function logJobOnAws(): Promise<LogJobDependencies> {
  const entries = table('entries', { maxInFlight: logCallsInFlight })
  const [signers, receipt] = await Promise.all([logSigners()(), kmsSigner(kms, variable('receiptKey'))])
  const host = variable('host')
  const log = table('log', { maxInFlight: logCallsInFlight })
  return {
    logWriter: { entries, log, objects: objectsWithServed(), clock, random, host, ...signers },
    controllers: (part) => claimedControllers(entries, part),
    receiptPublicKey: receipt.publicKey,
    telemetry: telemetry(),
    publishEveryMs: 1000 * Number(variable('publishEvery')),
  }
}

/** Where `sequence` hands over what is announced, in a ledger with `handsOver`. It comes back by the table's stream. */
export function handoversOnAws(): Pick<LogJobDependencies, 'putHandover'> {
  const name = variable('handovers')
  return name !== 'none' ? { putHandover: dynamoPutHandover(dynamoDb, name) } : {}
}

/** Dependencies of the self-audit, which reads everything and writes only its positions and its reports. */
export async function selfAuditOnAws(): Promise<SelfAuditDependencies> {
  const scanned = (name: Variable) => ({ ...table(name), ...dynamoScan(dynamoDb, variable(name)) })
  const ledger = {
    entries: scanned('entries'),
    log: scanned('log'),
    vault: scanned('vault'),
    objects: objectsWithServed(),
    keyring: kmsKeyring(kms, variable('keyringKey')),
    clock,
    random,
    host: variable('host'),
    ...(await logKeys()()),
  }
  return { ledger, telemetry: telemetry() }
}

/** The eraser of `erase`. It may delete from the vault, and cannot insert there. */
export function eraserOnAws({ entries, vault }: Ledger): Eraser {
  return {
    entries,
    vault: dynamoVaultEraser(vault, dynamoDb, variable('vault')),
    clock,
    random,
    deletedRowCopies: { in: 'recovery', days: vaultRecoveryDays },
  }
}

/** Dependencies of the function that destroys keys. It answers no requests, so it caches controllers by itself. */
export function retentionOnAws(): RetentionDependencies {
  const metrics = telemetry()
  const entries = counted(table('entries'), metrics)
  const vault = dynamoRetentionVault(table('vault'), dynamoDb, variable('vault'))
  const log = table('log')
  const controllers = controllerSnapshots(entries, log, kmsKeyring(kms, variable('keyringKey')), clock)
  return { retentionJob: { entries, vault, log, controllers, clock, random }, telemetry: metrics, objects: objects() }
}

/** Dependencies of the functions that import, export and count. They sign no receipts and read no objects; they store their reports there. */
export function importLedgerOnAws(): Pick<ImportDependencies, 'ledger' | 'telemetry'> {
  const metrics = telemetry()
  const entries = counted(table('entries', { maxInFlight: logCallsInFlight }), metrics)
  const log = table('log')
  const keyring = kmsKeyring(kms, variable('keyringKey'))
  const ledger: Ledger = {
    ...{ entries, log, vault: vaultOfSubjects(), objects: objects(), keyring, clock, random },
    controllers: controllerSnapshots(entries, log, keyring, clock),
    ...{ host: variable('host'), promiseIssuer: noPromises, cached: objectCache() },
  }
  return { ledger, telemetry: metrics }
}

export const subjectFinderOnAws = () => dynamoSubjectFinder(dynamoDb, variable('vault'))

/** Reads the record of a batch that the stream could not deliver, by its object's name. */
export function failuresOnAws(): (name: string) => Promise<Uint8Array | undefined> {
  const failures = objectsIn({ objects: variable('failures') })
  return (name) => failures.get(name)
}

function withheld(what: string): never {
  throw new LedgerError('internal', `this function was not given ${what}`)
}

const noKeyring: Keyring = { wrap: () => withheld('a keyring'), unwrap: () => withheld('a keyring') }
const noPromises: InclusionPromiseIssuer = { issue: () => withheld('the receipt key') }
const noObjects: Objects = {
  put: () => withheld('objects'),
  get: () => withheld('objects'),
  first: () => withheld('objects'),
  readServed: () => withheld('objects'),
  replaceServed: () => withheld('objects'),
}
const noVault: Table = {
  insert: () => withheld('the vault'),
  get: () => withheld('the vault'),
  query: () => withheld('the vault'),
}

/** The S3 client is a fifth of a bundle and most calls need no object, so it is loaded with the first that does. */
function objectsIn(buckets: BucketNames): Objects {
  const load = once(async () => {
    const { createS3Client, s3Objects } = await import('../aws/s3-objects.ts')
    return s3Objects(createS3Client({ region, credentials, endpoint: endpointOf('S3') }), buckets)
  })
  return {
    put: async (name, bytes) => (await load()).put(name, bytes),
    get: async (name) => (await load()).get(name),
    first: async (prefix) => (await load()).first(prefix),
    readServed: async (name) => (await load()).readServed(name),
    replaceServed: async (name, bytes, tag) => (await load()).replaceServed(name, bytes, tag),
  }
}

/** Caches the result of `make`. A failure is not cached. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}

export { clock, credentials, dynamoDb, kms, objects, random, region, table, telemetry, vaultOfSubjects }
