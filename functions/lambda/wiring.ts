/**
 * The ledger on AWS: what each entry of this folder provides before it exports its handler. Nothing is asked of a service at start but
 * by the log writer, which needs its public keys; clients connect at their first call, and keep their connections.
 *
 * An entry is given what its function may do, and no more: the variables of other rights are not even set.
 */
import type { IdentityProvider } from '../../shared/consent/controller.ts'
import { LedgerError } from '../../shared/errors.ts'
import { claimedControllers, controllerSnapshots } from '../../shared/ledger/controller-snapshots.ts'
import {
  type InclusionPromiseIssuer,
  promiseIssuer,
  storedCertificate,
} from '../../shared/ledger/inclusion-promises.ts'
import { type Eraser, type Ledger, vaultRecoveryDays } from '../../shared/ledger/ledger.ts'
import { isErasure } from '../../shared/ledger/log/log-items.ts'
import { logPolicyText } from '../../shared/ledger/log/log-policy-text.ts'
import { tileCache } from '../../shared/ledger/log/log-reader.ts'
import { pooledRandomness } from '../../shared/ledger/randomness.ts'
import type { Keyring, Objects, Signer, Table } from '../../shared/ledger/store.ts'
import { createDynamoClient, dynamoTable } from '../aws/dynamodb.ts'
import { createKmsClient } from '../aws/kms-client.ts'
import { kmsKeyring } from '../aws/kms-keyring.ts'
import { kmsSigner } from '../aws/kms-signer.ts'
import { dynamoRetentionVault } from '../aws/retention-vault.ts'
import type { BucketNames } from '../aws/s3-objects.ts'
import { dynamoScan } from '../aws/scan.ts'
import { lambdaTelemetry } from '../aws/telemetry.ts'
import { dynamoVaultEraser } from '../aws/vault-eraser.ts'
import type { Instance } from '../instance.ts'
import type { LogJobDependencies } from '../jobs/extend-logs.ts'
import type { RetentionDependencies } from '../jobs/retain.ts'
import type { SelfAuditDependencies } from '../jobs/self-audit.ts'
import type { Telemetry } from '../telemetry.ts'
import { type Variable, variable, variables } from './environment.ts'

const clock = Date.now
const random = pooledRandomness()
const region = process.env.AWS_REGION ?? ''
/** Of a local double or engine, in tests; AWS's own addresses else. The names are those that the SDKs know. */
const endpointOf = (service: 'DYNAMODB' | 'S3' | 'KMS') => process.env[`AWS_ENDPOINT_URL_${service}`]
/** Of the function's role. Lambda sets them when it starts an instance, and ends the instance before they do. */
const credentials = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
  sessionToken: process.env.AWS_SESSION_TOKEN,
}
const dynamoDb = createDynamoClient({ region, credentials, endpoint: endpointOf('DYNAMODB') })
const kms = createKmsClient({ region, credentials, endpoint: endpointOf('KMS') })

const table = (name: Variable): Table => dynamoTable(dynamoDb, variable(name))
const objects = (): Objects => objectsIn({ objects: variable('objects') })
const objectsWithServed = (): Objects => objectsIn({ objects: variable('objects'), served: variable('served') })
const telemetry = (): Telemetry => lambdaTelemetry(variable('ledger'))

export interface Rights {
  /** May unwrap controllers' secrets, and so open what is sealed. */
  readonly opens?: true
  /** May look into the vault, where the keys of subjects are. */
  readonly findsSubjects?: true
  /** May sign with the receipt key. */
  readonly signs?: true
  /** Reads objects or writes them: tiles, certificates, texts. */
  readonly handlesObjects?: true
  /** Creates controllers, for the ledger's administrators. */
  readonly administers?: true
  /** Says how the logs are verified. */
  readonly vouches?: true
}

/** Every variable of the rights is read here, at the start: a function that was deployed without one never gets a request. */
export function instanceOnAws(rights: Rights): Instance {
  const { opens, findsSubjects, signs, handlesObjects, administers, vouches } = rights
  const told = telemetry()
  const host = variable('host')
  const entries = counted(table('entries'), told)
  const log = table('log')
  const stored = handlesObjects ? objects() : noObjects
  const administrators: IdentityProvider | undefined = administers ? JSON.parse(variable('administrators')) : undefined
  const keyring = opens ? kmsKeyring(kms, variable('keyringKey')) : noKeyring
  const ledger: Ledger = {
    entries,
    log,
    vault: findsSubjects ? table('vault') : noVault,
    objects: stored,
    keyring,
    clock,
    random,
    controllers: controllerSnapshots(entries, log, opens ? keyring : undefined, clock),
    host,
    promiseIssuer: signs ? promises(host, stored) : noPromises,
    tiles: tileCache(),
  }
  return {
    ledger,
    get administrators() {
      return administrators ?? withheld('the administrators')
    },
    logPolicy: vouches ? logPolicies(host) : async () => withheld('the keys of the logs'),
    telemetry: told,
    isBehindEdge: process.env[variables.viewer] === 'edge',
  }
}

/**
 * What the sequencer is to give a place now, as far as this function saw it stored: one whose answer was lost is not counted. An erasure
 * waits for the release of its day, and would look like a sequencer that does nothing.
 */
function counted(entries: Table, told: Telemetry): Table {
  return {
    ...entries,
    async insert(items) {
      const outcomes = await entries.insert(items)
      told.add(
        'EntriesStored',
        items.filter(
          (item, i) => item.values.leaf !== undefined && !isErasure(item) && outcomes[i]?.outcome === 'inserted',
        ).length,
      )
      return outcomes
    },
  }
}

function promises(host: string, stored: Objects): InclusionPromiseIssuer {
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

/** Of both, the public part is asked for at the call. */
function logKeys(): () => Promise<{ readonly checkpointKey: Uint8Array; readonly witnessKey: Uint8Array }> {
  const signers = logSigners()
  return async () => {
    const [checkpoint, witness] = await signers()
    return { checkpointKey: checkpoint.publicKey, witnessKey: witness.publicKey }
  }
}

function logSigners(): () => Promise<[Signer, Signer]> {
  const [checkpoint, witness] = [variable('checkpointKey'), variable('witnessKey')]
  return () => Promise.all([kmsSigner(kms, checkpoint), kmsSigner(kms, witness)])
}

/** Of the functions that keep the logs. Throws when the keys cannot be read: Lambda starts the function again. */
export async function logJobOnAws(): Promise<LogJobDependencies> {
  const entries = table('entries')
  const [[checkpointSigner, witnessSigner], receipt] = await Promise.all([
    logSigners()(),
    kmsSigner(kms, variable('receiptKey')),
  ])
  const host = variable('host')
  const log = table('log')
  return {
    logWriter: { entries, log, objects: objectsWithServed(), clock, random, host, checkpointSigner, witnessSigner },
    controllers: () => claimedControllers(entries),
    receiptPublicKey: receipt.publicKey,
    telemetry: telemetry(),
    publishEveryMs: 1000 * Number(variable('publishEvery')),
  }
}

/** Reads everything, writes nothing. */
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

/** Of the function that may delete from the vault. */
export function eraserOnAws({ entries, vault }: Ledger): Eraser {
  const residue = { in: 'recovery', days: vaultRecoveryDays } as const
  return {
    entries,
    vault: dynamoVaultEraser(vault, dynamoDb, variable('vault')),
    clock,
    random,
    deletedRowCopies: residue,
  }
}

/** Dependencies of the function that destroys keys. It answers no requests, so it caches controllers by itself. */
export function retentionOnAws(): RetentionDependencies {
  const told = telemetry()
  const entries = counted(table('entries'), told)
  const vault = dynamoRetentionVault(table('vault'), dynamoDb, variable('vault'))
  const log = table('log')
  const controllers = controllerSnapshots(entries, log, kmsKeyring(kms, variable('keyringKey')), clock)
  return { retentionJob: { entries, vault, log, controllers, clock, random }, telemetry: told }
}

/** Reads an object of the bucket of failures. */
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

/** S3's client is a fifth of a bundle, and most calls need no object: it is loaded when one does. */
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

/** What was made once stays; what failed is tried again. */
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
