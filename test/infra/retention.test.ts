/**
 * What happens to a ledger's data in an outsider's app: it is kept, locked or protected only when that was chosen, and a combination that
 * could only fail in the account is refused at synthesis, in one sentence.
 */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import type { ConsentLedgerProps } from '../../infra/consent-ledger/consent-ledger.ts'
import { LedgerEdge } from '../../infra/consent-ledger/edge.ts'
import { LedgerUserPool } from '../../infra/consent-ledger/identity.ts'
import { LedgerStores } from '../../infra/consent-ledger/stores.ts'
import { freshApp } from '../support/fresh-app.ts'
import { grantsOfRoles } from '../support/grants.ts'
import { alone, type Synthesised, stageNames, synthesised } from '../support/synthesised.ts'

const kept = { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }
const lock = (mode: 'governance' | 'compliance', days = 30) => ({ mode, retention: Duration.days(days) })
const made = alone()
const madeToStay = alone(() => ({ ...kept, objectLock: lock('governance') }))

const ofData = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup']
const dataIn = (stage: Synthesised) => stage.resources.filter(({ type }) => ofData.includes(type)).map(({ raw }) => raw)
const deletionPolicies = (stage: Synthesised) => new Set(dataIn(stage).map(({ DeletionPolicy }) => DeletionPolicy))
const locks = (stage: Synthesised) =>
  stage
    .of('AWS::S3::Bucket')
    .flatMap(({ id, properties: { ObjectLockConfiguration } }) =>
      ObjectLockConfiguration ? [[id.slice(0, -8), ObjectLockConfiguration.Rule.DefaultRetention]] : [],
    )
const protectedTables = (stage: Synthesised) =>
  stage.of('AWS::DynamoDB::GlobalTable').map(({ properties }) => properties.Replicas[0].DeletionProtectionEnabled)
const emptied = (stage: Synthesised) =>
  stage.of('Custom::S3AutoDeleteObjects').map(({ properties }) => properties.BucketName)

describe('a ledger of a host and an identity provider', () => {
  it('goes with its stack, whole, and locks and protects nothing', () => {
    expect(deletionPolicies(made)).toEqual(new Set(['Delete']))
    expect(locks(made)).toEqual([])
    expect(protectedTables(made)).toEqual([false, false, false])
    expect(made.assembly.stacks.map(({ terminationProtection }) => terminationProtection ?? false)).toEqual([false])
  })

  it('has each of its buckets emptied, by a role that has rights nowhere else', () => {
    const buckets = made.of('AWS::S3::Bucket').map(({ id }) => `{${id.slice(0, -8)}}`)
    expect(buckets).toHaveLength(5)
    expect(emptied(made).toSorted()).toEqual(buckets.toSorted())
    const [role] = grantsOfRoles(made).filter(({ holder }) => holder.startsWith('CustomS3AutoDelete'))
    expect(role?.actions).toEqual(['managed policy'])
    expect(role?.resources.join()).toContain('AWSLambdaBasicExecutionRole')
  })
})

describe('a ledger that is kept', () => {
  it('stays when its stack goes, and not when its first deployment is rolled back', () => {
    expect(deletionPolicies(madeToStay)).toEqual(new Set(['RetainExceptOnCreate']))
    expect(new Set(dataIn(madeToStay).map(({ UpdateReplacePolicy }) => UpdateReplacePolicy))).toEqual(
      new Set(['Retain']),
    )
    // A table that refuses to be deleted cannot be rolled back.
    expect(protectedTables(madeToStay)).toEqual([false, false, false])
  })

  it('has nothing that could empty its buckets', () => {
    expect(emptied(madeToStay)).toEqual([])
    expect(grantsOfRoles(madeToStay).filter(({ actions }) => actions.includes('managed policy'))).toEqual([])
  })

  it('has protected tables when that is asked for', () => {
    expect(protectedTables(alone(() => ({ ...kept, deletionProtection: true })))).toEqual([true, true, true])
  })

  it.each([
    ['governance', { Days: 30, Mode: 'GOVERNANCE' }],
    ['compliance', { Days: 30, Mode: 'COMPLIANCE' }],
  ] as const)('has its objects locked in %s, and none that are replaced', (mode, rule) => {
    expect(locks(alone(() => ({ ...kept, objectLock: lock(mode) })))).toEqual([['LedgerStoresObjects', rule]])
  })
})

it.each<[string, Partial<ConsentLedgerProps>, string]>([
  [
    'a lock on what is destroyed',
    { objectLock: lock('compliance') },
    'objectLock: a locked bucket cannot be destroyed',
  ],
  ['protection of what is destroyed', { deletionProtection: true }, 'deletionProtection: protected tables cannot be'],
  [
    'a lock of half a day',
    { ...kept, objectLock: { mode: 'governance', retention: Duration.hours(12) } },
    'whole days',
  ],
  ['a lock of no time', { ...kept, objectLock: lock('governance', 0) }, 'at least one: Duration.days(30)'],
  [
    'plain retention, which would leave a failed first deployment in the way of the next',
    { removalPolicy: RemovalPolicy.RETAIN },
    'RETAIN_ON_UPDATE_OR_DELETE keeps data as well',
  ],
  ['a snapshot', { removalPolicy: RemovalPolicy.SNAPSHOT }, 'DESTROY and RETAIN_ON_UPDATE_OR_DELETE are possible'],
])('%s is refused', (_, props, sentence) => {
  expect(() => alone(() => props)).toThrow(sentence)
})

describe('a first deployment that fails', () => {
  /** What CloudFormation keeps even when it rolls a creation back. */
  const left = (stage: Synthesised) => stage.resources.filter(({ raw }) => raw.DeletionPolicy === 'Retain')
  const stages = [made, madeToStay, ...stageNames.map(synthesised)]

  it('leaves nothing behind', () => {
    for (const stage of stages) expect(left(stage).map(({ id }) => id)).toEqual([])
  })

  it('cannot be made to by the removal policy of any construct', () => {
    const removalPolicy = RemovalPolicy.RETAIN
    const theirs = () => new Stack(freshApp(), 'Theirs', { env: { region: 'us-east-1' } })
    const stores = (stack: Stack) => new LedgerStores(stack, 'Given')
    for (const make of [
      () => alone((stack) => ({ stores: stores(stack), removalPolicy })),
      () => new LedgerUserPool(theirs(), 'Users', { domainPrefix: 'prefix', removalPolicy }),
      () =>
        new LedgerEdge(theirs(), 'Edge', {
          ...{ name: 'ledger', domainName: 'consent.example.org', apiDomainName: 'api.consent.example.org' },
          ...{ certificateArn: 'arn:1', clientCertificateArn: 'arn:2' },
          ...{ objectsName: 'objects', servedName: 'served', objectsRegion: 'eu-west-1', removalPolicy },
        }),
    ])
      expect(make).toThrow('removalPolicy RETAIN')
  })

  it('has written no object yet when something else fails: the sweep, which writes the first, is started last', () => {
    for (const stage of stages) {
      const byId = new Map(stage.resources.map((resource) => [resource.id, resource]))
      const earlier = new Set<string>()
      const add = (id: string) => {
        const resource = byId.get(id)
        if (resource === undefined || earlier.has(id)) return
        earlier.add(id)
        const inside = [...JSON.stringify(resource.raw).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g)].map(
          ([, to = '']) => to,
        )
        for (const to of [...inside, ...[resource.raw.DependsOn ?? []].flat()]) add(to)
      }
      const [sweep] = stage.of('AWS::Events::Rule').filter(({ id }) => /LogSweep[0-9A-F]{8}$/.test(id))
      add(sweep?.id ?? '')
      const before = new Set([...earlier].map((id) => byId.get(id)?.type))
      for (const type of ['ApiGatewayV2::Route', 'ApiGatewayV2::Stage', 'CloudWatch::Alarm'])
        expect(before).toContain(`AWS::${type}`)
      for (const type of ['AWS::ApiGatewayV2::Route', 'AWS::CloudWatch::Alarm', 'AWS::ApiGatewayV2::DomainName'])
        expect(stage.of(type).filter(({ id }) => !earlier.has(id))).toEqual([])
    }
  })
})

it('a choice about stores that are handed in is refused, and their own counts', () => {
  const stores = (stack: ConstructorParameters<typeof LedgerStores>[0]) => new LedgerStores(stack, 'Given', kept)
  expect(() => alone((stack) => ({ stores: stores(stack), deletionProtection: true }))).toThrow('of the stores')
  expect(deletionPolicies(alone((stack) => ({ stores: stores(stack) })))).toEqual(new Set(['RetainExceptOnCreate']))
})
