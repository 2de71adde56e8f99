/**
 * What each function may do. A function's role has these statements and the right to write its own log group;
 * `test/infra/permissions.test.ts` fails for any other statement of any role.
 *
 * The only write to `entries` and `log` is `PartiQLInsert`, which fails when the key exists. A Deny by the partition key limits into which
 * partitions of `entries` a function may insert, so that a stolen audit role cannot record consents and a stolen ingest role cannot
 * publish policies. `dynamodb:LeadingKeys` of a PartiQL insert follows AWS's documentation and was not tested on AWS: if DynamoDB does not
 * set it, the Deny has no effect and the other rights hold.
 */
import { Stack } from 'aws-cdk-lib'
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { LambdaName } from '../lambda-names.ts'
import type { TableName } from '../tables.ts'
import { auditPositions, replaced } from './append-only.ts'
import { knownArns, type SigningKey, signingArns } from './signing-keys.ts'
import type { LedgerStores } from './stores.ts'

const get = ['dynamodb:GetItem', 'dynamodb:BatchGetItem']
/** A query needs the whole partition key, as a get does, so it finds no partition that is not known by its name. */
const read = [...get, 'dynamodb:Query']
const insert = 'dynamodb:PartiQLInsert'
const remove = 'dynamodb:DeleteItem'
const update = 'dynamodb:UpdateItem'
const scan = 'dynamodb:Scan'

interface Rights {
  readonly tables: Partial<Record<TableName, readonly string[]>>
  /** Patterns of the only partitions of `entries` into which the function may insert. */
  readonly into?: readonly string[]
  /** Patterns of the partitions of `entries` into which the function may not insert. */
  readonly notInto?: readonly string[]
  /** Patterns of the partition keys of vault rows to which the rights on `vault` are limited; absent: all rows. */
  readonly vaultRows?: readonly string[]
  readonly getObjects?: readonly string[]
  readonly putObjects?: readonly string[]
  /** Actions on the served copies of checkpoints, which have a bucket of their own. */
  readonly servedCopies?: readonly ('s3:GetObject' | 's3:PutObject')[]
  /** Reads and replaces the position of the self-audit. */
  readonly keepsPosition?: boolean
  readonly keyring?: readonly ('kms:Decrypt' | 'kms:Encrypt')[]
  /** Keys whose public half the function reads. */
  readonly knows?: readonly SigningKey[]
  /** Keys that the function signs with; it may read their public halves too. */
  readonly signs?: readonly SigningKey[]
  readonly readsFailures?: boolean
  /** Reads the stream of entries, and where there are hand-overs, puts them and reads theirs. */
  readonly readsStream?: boolean
}

const published = ['*#policy#*', '*#controller']
/** The ledger's own partitions: claims of identity providers, marks of erasures, and the position of retention. */
const ledgerWide = '#*'
/** Turns of a subject: retention takes one before it destroys a key. */
const turns = '*#held#*'
/** Holds and releases, marks of holds, turns. */
const holds = ['*#hold', '*#held', turns]
/** Grants of auditors, and their revocations. */
const grants = '*#grant'
/** Mandates of guardians and delegates. */
const mandates = '*#mandate#*'
/** Requests to erase that wait for the end of a hold. */
const requests = '*#requested'
/** Requests of people to be erased, and the answers. */
const asked = '*#asked'
/** Links and their ends, under each of the two subjects. */
const links = '*#link#*'
/** Plans and manifests of what retention destroys. */
const dispositions = '*#disposition'
const ofController = [requests, asked, grants, links, dispositions]
/** Partitions into which a function that records events may not insert. */
const notEvents = [...published, ledgerWide, '*#read#*', '*#act#*', '*#erased', ...holds, ...ofController]
const tilesAndCertificates = ['log/*', 'certificates/*']
const reportsOf = (job: LambdaName) => `operations/${job}/*`
const logWriter: Rights = {
  tables: { entries: get, log: [insert, ...read] },
  getObjects: tilesAndCertificates,
  putObjects: tilesAndCertificates,
  servedCopies: ['s3:GetObject', 's3:PutObject'],
  knows: ['receiptKey'],
  signs: ['checkpointKey', 'witnessKey'],
}

/** A log job that may also store its own reports. */
function reporting(job: LambdaName): Rights {
  return { ...logWriter, putObjects: [...tilesAndCertificates, reportsOf(job)] }
}

export const rights: Readonly<Record<LambdaName, Rights>> = {
  ingest: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    notInto: [...notEvents, mandates],
    // A person's record holds the texts that they were shown.
    getObjects: [...tilesAndCertificates, 'texts/*'],
    keyring: ['kms:Decrypt'],
    signs: ['receiptKey'],
  },
  read: {
    tables: { entries: read, vault: read, log: read },
    getObjects: ['texts/*'],
    keyring: ['kms:Decrypt'],
  },
  log: {
    tables: { entries: read, log: read },
    getObjects: ['log/*'],
    knows: ['checkpointKey', 'witnessKey'],
  },
  /** The auditor's own key is a row of the vault, inserted at its first read. Proofs are verified before they are sent: hence `knows`. */
  audit: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    into: ['*#read#*'],
    getObjects: ['log/*', 'texts/*'],
    keyring: ['kms:Decrypt'],
    knows: ['checkpointKey', 'witnessKey'],
  },
  /** The keys of actors are vault rows under `actor#`. This role is limited to them and cannot read other people's keys. */
  administer: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    into: [...published, '#identity-providers', '*#act#*', grants],
    vaultRows: ['actor#*'],
    getObjects: ['texts/*'],
    putObjects: ['texts/*'],
    keyring: ['kms:Decrypt', 'kms:Encrypt'],
  },
  /** Deletes from the vault, and cannot insert there. Making a hold reads rows of the vault; proving a manifest reads tiles. */
  erase: {
    tables: { entries: [insert, ...read], vault: [remove, ...read], log: read },
    into: ['*#erased', '#erased#*', ...holds, requests, asked],
    getObjects: ['log/*'],
    keyring: ['kms:Decrypt'],
  },
  /** Records what people decide by links in letters, and mandates. It has no key to sign with and no objects. */
  letters: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    notInto: notEvents,
    keyring: ['kms:Decrypt'],
  },
  /** Links subjects, and records that a person asks to be erased. Makes keys for a person whose first act is a link. It can record no event. */
  link: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    into: [links, asked],
    keyring: ['kms:Decrypt'],
  },
  sequence: { ...logWriter, readsStream: true },
  sweep: { ...reporting('sweep'), tables: { ...logWriter.tables, entries: read } },
  redrive: { ...reporting('redrive'), readsFailures: true },
  release: { ...reporting('release'), tables: { ...logWriter.tables, entries: read } },
  /** Removes single keys from a row with `UpdateItem`. IAM cannot limit that action to removals. */
  retain: {
    tables: { entries: [insert, ...read], vault: [remove, update, scan, ...read], log: read },
    into: ['*#erased', '#erased#*', turns, dispositions, '#retained'],
    putObjects: [reportsOf('retain')],
    keyring: ['kms:Decrypt'],
  },
  'self-audit': {
    tables: { entries: [...read, scan], log: [...read, scan], vault: [...read, scan] },
    getObjects: ['log/*', 'texts/*', 'certificates/*'],
    putObjects: [reportsOf('self-audit')],
    servedCopies: ['s3:GetObject'],
    keepsPosition: true,
    keyring: ['kms:Decrypt'],
    knows: ['checkpointKey', 'witnessKey'],
  },
}

/** The statements of a function's role. */
export function statementsOf(name: LambdaName, stores: LedgerStores, handovers?: ITableV2): PolicyStatement[] {
  const {
    tables,
    into,
    notInto,
    vaultRows,
    getObjects,
    putObjects,
    servedCopies,
    keyring,
    knows = [],
    signs = [],
    ...more
  } = rights[name]
  const objects = (patterns: readonly string[]) => patterns.map((pattern) => stores.objectArn(pattern))
  const statements = Object.entries(tables).map(([table, actions]) =>
    allow(
      `${camel(table)}Table`,
      actions,
      [stores[table as TableName].tableArn],
      table === 'vault' && vaultRows ? rowsNamed(vaultRows) : undefined,
    ),
  )
  statements.push(dataKeyUse(stores))
  if (into) statements.push(partitions('ForAnyValue:StringNotLike', into, stores))
  if (notInto) statements.push(partitions('ForAnyValue:StringLike', notInto, stores))
  if (getObjects) {
    statements.push(allow('GetObjects', ['s3:GetObject'], objects(getObjects)))
    // Without it S3 answers 403, not 404, for a missing object, and a 403 is not taken for absence.
    statements.push(allow('KnowAbsence', ['s3:ListBucket'], [stores.objects.bucketArn]))
  }
  if (putObjects) statements.push(allow('PutObjects', ['s3:PutObject'], objects(putObjects)))
  if (servedCopies) {
    const names = replaced.map((pattern) => stores.servedArn(pattern))
    statements.push(allow('ServedCopies', servedCopies, names))
    statements.push(allow('KnowServedCopies', ['s3:ListBucket'], [stores.served.bucketArn]))
  }
  if (more.keepsPosition) {
    const names = auditPositions.map((pattern) => stores.servedArn(pattern))
    statements.push(allow('AuditPosition', ['s3:GetObject', 's3:PutObject'], names))
  }
  if (keyring) statements.push(allow('Keyring', keyring, [stores.keyringKey.keyArn]))
  const known = [...new Set([...knows, ...signs])]
  if (known.length > 0) statements.push(allow('PublicKeys', ['kms:GetPublicKey'], knownArns(known, stores)))
  if (signs.length > 0) statements.push(sign(signs, stores))
  if (more.readsFailures) {
    statements.push(allow('GetFailures', ['s3:GetObject'], [stores.failureArn('*')]))
    statements.push(allow('KnowFailures', ['s3:ListBucket'], [stores.failures.bucketArn]))
  }
  if (more.readsStream) statements.push(...streamsOf(stores, handovers))
  return statements
}

/** The ARNs in those statements that name objects by a pattern. */
export function patternsOf(name: LambdaName, stores: LedgerStores): string[] {
  const { getObjects = [], putObjects = [], servedCopies, keepsPosition, readsFailures, readsStream } = rights[name]
  return [
    ...[...new Set([...getObjects, ...putObjects])].map((pattern) => stores.objectArn(pattern)),
    ...(servedCopies ? replaced.map((pattern) => stores.servedArn(pattern)) : []),
    ...(keepsPosition ? auditPositions.map((pattern) => stores.servedArn(pattern)) : []),
    ...(readsFailures || readsStream ? [stores.failureArn('*')] : []),
  ]
}

function allow(sid: string, actions: readonly string[], resources: string[], conditions?: object): PolicyStatement {
  return new PolicyStatement({ sid, actions: [...actions], resources, ...(conditions && { conditions }) })
}

/**
 * Condition of an Allow, unlike `partitions`: when `LeadingKeys` is missing from the request it is false and nothing is allowed. These
 * rights lead to people's keys, so they must fail closed.
 */
function rowsNamed(patterns: readonly string[]): object {
  const leading = 'dynamodb:LeadingKeys'
  return { 'ForAllValues:StringLike': { [leading]: [...patterns] }, Null: { [leading]: 'false' } }
}

function partitions(operator: string, patterns: readonly string[], stores: LedgerStores): PolicyStatement {
  return new PolicyStatement({
    sid: 'Partitions',
    effect: Effect.DENY,
    actions: [insert],
    resources: [stores.entries.tableArn],
    conditions: { [operator]: { 'dynamodb:LeadingKeys': [...patterns] } },
  })
}

/** What DynamoDB needs from a caller when a table has a customer key. The condition limits it to calls through DynamoDB. */
function dataKeyUse({ dataKey, entries }: LedgerStores): PolicyStatement {
  const { region, urlSuffix } = Stack.of(entries)
  const actions = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo']
  return allow(
    'DataKey',
    actions.map((action) => `kms:${action}`),
    [dataKey.keyArn],
    {
      StringEquals: { 'kms:ViaService': `dynamodb.${region}.${urlSuffix}` },
    },
  )
}

/** Only pure Ed25519 over the whole message (RFC 8032): a pre-hashed signature has the same length and does not verify. */
function sign(keys: readonly SigningKey[], stores: LedgerStores): PolicyStatement {
  return allow('Sign', ['kms:Sign'], signingArns(keys, stores), {
    StringEquals: { 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' },
  })
}

function streamsOf(stores: LedgerStores, handovers?: ITableV2): PolicyStatement[] {
  const streams = [stores.entries, ...(handovers ? [handovers] : [])].map(({ tableStreamArn }) => {
    if (tableStreamArn === undefined) throw new Error('the entries table needs a stream of new images')
    return tableStreamArn
  })
  const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams']
  return [
    allow(
      'Stream',
      actions.map((action) => `dynamodb:${action}`),
      streams,
    ),
    ...(handovers ? [allow('HandoversTable', ['dynamodb:PutItem'], [handovers.tableArn])] : []),
    allow('GiveUp', ['s3:PutObject'], [stores.failureArn('*')]),
    allow('GiveUpWhere', ['s3:ListBucket'], [stores.failures.bucketArn]),
  ]
}

function camel(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
