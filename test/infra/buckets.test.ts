/** The buckets: who may reach them, what is written once and what is replaced, and what CloudFront may read. Policies are evaluated request by request. */
import { describe, expect, it } from 'vitest'
import { transferFilesKeptDays } from '../../shared/ledger/transfers/transfer-files.ts'
import { bundlePath, fullWidth, tilePath } from '../../shared/tlog/tile.ts'
import { evaluate, type Request } from '../support/policy-evaluation.ts'
import { account, type Json, resourceOf, stageNames, synthesised } from '../support/synthesised.ts'

const kept = ['staging', 'prod'] as const
const stateful = (name: string) => synthesised(name as 'dev')
const only = (name: string, type: string, id: string) => resourceOf(stateful(name), type, id)

const bucketOf = (name: string) => (/^(served|audit)\//.test(name) ? '{StoresServed.Arn}' : '{StoresObjects.Arn}')

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

describe.each(stageNames)('the files of imports and exports in %s', (name) => {
  it('are under the tables’ key, expire when the port says so, and have one version without a lock', () => {
    const files = only(name, 'AWS::S3::Bucket', 'StoresFiles').properties
    const [{ ServerSideEncryptionByDefault: encryption }] = files.BucketEncryption.ServerSideEncryptionConfiguration
    expect(encryption).toEqual({ KMSMasterKeyID: '{StoresDataKey.Arn}', SSEAlgorithm: 'aws:kms' })
    expect(files.LifecycleConfiguration.Rules).toEqual([
      {
        ...{ Id: 'expire', Status: 'Enabled', ExpirationInDays: transferFilesKeptDays },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ])
    for (const absent of ['ObjectLockEnabled', 'ObjectLockConfiguration', 'VersioningConfiguration'])
      expect(files).not.toHaveProperty(absent)
  })
})

function statementsAt(name: string, bucket: string): Json[] {
  return stateful(name)
    .of('AWS::S3::BucketPolicy')
    .filter(({ properties }) => properties.Bucket === `{${bucket}}`)
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
}

/** The policies of a bucket that holds objects. */
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
    ['a position over the one it knows', 'audit/pass', swap, 'not denied'],
    ['a position over any', 'audit/pass', {}, 'Deny'],
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
