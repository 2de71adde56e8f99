/** Replication of the objects to another bucket: every object, no deletion, and a role that can add replicas and nothing else. */
import { RemovalPolicy } from 'aws-cdk-lib'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { describe, expect, it } from 'vitest'
import { LedgerStores } from '../../infra/consent-ledger/stores.ts'
import { evaluate } from '../support/policy-evaluation.ts'
import { account, alone, changed, checked, type Json, type Synthesised, synthesised } from '../support/synthesised.ts'

const replicateTo = 'arn:aws:s3:::auditors-copy'
const one = 'log/acme/tile/0/000'

function roleOf(stage: Synthesised) {
  const [role] = stage.of('AWS::IAM::Role').filter(({ id }) => id.includes('Replication'))
  const policies = stage.of('AWS::IAM::Policy').filter(({ id }) => id.includes('Replication'))
  const statements: Json[] = policies.flatMap(({ properties }) => properties.PolicyDocument.Statement)
  return { role, statements }
}

describe('the objects of prod', () => {
  const stage = changed('prod', { stage: { replicateTo } })
  const [objects, ...others] = stage.of('AWS::S3::Bucket').filter(({ raw }) => raw.Properties.ReplicationConfiguration)
  const { role, statements } = roleOf(stage)

  it('are replicated, all of them, without what deletes, from a bucket that keeps versions', () => {
    expect(others).toEqual([])
    expect(objects?.id).toMatch(/^StoresObjects/)
    expect(objects?.properties.VersioningConfiguration).toEqual({ Status: 'Enabled' })
    expect(objects?.properties.ReplicationConfiguration.Rules).toEqual([
      {
        ...{ Id: 'second-copy', Status: 'Enabled', Priority: 1, Filter: { Prefix: '' } },
        DeleteMarkerReplication: { Status: 'Disabled' },
        Destination: { Bucket: replicateTo },
      },
    ])
    expect(JSON.stringify(objects?.properties.ReplicationConfiguration.Role)).toContain('Replication')
  })

  it('are replicated by S3 alone, for this account', () => {
    expect(role?.properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        ...{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' } },
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      },
    ])
    expect(role?.properties).not.toHaveProperty('ManagedPolicyArns')
  })

  it('are read here and added there, with their locks, and that is all that the role can do', () => {
    const may = (action: string, resource: string) =>
      evaluate(statements, { action, resource, principal: 'replication', context: {} })
    const [here, there] = [`{StoresObjects.Arn}/${one}`, `${replicateTo}/${one}`]
    for (const action of [
      'GetObjectVersionForReplication',
      'GetObjectVersionAcl',
      'GetObjectRetention',
      'GetObjectLegalHold',
    ])
      expect([action, may(`s3:${action}`, here)]).toEqual([action, 'Allow'])
    for (const action of ['ReplicateObject', 'ReplicateTags'])
      expect([action, may(`s3:${action}`, there)]).toEqual([action, 'Allow'])
    for (const action of [
      'PutObject',
      'DeleteObject',
      'DeleteObjectVersion',
      'ReplicateDelete',
      'PutObjectRetention',
      'GetObject',
    ])
      for (const place of [here, there]) expect([action, may(`s3:${action}`, place)]).not.toEqual([action, 'Allow'])
    expect(may('s3:ReplicateObject', here)).not.toBe('Allow')
    const actions = statements.flatMap(({ Action }) => Action)
    expect(actions.filter((action: string) => action.includes('*'))).toEqual([])
    const places = new Set(statements.flatMap(({ Resource }) => Resource))
    expect(places).toEqual(new Set(['{StoresObjects.Arn}', '{StoresObjects.Arn}/*', `${replicateTo}/*`]))
  })

  it('pass the checks of the app', () => {
    expect(checked('prod', { stage: { replicateTo } }).findings).toEqual([])
  })
})

it('there is none by default; without Object Lock no lock is read; an outsider’s ledger has the prop too', () => {
  expect(roleOf(synthesised('prod')).role).toBeUndefined()
  const { role, statements } = roleOf(alone(() => ({ replicateTo })))
  expect(role).toBeDefined()
  expect(JSON.stringify(statements)).not.toMatch(/Retention|LegalHold/)
})

it('what cannot be is refused at synthesis', () => {
  for (const wrong of ['auditors-copy', 'arn:aws:s3:::auditors-copy/log', 'arn:aws:backup:eu-west-1:1:backup-vault:x'])
    expect(() => changed('dev', { stage: { replicateTo: wrong } })).toThrow('is not the ARN of a bucket')
  const removalPolicy = RemovalPolicy.DESTROY
  expect(() =>
    alone((stack) => ({
      stores: new LedgerStores(stack, 'Own', {
        removalPolicy,
        replicateTo,
        existingObjects: new Bucket(stack, 'Given'),
      }),
    })),
  ).toThrow('replicateTo: an existing bucket')
  expect(() => alone((stack) => ({ replicateTo, stores: new LedgerStores(stack, 'Own', {}) }))).toThrow(
    'props of the stores',
  )
})
