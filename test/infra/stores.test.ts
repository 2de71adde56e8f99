/**
 * What must outlive everything: tables, buckets and keys (of buckets the rest is in `buckets.test.ts`). Append-only is read from their policies and evaluated request by request; that
 * none is ever replaced by a refactoring is pinned by their logical ids.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CfnOutput, Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { LedgerStores } from '../../infra/consent-ledger/stores.ts'
import { stages } from '../../infra/stages/stages.ts'
import { tables } from '../../infra/tables.ts'
import { vaultRecoveryDays } from '../../shared/ledger/ledger.ts'
import { freshApp } from '../support/fresh-app.ts'
import { grantsOfResources } from '../support/grants.ts'
import {
  account,
  changed,
  type Json,
  resourceOf,
  type Synthesised,
  stageNames,
  synthesised,
  unchecked,
} from '../support/synthesised.ts'
import { templateTables } from '../support/template-tables.ts'

const kept = ['staging', 'prod'] as const
const stateful = (name: string) => synthesised(name as 'dev')
const only = (name: string, type: string, id: string) => resourceOf(stateful(name), type, id)
const table = (stage: string, id: string) => only(stage, 'AWS::DynamoDB::GlobalTable', id).properties

/** A change here is a new table, bucket or key, and the old one orphaned: never to be followed by changing this list alone. */
const logicalIds = {
  StoresDataKey03325436: 'AWS::KMS::Key',
  StoresKeyringKey4BD16E66: 'AWS::KMS::Key',
  StoresCheckpointKeyF46CF811: 'AWS::KMS::Key',
  StoresWitnessKey527407AE: 'AWS::KMS::Key',
  StoresReceiptKey0CF05D17: 'AWS::KMS::Key',
  StoresEntriesD0048D10: 'AWS::DynamoDB::GlobalTable',
  StoresLog529A5ACD: 'AWS::DynamoDB::GlobalTable',
  StoresVaultC4F69F48: 'AWS::DynamoDB::GlobalTable',
  StoresAccessLogs6879A8BE: 'AWS::S3::Bucket',
  StoresObjectsA002B740: 'AWS::S3::Bucket',
  StoresServed52A1C2BF: 'AWS::S3::Bucket',
  StoresFailures94CEF549: 'AWS::S3::Bucket',
  StoresFiles6A2E3899: 'AWS::S3::Bucket',
}
const ofDev = { UsersPoolBFC35D3B: 'AWS::Cognito::UserPool' }

/** What cannot be changed without a replacement or at all, and so is pinned with the id. */
const identities = {
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'AttributeDefinitions', 'LocalSecondaryIndexes'],
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled', 'BucketNamespace', 'BucketNamePrefix'],
  'AWS::Cognito::UserPool': [],
}

/** By resource type: the properties whose change replaces the resource, as the description of CloudFormation that the CDK's CLI has says. */
function replacingProperties(): ReadonlyMap<string, readonly string[]> {
  const file = join(import.meta.dirname, '../../node_modules/aws-cdk/db.json.gz')
  const { schema } = JSON.parse(gunzipSync(readFileSync(file)).toString())
  return new Map(
    schema.resource.entities.map(({ cloudFormationType, properties }: Json) => [
      cloudFormationType,
      Object.entries<Json>(properties)
        .filter(([, { causesReplacement = 'no' }]) => causesReplacement !== 'no')
        .map(([property]) => property),
    ]),
  )
}

it('every property that would replace a store is pinned', () => {
  const replacing = replacingProperties()
  for (const [type, pinned] of Object.entries<readonly string[]>(identities))
    expect([type, replacing.get(type)?.filter((property) => !pinned.includes(property))]).toEqual([type, []])
})

describe.each(stageNames)('other stacks of %s', (name) => {
  const { templates } = synthesised(name)

  it('refer to what is stored by exports, so that it cannot be replaced while they use it', () => {
    const imported = JSON.stringify(templates[`consent-ledger-${name}`]).match(/"Fn::ImportValue":"[^"]+"/g) ?? []
    const stores = ['Entries', 'Log', 'Vault', 'Served', 'Objects', 'Failures']
    const keys = ['DataKey', 'KeyringKey', 'CheckpointKey', 'WitnessKey', 'ReceiptKey']
    for (const id of [...stores, ...keys])
      expect([id, imported.some((each) => each.includes(`Stores${id}`))]).toEqual([id, true])
    const weak = JSON.stringify(templates).match(/"Fn::GetStackOutput":\{[^}]*\}/g) ?? []
    expect(weak.filter((each) => each.includes('Stores'))).toEqual([])
  })
})

it('an outsider’s other stack refers to what is stored by exports, whatever the flags of the app', () => {
  const app = freshApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'weak' } })
  const env = { account, region: 'eu-west-1' }
  const stores = new LedgerStores(new Stack(app, 'Data', { env }), 'Stores')
  const other = new Stack(app, 'Other', { env })
  new CfnOutput(other, 'Table', { value: stores.entries.tableArn })
  new CfnOutput(other, 'Key', { value: stores.checkpointKey.keyArn })
  new CfnOutput(other, 'Bucket', { value: stores.objects.bucketArn })
  const outputs = Object.values<Json>(unchecked(app).getStackByName('Other').template.Outputs)
  for (const { Value } of outputs) expect(JSON.stringify(Value)).toContain('Fn::ImportValue')
})
const keySchema = [
  { AttributeName: 'pk', KeyType: 'HASH' },
  { AttributeName: 'sk', KeyType: 'RANGE' },
]
const attributes = [
  { AttributeName: 'pk', AttributeType: 'S' },
  { AttributeName: 'sk', AttributeType: 'S' },
]
const ofHolders = { AttributeName: 'holder', AttributeType: 'S' }

describe.each(stageNames)('what outlives deployments in %s', (name) => {
  const stage = synthesised(name)
  const stack = stage.templates[`consent-ledger-${name}-stateful`]
  const found = Object.entries<Json>(stack.Resources).filter(([id]) => id in { ...logicalIds, ...ofDev })

  it('has the logical ids it always had', () => {
    const types = [...Object.values(logicalIds), 'AWS::Cognito::UserPool']
    const stores = Object.entries<Json>(stack.Resources).filter(([, { Type }]) => types.includes(Type))
    expect(Object.fromEntries(stores.map(([id, { Type }]) => [id, Type]))).toEqual({
      ...logicalIds,
      ...(name === 'dev' && ofDev),
    })
  })

  it('has no property that would replace it', () => {
    const pinned = found.flatMap(([id, { Type, Properties }]) =>
      (identities[Type as keyof typeof identities] ?? [])
        .filter((property) => Properties[property] !== undefined)
        .map((property) => [`${id}.${property}`, Properties[property]]),
    )
    const signing = ['StoresCheckpointKeyF46CF811', 'StoresWitnessKey527407AE', 'StoresReceiptKey0CF05D17']
    const named = {
      AccessLogs6879A8BE: 'access-logs',
      ObjectsA002B740: 'objects',
      Served52A1C2BF: 'served',
      Failures94CEF549: 'failures',
      Files6A2E3899: 'files',
    }
    expect(Object.fromEntries(pinned)).toEqual({
      ...Object.fromEntries(
        signing.flatMap((id) => [
          [`${id}.KeySpec`, 'ECC_NIST_EDWARDS25519'],
          [`${id}.KeyUsage`, 'SIGN_VERIFY'],
        ]),
      ),
      ...Object.fromEntries(
        ['EntriesD0048D10', 'Log529A5ACD', 'VaultC4F69F48'].flatMap((id) => [
          [`Stores${id}.KeySchema`, keySchema],
          // An index and its key can be added to a table that is there.
          [`Stores${id}.AttributeDefinitions`, id === 'VaultC4F69F48' ? [...attributes, ofHolders] : attributes],
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(named).map(([id, purpose]) => [
          `Stores${id}.BucketName`,
          `consent-ledger-${name}-${purpose}-${account}-eu-north-1`,
        ]),
      ),
      ...(name !== 'dev' && { 'StoresObjectsA002B740.ObjectLockEnabled': true }),
    })
  })

  it(name === 'dev' ? 'goes with its stack' : 'stays, whatever becomes of its stack', () => {
    const policies = name === 'dev' ? ['Delete', 'Delete'] : ['RetainExceptOnCreate', 'Retain']
    expect(found.map(([, { DeletionPolicy, UpdateReplacePolicy }]) => [DeletionPolicy, UpdateReplacePolicy])).toEqual(
      found.map(() => policies),
    )
    expect(protectionsOf(stage)).toEqual(new Set([false]))
  })

  it('has outputs that people’s scripts may read', () => {
    const written = Object.keys(stack.Outputs).filter((output) => !/^(Exports|Publish)Output/.test(output))
    expect(written).toEqual([
      ...(name === 'dev' ? ['TokenEndpoint'] : []),
      ...['EntriesTable', 'LogTable', 'VaultTable', 'ObjectsBucket', 'ServedBucket', 'CheckpointKey'],
    ])
  })
})

function protectionsOf(stage: Synthesised): ReadonlySet<boolean> {
  return new Set([
    ...stage.assembly.stacks.map(({ terminationProtection = false }) => terminationProtection),
    ...stage.of('AWS::DynamoDB::GlobalTable').map(({ properties }) => properties.Replicas[0].DeletionProtectionEnabled),
    ...stage.of('AWS::Cognito::UserPool').map(({ properties }) => properties.DeletionProtection === 'ACTIVE'),
  ])
}

describe('protection from deletion, after the first deployment', () => {
  it.each(kept)('in %s covers every stack and table', (name) => {
    expect(protectionsOf(changed(name, { stage: { deletionProtection: true } }))).toEqual(new Set([true]))
  })

  it('covers a user pool', () => {
    const { removalPolicy } = stages.prod
    const stage = changed('dev', { stage: { removalPolicy, deletionProtection: true } })
    expect(stage.of('AWS::Cognito::UserPool')).toHaveLength(1)
    expect(protectionsOf(stage)).toEqual(new Set([true]))
  })
})

/** CloudFormation cannot roll a first deployment back over what is retained or protected: the next one finds its names taken. */
it.each(stageNames)('a first deployment of %s that fails leaves nothing in the way of the next', (name) => {
  const { resources } = synthesised(name)
  expect(resources.filter(({ raw }) => raw.DeletionPolicy === 'Retain').map(({ id }) => id)).toEqual([])
})

describe.each(stageNames)('keys of %s', (name) => {
  it('are rotated each year when they encrypt; a key that signs stays', () => {
    const rotated = stateful(name)
      .of('AWS::KMS::Key')
      .map(({ properties }) => [properties.KeySpec ?? 'symmetric', properties.EnableKeyRotation ?? false])
    expect(new Set(rotated.map(String))).toEqual(new Set(['symmetric,true', 'ECC_NIST_EDWARDS25519,false']))
  })

  it('wait before they are destroyed', () => {
    const stores = stateful(name)
      .of('AWS::KMS::Key')
      .filter(({ id }) => id.startsWith('Stores'))
    for (const { properties } of stores) expect(properties.PendingWindowInDays).toBe(name === 'dev' ? 7 : 30)
  })
})

describe.each(stageNames)('tables of %s', (name) => {
  const policyOf = (id: string) => table(name, id).Replicas[0].ResourcePolicy.PolicyDocument.Statement
  const mutating = [
    'BatchWriteItem',
    'DeleteItem',
    'PartiQLDelete',
    'PartiQLUpdate',
    'PutItem',
    'UpdateItem',
    'UpdateTimeToLive',
  ]

  it.each(['StoresEntries', 'StoresLog'])('%s is insert-only for everybody but replication', (id) => {
    expect(policyOf(id)).toEqual([
      {
        Sid: 'InsertOnly',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: mutating.map((action) => `dynamodb:${action}`),
        Resource: '*',
        Condition: {
          ArnNotEquals: {
            'aws:PrincipalArn': `arn:aws:iam::${account}:role/aws-service-role/replication.dynamodb.amazonaws.com/AWSServiceRoleForDynamoDBReplication`,
          },
        },
      },
    ])
  })

  it('the vault may lose rows and values, and have none put over another', () => {
    expect(policyOf('StoresVault')).toEqual([
      {
        Sid: 'NeverReplaced',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: mutating
          .filter((action) => !['DeleteItem', 'UpdateItem'].includes(action))
          .map((each) => `dynamodb:${each}`),
        Resource: '*',
      },
    ])
  })

  it('lock nobody out who has to change a policy', () => {
    const denied = grantsOfResources(stateful(name)).flatMap(({ effect, actions }) =>
      effect === 'Deny' ? actions : [],
    )
    expect(denied.filter((action) => /ResourcePolicy|BucketPolicy|PutKeyPolicy/.test(action))).toEqual([])
  })

  it.each([
    ['StoresEntries', 35, { StreamViewType: 'NEW_IMAGE' }],
    ['StoresLog', 35, undefined],
    // As long as the answer to an erasure says that it is pending.
    ['StoresVault', vaultRecoveryDays, undefined],
  ])('%s can be restored to any instant of %i days, with a customer key and no time to live', (id, days, stream) => {
    const { Replicas, SSESpecification, StreamSpecification, TimeToLiveSpecification, BillingMode } = table(name, id)
    expect(Replicas).toHaveLength(1)
    expect(Replicas[0].PointInTimeRecoverySpecification).toEqual({
      PointInTimeRecoveryEnabled: true,
      RecoveryPeriodInDays: days,
    })
    expect(SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' })
    expect(Replicas[0].SSESpecification).toEqual({ KMSMasterKeyId: '{StoresDataKey.Arn}' })
    expect(StreamSpecification).toEqual(stream)
    expect(TimeToLiveSpecification).toBeUndefined()
    expect(BillingMode).toBe('PAY_PER_REQUEST')
    // Contributor insights record the keys of items, and Kinesis would copy what the vault forgets.
    expect(Replicas[0].ContributorInsightsSpecification).toBeUndefined()
    expect(Replicas[0].KinesisStreamSpecification).toBeUndefined()
  })
})

it('tables are what local engines are given', () => {
  expect(templateTables).toEqual(tables)
})
