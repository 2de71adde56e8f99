/**
 * What must outlive everything: tables, buckets and keys. Append-only is read from their policies and evaluated request by request; that
 * none is ever replaced by a refactoring is pinned by their logical ids.
 */
import { describe, expect, it } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { tables } from '../../infra/tables.ts'
import { vaultRecoveryDays } from '../../shared/ledger/ledger.ts'
import { bundlePath, fullWidth, tilePath } from '../../shared/tlog/tile.ts'
import { grantsOfResources } from '../support/grants.ts'
import { evaluate, type Request } from '../support/policy-evaluation.ts'
import { account, changed, type Json, type Synthesised, stageNames, synthesised } from '../support/synthesised.ts'
import { templateTables } from '../support/template-tables.ts'

const kept = ['staging', 'prod'] as const
const stateful = (name: string) => synthesised(name as 'dev')
const only = (name: string, type: string, id: string) => {
  const found = stateful(name)
    .of(type)
    .find((resource) => resource.id.startsWith(id))
  if (!found) throw new Error(`${name} has no ${id}`)
  return found
}
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
}
const ofDev = { UsersPoolBFC35D3B: 'AWS::Cognito::UserPool' }

/** What cannot be changed without a replacement, and so is pinned with the id. */
const identities = {
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'AttributeDefinitions', 'LocalSecondaryIndexes'],
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled'],
}
const keySchema = [
  { AttributeName: 'pk', KeyType: 'HASH' },
  { AttributeName: 'sk', KeyType: 'RANGE' },
]
const attributes = [
  { AttributeName: 'pk', AttributeType: 'S' },
  { AttributeName: 'sk', AttributeType: 'S' },
]

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
          [`Stores${id}.AttributeDefinitions`, attributes],
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
    const written = Object.keys(stack.Outputs).filter((output) => !output.startsWith('PublishOutput'))
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

const bucketOf = (name: string) => (name.startsWith('served/') ? '{StoresServed.Arn}' : '{StoresObjects.Arn}')

describe.each(stageNames)('buckets of %s', (name) => {
  const buckets = stateful(name).of('AWS::S3::Bucket')

  it('are private, encrypted, and reached by TLS 1.2 only', () => {
    const block = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    }
    for (const { id, properties } of buckets) {
      expect(properties.PublicAccessBlockConfiguration).toEqual(block)
      expect(properties.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1)
      expect(properties.OwnershipControls.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }])
      const bucket = `{${id.slice(0, -8)}.Arn}`
      const policy = statementsAt(name, id.slice(0, -8))
      const read = { action: 's3:GetObject', resource: `${bucket}/log/a/tile/0/000`, principal: 'anyone' }
      const plain = { 'aws:SecureTransport': 'false', 's3:TlsVersion': '1.3' }
      const old = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.1' }
      for (const context of [plain, old]) expect(evaluate(policy, { ...read, context })).toBe('Deny')
    }
  })

  it('keep every version of an object, under a lock where the stage stays', () => {
    const { VersioningConfiguration, ObjectLockConfiguration } = only(
      name,
      'AWS::S3::Bucket',
      'StoresObjects',
    ).properties
    expect(VersioningConfiguration).toEqual({ Status: 'Enabled' })
    const days = { dev: undefined, staging: 30, prod: 3650 }[name]
    expect(ObjectLockConfiguration).toEqual(
      days && { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days: days, Mode: 'GOVERNANCE' } } },
    )
  })

  it('lock no copy that is replaced, and keep none of its states', () => {
    const served = only(name, 'AWS::S3::Bucket', 'StoresServed').properties
    for (const absent of ['ObjectLockEnabled', 'ObjectLockConfiguration', 'VersioningConfiguration'])
      expect(served).not.toHaveProperty(absent)
  })
})

function statementsAt(name: string, bucket: string): Json[] {
  return stateful(name)
    .of('AWS::S3::BucketPolicy')
    .filter(({ properties }) => properties.Bucket === `{${bucket}}`)
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
}

/** Of both buckets that hold objects. */
const policiesOf = (name: string) => ({
  StoresObjects: statementsAt(name, 'StoresObjects'),
  StoresServed: statementsAt(name, 'StoresServed'),
})

/** The policy of a bucket is about requests to that bucket, whatever it says of other resources. */
function answerOf(policies: ReturnType<typeof policiesOf>, request: Request): ReturnType<typeof evaluate> {
  const isServed = request.resource.startsWith('{StoresServed.Arn}')
  return evaluate(isServed ? policies.StoresServed : policies.StoresObjects, request)
}

const secure = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' }

/** By a role that its own policies would let do anything, of the bucket that the name belongs into or of another. */
function asked(action: string, name: string, headers: Record<string, string> = {}, bucket = bucketOf(name)): Request {
  return {
    action,
    resource: name === '' ? bucket : `${bucket}/${name}`,
    principal: 'role',
    context: { ...secure, ...headers },
  }
}
const fresh = { 's3:if-none-match': '*' }
const swap = { 's3:if-match': '"etag"' }

describe.each(stageNames)('objects of %s are written once', (name) => {
  const policies = policiesOf(name)

  it.each([
    ['a new tile', 'log/acme/tile/0/000', fresh, 'not denied'],
    ['a tile over another', 'log/acme/tile/0/000', {}, 'Deny'],
    ['a tile over the one it knows', 'log/acme/tile/0/000', swap, 'Deny'],
    ['a checkpoint over another', 'log/acme/checkpoints/1', {}, 'Deny'],
    ['a new text', `texts/${'0'.repeat(64)}`, fresh, 'not denied'],
    ['a text over another', `texts/${'0'.repeat(64)}`, {}, 'Deny'],
    ['a new certificate', 'certificates/acme/1', fresh, 'not denied'],
    ['a certificate over another', 'certificates/acme/1', {}, 'Deny'],
    ['the first served copy', 'served/acme/checkpoint', fresh, 'not denied'],
    ['a served copy over the one it knows', 'served/acme/checkpoint', swap, 'not denied'],
    ['a served copy over any', 'served/acme/checkpoint', {}, 'Deny'],
    ['another folder', 'other/file', fresh, 'Deny'],
    ['a folder that begins alike', 'logs/acme', fresh, 'Deny'],
    ['no folder', 'log', fresh, 'Deny'],
  ])('%s', (_, object, headers, answer) => {
    expect(answerOf(policies, asked('s3:PutObject', object, headers))).toBe(answer)
  })

  it.each([
    ['served/acme/checkpoint', '{StoresObjects.Arn}'],
    ['log/acme/tile/0/000', '{StoresServed.Arn}'],
  ])('%s not into %s', (object, bucket) => {
    expect(answerOf(policies, asked('s3:PutObject', object, fresh, bucket))).toBe('Deny')
  })

  it.each(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'])('%s', (action) => {
    for (const object of ['log/acme/tile/0/000', 'served/acme/checkpoint', 'texts/0'])
      expect(answerOf(policies, asked(action, object))).toBe(name === 'dev' ? 'not denied' : 'Deny')
  })

  it('no lifecycle may expire them', () => {
    for (const bucket of ['StoresObjects', 'StoresServed']) {
      const answer = answerOf(policies, asked('s3:PutLifecycleConfiguration', '', {}, `{${bucket}.Arn}`))
      expect(answer).toBe(name === 'dev' ? 'not denied' : 'Deny')
      expect(only(name, 'AWS::S3::Bucket', bucket).properties.LifecycleConfiguration).toBeUndefined()
    }
  })
})

describe.each(kept)('CloudFront at the objects of %s', (name) => {
  const policies = policiesOf(name)
  const distribution = {
    'aws:SourceAccount': account,
    'aws:SourceArn': `arn:aws:cloudfront::${account}:distribution/E1`,
  }
  const read = (object: string, context: Record<string, string> = distribution) =>
    answerOf(policies, {
      ...asked('s3:GetObject', object, context),
      principal: 'cloudfront.amazonaws.com',
    })
  const indexes = [0, 255, 1000, 1_234_067, 2 ** 40]
  const widths = [1, 17, fullWidth]

  it('may read every hash tile, of every level', () => {
    for (let level = 0; level < 64; level++)
      for (const index of indexes)
        for (const width of widths) {
          const path = `log/acme/${tilePath({ level, index, width })}`
          expect(`${path} ${read(path)}`).toBe(`${path} Allow`)
        }
  })

  it.each(['served/acme/checkpoint', `texts/${'a'.repeat(64)}`, 'log/acme/checkpoints/9999999999999999'])(
    'may read %s',
    (object) => {
      expect(read(object)).toBe('Allow')
    },
  )

  it('may read no entry bundle, of whatever controller', () => {
    for (const controller of ['acme', 'tile', 'entries', '0', 'checkpoints', 'served', 'texts'])
      for (const index of indexes)
        for (const width of widths) {
          const path = `log/${controller}/${bundlePath({ index, width })}`
          expect(`${path} ${read(path)}`).toBe(`${path} Deny`)
          // Nor would it if nobody denied it.
          const allowing = policies.StoresObjects.filter(({ Effect }) => Effect === 'Allow')
          const unsaid = { ...asked('s3:GetObject', path, distribution), principal: 'cloudfront.amazonaws.com' }
          expect(`${path} ${evaluate(allowing, unsaid)}`).toBe(`${path} not denied`)
        }
  })

  it.each(['certificates/acme/1', 'log/acme/batches/1', 'log/acme', ''])('may not read %s', (object) => {
    expect(read(object)).not.toBe('Allow')
  })

  it('is a distribution of this account', () => {
    const elsewhere = {
      'aws:SourceAccount': '999988887777',
      'aws:SourceArn': 'arn:aws:cloudfront::999988887777:distribution/E2',
    }
    expect(read('served/acme/checkpoint', elsewhere)).toBe('not denied')
    expect(read('served/acme/checkpoint', { ...distribution, 'aws:SourceAccount': '999988887777' })).toBe('not denied')
  })

  it('writes and deletes nothing', () => {
    for (const action of ['s3:PutObject', 's3:DeleteObject', 's3:PutBucketPolicy'])
      expect(
        answerOf(policies, { ...asked(action, 'texts/0', fresh), principal: 'cloudfront.amazonaws.com' }),
      ).not.toBe('Allow')
  })
})

it('a stage without an edge lets no CloudFront in', () => {
  for (const bucket of ['StoresObjects', 'StoresServed'])
    expect(JSON.stringify(statementsAt('dev', bucket))).not.toContain('cloudfront')
})
