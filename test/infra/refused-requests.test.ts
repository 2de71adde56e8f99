/**
 * Requests that must be refused, and their neighbours that must be allowed, decided by the policies in the templates as IAM evaluates them.
 * `permissions.test.ts` compares the statements; here is what they amount to. That each Deny and each condition decides some request
 * is shown by leaving them out, one at a time.
 */
import { describe, expect, it } from 'vitest'
import { lambdaNames } from '../../infra/lambda-names.ts'
import type { Grant } from '../support/grants.ts'
import { isAllowed, type RoleRequest, type Statements, statementsIn } from '../support/role-requests.ts'
import { stageNames, synthesised } from '../support/synthesised.ts'

type Context = RoleRequest['context']
type Row = readonly [by: string, action: string, resource: string, context: Context, expected: 'allowed' | 'refused']

const [entries, log, vault] = ['{StoresEntries.Arn}', '{StoresLog.Arn}', '{StoresVault.Arn}']
const insert = 'dynamodb:PartiQLInsert'
const object = (name: string) => `{Stores${name.startsWith('served/') ? 'Served' : 'Objects'}.Arn}/${name}`
const into = (...partitions: string[]) => ({ 'dynamodb:LeadingKeys': partitions })
const once = { 's3:if-none-match': '*' }
const swap = { 's3:if-match': '"etag"' }
const pure = { 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' }
const prehashed = { 'kms:SigningAlgorithm': 'ED25519_PH_SHA_512', 'kms:MessageType': 'DIGEST' }
const throughDynamoDb = { 'kms:ViaService': 'dynamodb.eu-north-1.{AWS::URLSuffix}' }

const person = 'acme#dJ0xP2'
const partitions = {
  'of a person': person,
  'of a policy': 'acme#policy#privacy',
  'of the controller': 'acme#controller',
  'of the ledger': '#identity-providers',
  'of reads': 'acme#read#2026-11-30',
  'of acts': 'acme#act#2026-11-30',
  'of erasures': 'acme#erased',
  'of marks': '#erased#2026-11-30',
  'of holds': 'acme#hold',
  'of marks of holds': 'acme#held',
  'of turns': 'acme#held#7f',
  'of requests to erase': 'acme#requested',
  'of requests of people': 'acme#asked',
  'of links': 'acme#link#dJ0xP2',
  'of grants': 'acme#grant',
  'of mandates': 'acme#mandate#dJ0xP2',
  'of retention': '#retained',
  'of imports': 'acme#import',
  'of states of imports': 'acme#import#0d6f7f0c',
  'of started imports': '#imports#2026-11-30',
  'of exports': 'acme#export',
  'of states of exports': 'acme#export#0d6f7f0c',
  'of exports asked for': '#exports#2026-11-30',
  'of statistics': 'acme#statistics',
  'of ends of consents': 'acme#expiry',
  'of ends to look at': 'acme#expires#dJ0xP2',
}

const ofImports = ['of imports', 'of states of imports', 'of started imports'] as const

/** Into which of those partitions of `entries` a function may insert. */
const inserts: Readonly<Record<string, readonly (keyof typeof partitions)[]>> = {
  ingest: ['of a person'],
  import: ['of a person', 'of states of imports'],
  letters: ['of a person', 'of mandates'],
  audit: ['of reads', 'of exports', 'of states of exports', 'of exports asked for'],
  export: ['of states of exports'],
  administer: ['of a policy', 'of the controller', 'of the ledger', 'of acts', 'of grants', ...ofImports],
  erase: [
    ...(['of erasures', 'of marks', 'of holds', 'of marks of holds', 'of turns'] as const),
    ...(['of requests to erase', 'of requests of people'] as const),
  ],
  link: ['of links', 'of requests of people'],
  statistics: ['of statistics'],
  expiry: ['of ends of consents', 'of ends to look at'],
  retain: ['of erasures', 'of marks', 'of turns', 'of retention'],
}

const keepers = ['sequence', 'sweep', 'redrive', 'release']
/** Each may store its own reports only. */
const reporters = [
  'sweep',
  'release',
  'retain',
  'redrive',
  'self-audit',
  'import',
  'export',
  'statistics',
  'expiry',
  'witness',
]
const signsWith: Readonly<Record<string, readonly string[]>> = {
  ingest: ['Receipt'],
  ...Object.fromEntries(keepers.map((name) => [name, ['Checkpoint', 'Witness']])),
}
const overwrites = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete']
const whether = (is: boolean | undefined) => (is ? 'allowed' : 'refused')

/** What every function is asked for. */
const ofEach = lambdaNames.flatMap((by): Row[] => [
  ...Object.entries(partitions).map(
    ([name, key]): Row => [by, insert, entries, into(key), whether(inserts[by]?.some((each) => each === name))],
  ),
  [by, insert, log, into('acme#log'), whether(keepers.includes(by))],
  [by, insert, log, into('acme#checkpoint'), whether(keepers.includes(by))],
  [by, insert, log, into('acme#cosigned'), whether([...keepers, 'witness'].includes(by))],
  ...[entries, log].flatMap((table) =>
    overwrites.map((action): Row => [by, `dynamodb:${action}`, table, into(person), 'refused']),
  ),
  ...[entries, log, vault].flatMap((table) =>
    ['UpdateTimeToLive', 'DeleteTable', 'PutResourcePolicy', 'DeleteResourcePolicy', 'UpdateTable'].map(
      (action): Row => [by, `dynamodb:${action}`, table, {}, 'refused'],
    ),
  ),
  [by, 'dynamodb:PutItem', vault, into(person), 'refused'],
  [by, 'dynamodb:DeleteItem', vault, into(person), whether(['erase', 'retain'].includes(by))],
  [by, 'dynamodb:UpdateItem', vault, into(person), whether(by === 'retain')],
  [by, insert, vault, into(person), whether(['ingest', 'audit', 'letters', 'link', 'import'].includes(by))],
  ...['Receipt', 'Checkpoint', 'Witness'].flatMap((key): Row[] => [
    [by, 'kms:Sign', `{Stores${key}Key.Arn}`, pure, whether(signsWith[by]?.includes(key))],
    [by, 'kms:Sign', `{Stores${key}Key.Arn}`, prehashed, 'refused'],
    [by, 'kms:Sign', `{Stores${key}Key.Arn}`, {}, 'refused'],
    [by, 'kms:ScheduleKeyDeletion', `{Stores${key}Key.Arn}`, {}, 'refused'],
  ]),
  [by, 'kms:Encrypt', '{StoresKeyringKey.Arn}', {}, whether(by === 'administer')],
  [by, 'kms:Decrypt', '{StoresDataKey.Arn}', throughDynamoDb, 'allowed'],
  [by, 'kms:Decrypt', '{StoresDataKey.Arn}', {}, 'refused'],
  [by, 's3:PutObject', object('log/acme/tile/0/000'), once, whether(keepers.includes(by))],
  [by, 's3:PutObject', object('log/acme/tile/0/000'), {}, 'refused'],
  [by, 's3:PutObject', object('log/acme/tile/0/000'), swap, 'refused'],
  [by, 's3:PutObject', object('texts/ab'), once, whether(by === 'administer')],
  ...reporters.flatMap((job): Row[] => [
    [by, 's3:PutObject', object(`operations/${job}/1`), once, whether(by === job)],
    [by, 's3:PutObject', object(`operations/${job}/1`), {}, 'refused'],
    [by, 's3:GetObject', object(`operations/${job}/1`), {}, 'refused'],
  ]),
  [by, 's3:PutObject', object('served/acme/checkpoint'), swap, whether([...keepers, 'witness'].includes(by))],
  [by, 's3:PutObject', object('served/acme/checkpoint'), {}, 'refused'],
  [by, 's3:DeleteObject', object('log/acme/tile/0/000'), {}, 'refused'],
  [by, 's3:DeleteObject', object('served/acme/checkpoint'), {}, 'refused'],
])

const ofSome: readonly Row[] = [
  // A transaction has the keys of all its items: one that is another function's refuses the whole.
  ['ingest', insert, entries, into(person, 'acme#controller'), 'refused'],
  ['audit', insert, entries, into('acme#read#2026-11-30', person), 'refused'],
  ['administer', insert, entries, into('acme#controller', person), 'refused'],
  // Rows of the vault that are of actors, and no request that does not say whose.
  ['administer', 'dynamodb:GetItem', vault, into('actor#kim'), 'allowed'],
  ['administer', insert, vault, into('actor#kim'), 'allowed'],
  ['administer', 'dynamodb:GetItem', vault, into(person), 'refused'],
  ['administer', 'dynamodb:BatchGetItem', vault, into('actor#kim', person), 'refused'],
  ['administer', 'dynamodb:GetItem', vault, {}, 'refused'],
  ['administer', 'dynamodb:Query', vault, into('actor#kim'), 'allowed'],
  ['administer', 'dynamodb:Query', vault, into(person), 'refused'],
  ['administer', 'dynamodb:Query', vault, {}, 'refused'],
  // A query names the whole partition key, so it finds no row that a get would not; a scan would find everyone's.
  ['ingest', 'dynamodb:Query', vault, into(person), 'allowed'],
  ...['ingest', 'read', 'audit', 'administer', 'erase', 'letters', 'link'].map(
    (by): Row => [by, 'dynamodb:Scan', vault, {}, 'refused'],
  ),
  ['log', 'dynamodb:Query', vault, into(person), 'refused'],
  ['sequence', 'dynamodb:Query', vault, into(person), 'refused'],
  ['ingest', 'dynamodb:Scan', entries, {}, 'refused'],
  ['read', 'kms:Decrypt', '{StoresKeyringKey.Arn}', {}, 'allowed'],
  ['log', 'kms:Decrypt', '{StoresKeyringKey.Arn}', {}, 'refused'],
  ['log', 'dynamodb:GetItem', vault, into(person), 'refused'],
  ['sequence', 'dynamodb:GetItem', vault, into(person), 'refused'],
  ['self-audit', 'dynamodb:Scan', vault, {}, 'allowed'],
  ['sweep', 'sqs:SendMessage', '{LedgerLogDeadLetters.Arn}', {}, 'allowed'],
  ['ingest', 'sqs:SendMessage', '{LedgerLogDeadLetters.Arn}', {}, 'refused'],
  ['redrive', 's3:GetObject', '{StoresFailures.Arn}/aws/lambda/1', {}, 'allowed'],
  ['ingest', 's3:GetObject', '{StoresFailures.Arn}/aws/lambda/1', {}, 'refused'],
  // A person's record, which ingest answers because it holds receipts, holds the texts that they were shown.
  ['ingest', 's3:GetObject', object('texts/ab'), {}, 'allowed'],
  ['link', 's3:GetObject', object('texts/ab'), {}, 'refused'],
]

const rows = [...ofEach, ...ofSome]
const secure = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' }

function outcome(statements: Statements, [by, action, resource, context]: Row): 'allowed' | 'refused' {
  return whether(isAllowed(statements, { by, action, resource, context: { ...secure, ...context } }))
}

const sentence = ([by, action, resource, context]: Row) => `${by} ${action} ${resource} ${JSON.stringify(context)}`
const unlike = (statements: Statements) => rows.filter((row) => outcome(statements, row) !== row[4]).map(sentence)

describe.each(stageNames)('in %s', (name) => {
  it('every request is allowed or refused as the table has it', () => {
    expect(rows.length).toBeGreaterThan(500)
    expect(unlike(statementsIn(synthesised(name)))).toEqual([])
  })
})

/** A statement that holds back less: a Deny that is gone, an Allow without its condition. */
function weaker(grant: Grant): Grant[] {
  if (grant.effect === 'Deny') return []
  const { Condition: _, ...statement } = grant.statement
  return [{ ...grant, statement }]
}

describe('each Deny and each condition decides a request of the table', () => {
  const { ofRoles, ofResources } = statementsIn(synthesised('prod'))
  const holdsBack = (grant: Grant) =>
    (lambdaNames as readonly string[]).includes(grant.holder) && (grant.effect === 'Deny' || grant.condition)

  it.each(ofRoles.filter(holdsBack).map((grant) => [grant.holder, grant.statement.Sid, grant] as const))(
    '%s without its %s',
    (_, __, left) => {
      const weakened = ofRoles.flatMap((grant) => (grant === left ? weaker(grant) : [grant]))
      expect(unlike({ ofRoles: weakened, ofResources })).not.toEqual([])
    },
  )

  it.each(['WriteOnce', 'CompareAndSwap'])('buckets without %s', (sid) => {
    const weakened = ofResources.filter(({ statement }) => statement.Sid !== sid)
    expect(weakened.length).toBe(ofResources.length - 1)
    expect(unlike({ ofRoles, ofResources: weakened })).not.toEqual([])
  })

  it.each(['StoresEntries', 'StoresLog', 'StoresVault'])('%s, when a role has every right, stands alone', (table) => {
    const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
    const role: Grant = { holder: 'anyone', effect: 'Allow', actions: ['*'], resources: ['*'], statement: everything }
    const may = (action: string, statements: Statements) =>
      isAllowed(statements, { by: 'anyone', action, resource: `{${table}.Arn}`, context: {} })
    const denied = overwrites.filter((action) => !may(`dynamodb:${action}`, { ofRoles: [role], ofResources }))
    const exempt = table === 'StoresVault' ? ['UpdateItem', 'DeleteItem'] : []
    expect(denied).toEqual(overwrites.filter((action) => !exempt.includes(action)))
    expect(may(insert, { ofRoles: [role], ofResources })).toBe(true)
    expect(overwrites.every((action) => may(`dynamodb:${action}`, { ofRoles: [role], ofResources: [] }))).toBe(true)
  })
})
