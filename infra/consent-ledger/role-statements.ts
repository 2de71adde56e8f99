/** The IAM statements of each function's role, made from its `rights`. */
import { Stack } from 'aws-cdk-lib'
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { LambdaName } from '../lambda-names.ts'
import type { TableName } from '../tables.ts'
import { auditPositions, replaced } from './append-only.ts'
import { type FileRights, insert, rights } from './permissions.ts'
import { knownArns, type SigningKey, signingArns } from './signing-keys.ts'
import type { LedgerStores } from './stores.ts'

/** The statements of a function's role. */
export function statementsOf(name: LambdaName, stores: LedgerStores, handovers?: ITableV2): PolicyStatement[] {
  const {
    tables,
    into,
    notInto,
    intoLog,
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
  if (intoLog) statements.push(allow('IntoLog', [insert], [stores.log.tableArn], rowsNamed(intoLog)))
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
  if (more.findsSubjects)
    statements.push(allow('FindSubjects', ['dynamodb:Query'], [`${stores.vault.tableArn}/index/holders`]))
  if (keyring) statements.push(allow('Keyring', keyring, [stores.keyringKey.keyArn]))
  const known = [...new Set([...knows, ...signs])]
  if (known.length > 0) statements.push(allow('PublicKeys', ['kms:GetPublicKey'], knownArns(known, stores)))
  if (signs.length > 0) statements.push(sign(signs, stores))
  if (more.readsFailures) {
    statements.push(allow('GetFailures', ['s3:GetObject'], [stores.failureArn('*')]))
    statements.push(allow('KnowFailures', ['s3:ListBucket'], [stores.failures.bucketArn]))
  }
  if (more.files) statements.push(...fileStatements(more.files, stores))
  if (more.readsStream) statements.push(...streamsOf(stores, handovers))
  return statements
}

/** The ARNs in those statements that name objects by a pattern. */
export function patternsOf(name: LambdaName, stores: LedgerStores): string[] {
  const { getObjects = [], putObjects = [], servedCopies, keepsPosition, readsFailures, readsStream } = rights[name]
  const { get: gotten = [], put = [], remove: removed = [] } = rights[name].files ?? {}
  return [
    ...[...new Set([...getObjects, ...putObjects])].map((pattern) => stores.objectArn(pattern)),
    ...(servedCopies ? replaced.map((pattern) => stores.servedArn(pattern)) : []),
    ...(keepsPosition ? auditPositions.map((pattern) => stores.servedArn(pattern)) : []),
    ...[...new Set([...gotten, ...put, ...removed])].map((pattern) => stores.fileArn(pattern)),
    ...(readsFailures || readsStream ? [stores.failureArn('*')] : []),
  ]
}

function allow(sid: string, actions: readonly string[], resources: string[], conditions?: object): PolicyStatement {
  return new PolicyStatement({ sid, actions: [...actions], resources, ...(conditions && { conditions }) })
}

/**
 * Condition of an Allow, unlike `partitions`: when `LeadingKeys` is missing from the request it is false and nothing is allowed. These
 * rights lead to people's keys, or into a log, so they must fail closed.
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

/** The bucket's key is that of the tables, so its use through S3 is permitted apart. */
function fileStatements({ get = [], put = [], remove = [] }: FileRights, stores: LedgerStores): PolicyStatement[] {
  const { region, urlSuffix } = Stack.of(stores)
  const arns = (patterns: readonly string[]) => patterns.map((pattern) => stores.fileArn(pattern))
  return [
    ...(get.length > 0 ? [allow('GetFiles', ['s3:GetObject'], arns(get))] : []),
    ...(put.length > 0 ? [allow('PutFiles', ['s3:PutObject', 's3:AbortMultipartUpload'], arns(put))] : []),
    ...(remove.length > 0 ? [allow('RemoveFiles', ['s3:DeleteObject'], arns(remove))] : []),
    // Without it S3 answers 403, not 404, for a missing file.
    allow('KnowFiles', ['s3:ListBucket'], [stores.files.bucketArn]),
    allow('FilesKey', ['kms:Decrypt', 'kms:GenerateDataKey'], [stores.dataKey.keyArn], {
      StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}` },
    }),
  ]
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
