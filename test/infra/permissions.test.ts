/**
 * What everything that is deployed may do, statement by statement. `expected-rights.ts` and the lists below say it a second time, apart
 * from `infra/consent-ledger/permissions.ts`: a right that appears there and not here, by whatever way it came, fails with its statement.
 */
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { describe, expect, it } from 'vitest'
import { type LambdaName, lambdaNames } from '../../infra/lambda-names.ts'
import type { StageStacks } from '../../infra/stages/stage-stacks.ts'
import { type Grant, grantsOfResources, grantsOfRoles } from '../support/grants.ts'
import { account, changed, stageNames, synthesised } from '../support/synthesised.ts'
import { everywhere, expected, insert, patterns } from './expected-rights.ts'

/** In `dev` only: the custom resource that empties buckets before they are destroyed. */
const emptier = 'CustomS3AutoDeleteObjectsCustomResourceProviderRole'
/** Where versions share the traffic: what moves it. `releases.test.ts` says what it may. */
const mover = 'LedgerReleasesRole'
const isOfFunction = ({ holder }: Grant) => holder !== emptier && holder !== mover

function place(resource: string, holder: string): string {
  const own = `{LedgerFunctions${holder.replace(/(^|-)([a-z])/g, (_, __, letter) => letter.toUpperCase())}Logs.Arn}`
  if (resource === own) return 'own logs'
  if (resource === '{StoresEntries.StreamArn}') return 'entries stream'
  if (resource === '{LedgerLogDeadLetters.Arn}') return 'deadLetters'
  const [, name = '', rest = ''] = /^\{Stores(\w+)\.Arn\}(.*)$/.exec(resource) ?? []
  return name === '' ? resource : name.charAt(0).toLowerCase() + name.slice(1) + rest
}

function spread(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [where = '', actions = ''] = line.split(': ')
    return actions.split(' ').map((action) => `${where}: ${action}`)
  })
}

function rightsIn({ holder, actions, resources }: Grant): string[] {
  return resources.flatMap((resource) => actions.map((action) => `${place(resource, holder)}: ${action}`))
}

const conditions: Readonly<Record<string, object>> = {
  'kms:Sign': { StringEquals: { 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' } },
  filesKey: { StringEquals: { 'kms:ViaService': 's3.eu-north-1.{AWS::URLSuffix}' } },
  dataKey: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-north-1.{AWS::URLSuffix}' } },
}

/** What is wrong with a statement of a role, in words that name the function and the statement. */
function complaints(grant: Grant): string[] {
  if (grant.effect === 'Deny') return []
  const { holder, actions, resources, condition, statement } = grant
  const allowed = expected[holder as LambdaName]
  const known = allowed ? spread([...allowed.writes, ...allowed.reads, ...everywhere]) : []
  const wrong: string[] = []
  if (actions.some((action) => action.includes('*') || action === 'NotAction')) wrong.push('a wildcard among actions')
  for (const resource of resources)
    if ((/[*?]/.test(resource) || resource === 'NotResource') && !patterns[place(resource, holder)])
      wrong.push(`the pattern ${resource} without a reason`)
  for (const right of rightsIn(grant)) {
    if (!known.includes(right)) wrong.push(`may ${right}`)
    const isOfFiles = statement.Sid === 'FilesKey'
    const asked = isOfFiles
      ? conditions.filesKey
      : right.startsWith('dataKey: ')
        ? conditions.dataKey
        : conditions[right.split(': ')[1] ?? '']
    if (asked && JSON.stringify(asked) !== JSON.stringify(condition)) wrong.push(`${right} without its condition`)
  }
  return wrong.map((each) => `${holder}: ${each}, by ${JSON.stringify(statement)}`)
}

describe.each(stageNames)('roles of %s', (name) => {
  const grants = grantsOfRoles(synthesised(name))

  it('have no statement that is not expected here', () => {
    expect(grants.filter(isOfFunction).flatMap(complaints)).toEqual([])
  })

  it.each(lambdaNames)('%s may do exactly this', (lambda) => {
    const { writes, reads } = expected[lambda]
    const has = grants.filter(({ holder, effect }) => holder === lambda && effect === 'Allow').flatMap(rightsIn)
    expect([...new Set(has)].toSorted()).toEqual([...new Set(spread([...writes, ...reads, ...everywhere]))].toSorted())
  })

  it('are those of the functions, and in dev of what empties buckets, elsewhere of what moves traffic', () => {
    const holders = new Set(grants.map(({ holder }) => holder))
    expect([...holders].toSorted()).toEqual([...lambdaNames, name === 'dev' ? emptier : mover].toSorted())
  })

  it('add to the log, and sign for it, in four functions only', () => {
    const holdersOf = (right: string) =>
      grants.filter((each) => each.effect === 'Allow' && rightsIn(each).includes(right)).map(({ holder }) => holder)
    const keepers = ['sequence', 'sweep', 'redrive', 'release']
    // That of `witness` has a condition, which a test of its own compares.
    expect(holdersOf(`log: ${insert}`)).toEqual([...keepers, 'witness'])
    expect(holdersOf('checkpointKey: kms:Sign')).toEqual(keepers)
    expect(holdersOf('receiptKey: kms:Sign')).toEqual(['ingest'])
    expect(holdersOf('keyringKey: kms:Decrypt')).toEqual([
      ...['ingest', 'read', 'audit', 'administer', 'erase', 'letters', 'link', 'retain', 'self-audit'],
      ...['import', 'export', 'messages', 'statistics', 'expiry'],
    ])
    expect(holdersOf('keyringKey: kms:Encrypt')).toEqual(['administer'])
  })

  it('take nothing away but from the vault, by erasure and retention', () => {
    const all = grants.filter((grant) => isOfFunction(grant) && grant.effect === 'Allow')
    const takes = all.filter(({ actions }) => actions.some((action) => /delete|remove|update|schedule/i.test(action)))
    expect(
      takes.flatMap((each) =>
        rightsIn(each)
          .filter((right) => /Delete|Update/.test(right))
          .map((right) => [each.holder, right]),
      ),
    ).toEqual([
      ['administer', 'files/imports/*: s3:DeleteObject'],
      ['erase', 'vault: dynamodb:DeleteItem'],
      ['retain', 'vault: dynamodb:DeleteItem'],
      ['retain', 'vault: dynamodb:UpdateItem'],
      ['import', 'files/imports/*: s3:DeleteObject'],
      ['export', 'files/exports/*: s3:DeleteObject'],
    ])
  })

  it('let administration into rows of the vault that are of actors, and into no others', () => {
    const onVault = grants.filter(
      ({ holder, resources }) => holder === 'administer' && resources.includes('{StoresVault.Arn}'),
    )
    expect(onVault.map(({ effect, condition }) => ({ effect, condition }))).toEqual([
      {
        effect: 'Allow',
        condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['actor#*'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ])
  })

  it('let the function that reaches witnesses into the partition of cosignatures of a log, and no other', () => {
    const ofWitness = grants.filter(({ holder, actions }) => holder === 'witness' && actions.includes(insert))
    expect(ofWitness.map(({ effect, resources, condition }) => ({ effect, resources, condition }))).toEqual([
      {
        effect: 'Allow',
        resources: ['{StoresLog.Arn}'],
        condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['*#cosigned'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ])
  })

  const holds = ['*#hold', '*#held', '*#held#*']
  const notEvents = [
    '*#policy#*',
    '*#controller',
    '#*',
    '*#read#*',
    '*#act#*',
    '*#erased',
    ...holds,
    '*#requested',
    '*#asked',
    '*#grant',
    '*#link#*',
    '*#disposition',
    '*#statistics',
    ...[
      '*#endpoint',
      '*#redelivery#*',
      '*#delivering#*',
      '*#delivered#*',
      '*#awaited#*',
      '*#completion#*',
      '*#completed#*',
    ],
    ...['*#import', '*#import#*', '*#export', '*#export#*', '*#expiry', '*#expires#*'],
  ]
  it.each([
    ['ingest', 'ForAnyValue:StringLike', [...notEvents, '*#mandate#*']],
    ['letters', 'ForAnyValue:StringLike', notEvents],
    ['import', 'ForAnyValue:StringLike', [...notEvents.filter((each) => each !== '*#import#*'), '*#mandate#*']],
    [
      'audit',
      'ForAnyValue:StringNotLike',
      ['*#read#*', '*#export', '*#export#*', '#exports#*', '*#completion#*', '*#completed#*'],
    ],
    ['export', 'ForAnyValue:StringNotLike', ['*#export#*']],
    [
      'administer',
      'ForAnyValue:StringNotLike',
      [
        ...['*#policy#*', '*#controller', '#identity-providers', '*#act#*', '*#grant', '*#endpoint', '*#redelivery#*'],
        ...['*#import', '*#import#*', '#imports#*'],
      ],
    ],
    ['link', 'ForAnyValue:StringNotLike', ['*#link#*', '*#asked']],
    ['statistics', 'ForAnyValue:StringNotLike', ['*#statistics']],
    ['expiry', 'ForAnyValue:StringNotLike', ['*#expiry', '*#expires#*']],
    ['erase', 'ForAnyValue:StringNotLike', ['*#erased', '#erased#*', ...holds, '*#requested', '*#asked']],
    ['retain', 'ForAnyValue:StringNotLike', ['*#erased', '#erased#*', '*#held#*', '*#disposition', '#retained']],
  ])('%s is denied the partitions of others', (lambda, operator, keys) => {
    const denied = grants.filter(({ holder, effect }) => holder === lambda && effect === 'Deny')
    expect(denied.map(({ actions, resources, condition }) => ({ actions, resources, condition }))).toEqual([
      {
        actions: [insert],
        resources: ['{StoresEntries.Arn}'],
        condition: { [operator]: { 'dynamodb:LeadingKeys': keys } },
      },
    ])
  })
})

/** `what: to whom: which actions`, each with why it is there. */
const allowedAtResources: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'StoresDataKey',
      'StoresKeyringKey',
      'StoresCheckpointKey',
      'StoresWitnessKey',
      'StoresReceiptKey',
      'OnCallKey',
    ].map((key) => [
      `${key}: arn:aws:iam::${account}:root: kms:*`,
      'The account governs its keys by policies of roles; a key without this could not be governed at all.',
    ]),
  ),
  'OnCallKey: cloudwatch.amazonaws.com: kms:Decrypt kms:GenerateDataKey': 'Alarms are encrypted on their way.',
  'OnCallTopicPolicy: cloudwatch.amazonaws.com: sns:Publish': 'Alarms call a person.',
  'StoresAccessLogsPolicy: logging.s3.amazonaws.com: s3:PutObject': 'S3 writes its access logs.',
  'StoresObjectsPolicy: cloudfront.amazonaws.com: s3:GetObject': 'The edge serves what is public.',
  'StoresObjectsPolicy: cloudfront.amazonaws.com: s3:ListBucket': 'The edge answers 404, not 403.',
  'StoresServedPolicy: cloudfront.amazonaws.com: s3:GetObject': 'The edge serves the newest checkpoint.',
  'StoresServedPolicy: cloudfront.amazonaws.com: s3:ListBucket': 'The edge answers 404, not 403.',
  'LedgerLogDeadLettersPolicy: events.amazonaws.com: sqs:SendMessage': 'What a rule could not deliver.',
}
const forDevOnly = Object.fromEntries(
  [
    'StoresAccessLogsPolicy',
    'StoresObjectsPolicy',
    'StoresServedPolicy',
    'StoresFailuresPolicy',
    'StoresFilesPolicy',
  ].map((policy) => [
    `${policy}: {${emptier}.Arn}: s3:DeleteObject* s3:GetBucket* s3:List* s3:PutBucketPolicy`,
    'A stage that is destroyed empties its buckets first.',
  ]),
)

function uninvited(grants: readonly Grant[], name: string): string[] {
  const known = { ...allowedAtResources, ...(name === 'dev' && forDevOnly) }
  return grants
    .filter(({ effect }) => effect === 'Allow')
    .map(({ holder, principal, actions }) => `${holder}: ${principal}: ${actions.join(' ')}`)
    .filter((line) => known[line] === undefined)
}

describe.each(stageNames)('policies of resources of %s', (name) => {
  const stage = synthesised(name)

  it('let nobody in who is not expected here', () => {
    expect(uninvited(grantsOfResources(stage), name)).toEqual([])
  })

  it('let a service in for this account or one source only', () => {
    const services = grantsOfResources(stage).filter(
      ({ effect, principal }) => effect === 'Allow' && principal?.endsWith('.amazonaws.com'),
    )
    const bound = /"aws:Source(Account|Arn)"/
    expect(services.filter(({ condition }) => !bound.test(JSON.stringify(condition ?? {})))).toEqual([])
  })

  it('have functions called by this API, these rules and nobody else', () => {
    const invited = stage.of('AWS::Lambda::Permission').map(({ properties }) => properties)
    expect(new Set(invited.map(({ Principal }) => Principal))).toEqual(
      new Set(['apigateway.amazonaws.com', 'events.amazonaws.com']),
    )
    for (const { Principal, SourceArn, Action } of invited) {
      expect(Action).toBe('lambda:InvokeFunction')
      if (Principal === 'apigateway.amazonaws.com')
        expect(SourceArn).toBe(`arn:aws:execute-api:eu-north-1:${account}:{LedgerFrontDoorApi}/*/*/*`)
      else
        expect(SourceArn).toMatch(
          /^\{LedgerLog(Sweep|Import|Export|Deliver|Release|Retain|Statistics|Expiry|SelfAudit|Redrive)\.Arn\}$/,
        )
    }
  })
})

/** What a hurry may bring, to one function after another. */
function careless({ stateful, stateless }: StageStacks): void {
  const { stores } = stateful
  const { functions } = stateless.ledger
  stores.entries.grantWriteData(functions.ingest)
  stores.log.grantFullAccess(functions.read)
  stores.objects.grantPut(functions.log)
  functions.audit.addToRolePolicy(
    new PolicyStatement({ actions: ['dynamodb:*'], resources: [stores.entries.tableArn] }),
  )
  functions.administer.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }))
  functions.sweep.role?.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AmazonDynamoDBFullAccess'))
  functions.redrive.addToRolePolicy(
    new PolicyStatement({ actions: ['kms:Sign'], resources: [stores.checkpointKey.keyArn] }),
  )
  functions['self-audit'].addToRolePolicy(
    new PolicyStatement({ notActions: ['iam:PassRole'], resources: [stores.vault.tableArn] }),
  )
  functions.sequence.addToRolePolicy(
    new PolicyStatement({ actions: ['kms:Decrypt'], resources: [stores.dataKey.keyArn] }),
  )
}

describe('what somebody adds', () => {
  const stage = changed('prod', { add: careless })
  const said = grantsOfRoles(stage).flatMap(complaints)

  it.each([
    ['ingest', 'grantWriteData', 'may entries: dynamodb:PutItem'],
    ['ingest', 'grantWriteData', 'may entries: dynamodb:DeleteItem'],
    ['ingest', 'grantWriteData', 'may entries: dynamodb:BatchWriteItem'],
    ['read', 'grantFullAccess', 'a wildcard among actions'],
    ['log', 'grantPut', 'may objects/*: s3:PutObject'],
    ['log', 'grantPut', 'the pattern {StoresObjects.Arn}/* without a reason'],
    ['audit', 'dynamodb:*', 'a wildcard among actions'],
    ['administer', 'resource *', 'the pattern * without a reason'],
    ['sweep', 'a managed policy', 'managed policy'],
    ['redrive', 'kms:Sign of any kind', 'checkpointKey: kms:Sign without its condition'],
    ['self-audit', 'notActions', 'a wildcard among actions'],
    ['sequence', 'a data key of its own', 'dataKey: kms:Decrypt without its condition'],
  ])('to %s by %s is found', (lambda, _, complaint) => {
    const found = said.filter((each) => each.startsWith(`${lambda}: `) && each.includes(complaint))
    expect(found.length).toBeGreaterThan(0)
    expect(found[0]).toContain('"Effect":"Allow"')
  })
})
