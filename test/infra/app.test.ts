/**
 * The app as a whole: every stage passes its checks with what is acknowledged for a reason, an unchanged tree has nothing to deploy, and
 * the construct stands in an outsider's app, alone or on what is there already.
 */

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Duration } from 'aws-cdk-lib'
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { handoversTable } from '../../infra/consent-ledger/handovers.ts'
import { LedgerStores } from '../../infra/consent-ledger/stores.ts'
import { lambdaNames } from '../../infra/lambda-names.ts'
import type { StageStacks } from '../../infra/stages/stage-stacks.ts'
import { account, alone, changed, checked, stageNames, synthesised } from '../support/synthesised.ts'

/** Which rules are not followed, and why: to be read by whoever wonders. */
const reasons = {
  everywhere: {
    'This bucket holds the access logs of the others; logging its own would not end.': ['AwsSolutions-S1'],
    'Frontends have a publishable site key, which the function checks with the origin; throttled by route, and by address and site key where an edge is in front.':
      ['AwsSolutions-APIG4'],
    'The subject proves itself by its device secret or a token of its controller’s provider, which the function checks.':
      ['AwsSolutions-APIG4'],
    'Policies, texts, checkpoints and tiles are for everyone; entry bundles are checked by the function.': [
      'AwsSolutions-APIG4',
    ],
    'Objects are named by what they hold: a tile, a checkpoint, a text. The role has the folders that its function reads or writes.':
      ['log', 'certificates', 'texts', 'exports', 'imports', 'served', '']
        .concat(
          ['sweep', 'redrive', 'release', 'retain', 'self-audit'].map((job) => `operations/${job}`),
          ...['audit', 'operations/import', 'operations/export', 'operations/deliver', 'operations/statistics'],
          ...['operations/expiry', 'operations/witness'],
        )
        .map((folder) => `AwsSolutions-IAM5 of ${folder}/*`),
    'API Gateway waits for its answer: a failure is the caller’s to retry.': ['Serverless-LambdaDLQ'],
    'A call is one function and its database: lines and metrics say where time went, and traces would need a right on all resources.':
      ['Serverless-LambdaTracing'],
    'The mapping of the stream has a destination for what fails, with its records.': ['Serverless-LambdaDLQ'],
    'It has a destination on failure, which also says why.': ['Serverless-LambdaDLQ'],
    'The function `deliver` waits for its answer, and asks again in its next run.': ['Serverless-LambdaDLQ'],
    'Each function writes a line for each call; of what never reaches one, API Gateway has metrics and Lambda its own line.':
      ['AwsSolutions-APIG1', 'Serverless-APIGWAccessLogging'],
    'It is the end of the line: nothing takes from it but a person, whom an alarm calls.': [
      'AwsSolutions-SQS3',
      'Serverless-SQSRedrivePolicy',
    ],
  },
  withoutTokens: {
    'Each controller has an identity provider of its own: the function verifies the token, its audience and scope.': [
      'AwsSolutions-APIG4',
    ],
    'The ledger’s own identity provider is verified by the function.': ['AwsSolutions-APIG4'],
  },
  withUsers: {
    'It has no people and so no passwords: machines sign in by client credentials.': ['AwsSolutions-COG1'],
    'It has no people who could be asked for a second factor.': ['AwsSolutions-COG2'],
    'Threat protection is about people who sign in; there are none.': ['AwsSolutions-COG3'],
    'Essentials is the plan that machine clients need; Plus adds the protection of people.': ['AwsSolutions-COG8'],
  },
  withEdge: {
    'LedgerStores lets CloudFront in: readByEdge.': ['@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac'],
    'People give and withdraw consent from wherever they are.': ['AwsSolutions-CFR1'],
    'Access logs are delivered through CloudWatch with a list of fields, which the older kind cannot do: no addresses, no user agents.':
      ['AwsSolutions-CFR3'],
  },
  withOnCall: {
    'Mail that cannot be delivered has nowhere better to go; the alarm stands in CloudWatch.': [
      'Serverless-SNSRedrivePolicy',
    ],
  },
}
const acknowledgedIn = {
  dev: { ...reasons.everywhere, ...reasons.withoutTokens, ...reasons.withUsers },
  staging: { ...reasons.everywhere, ...reasons.withEdge },
  prod: { ...reasons.everywhere, ...reasons.withEdge, ...reasons.withOnCall },
}

/** Without the name of a bucket. */
const shortened = (rule: string) =>
  rule
    .replace(/^Annotation::/, '')
    .replace(/\[Resource::arn:aws:s3:::[^/]+\/(?:(\w+(?:\/[\w-]+)?)\/)?\*\]$/, ' of $1/*')

describe.each(stageNames)('the checks of %s', (name) => {
  it('find nothing but what is acknowledged here', () => {
    // The stages have no `handsOver`; its table has no findings either.
    const add = ({ stateful }: StageStacks) => void handoversTable(stateful, stateful.stores.dataKey)
    const { findings, acknowledged } = checked(name, { add })
    expect(findings).toEqual([])
    const rules = Object.entries(acknowledged).map(([reason, each]) => [reason, each.map(shortened)])
    expect(Object.fromEntries(rules)).toEqual(acknowledgedIn[name])
    for (const reason of Object.keys(acknowledged)) expect(reason).toMatch(/^\p{Lu}.{20,}\.$/u)
  })
})

it('a finding that nobody acknowledged stops the synthesis', () => {
  const careless = () => checked('dev', { add: ({ stateful }) => new Queue(stateful, 'Added') })
  expect(careless).toThrow(/AwsSolutions-SQS4[\s\S]*Serverless-SQSRedrivePolicy/)
})

describe('an unchanged tree', () => {
  it.each(stageNames)('makes the same templates and assets of %s again', (name) => {
    const [first, again] = [synthesised(name), changed(name)]
    expect(JSON.stringify(again.templates)).toBe(JSON.stringify(first.templates))
    const assets = (stage: typeof first) => stage.assembly.stacks.flatMap((stack) => stack.assets)
    expect(assets(again)).toEqual(assets(first))
  })

  it('has nothing to deploy, as cdk diff says; what changed has', async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'assembly-'))
    onTestFinished(() => rmSync(outdir, { recursive: true }))
    const { assembly, templates } = changed('dev', { outdir })
    const stack = 'consent-ledger-dev-stateful'
    const difference = async (template: string): Promise<number> => {
      const args = ['diff', '--app', assembly.directory, '--exclusively', stack, '--template', template, '--fail']
      const cdk = join(import.meta.dirname, '../../node_modules/aws-cdk/bin/cdk')
      return promisify(execFile)(process.execPath, [cdk, ...args]).then(
        () => 0,
        ({ code }) => code,
      )
    }
    const other = join(assembly.directory, 'other.template.json')
    const { StoresVaultC4F69F48: _, ...Resources } = templates[stack].Resources
    writeFileSync(other, JSON.stringify({ ...templates[stack], Resources }))
    const deployed = join(assembly.directory, `${stack}.template.json`)
    expect(JSON.parse(readFileSync(deployed, 'utf8'))).toEqual(templates[stack])
    expect(await Promise.all([difference(deployed), difference(other)])).toEqual([0, 1])
  })
})

describe('the construct in another app', () => {
  const made = alone()

  it('makes all of a ledger of a host and an identity provider', () => {
    expect(made.of('AWS::DynamoDB::GlobalTable')).toHaveLength(3)
    const descriptions = made.of('AWS::Lambda::Function').map(({ properties }) => properties.Description)
    expect(descriptions.filter((each) => each?.startsWith('Consent ledger: '))).toHaveLength(lambdaNames.length)
    expect(made.of('AWS::ApiGatewayV2::Api')).toHaveLength(1)
  })

  it.each([
    [15, 30, undefined],
    [16, 30, 'may break the promise of two minutes'],
    [10, 60, 'may break the promise of two minutes'],
  ])('a window of %i s and a checkpoint each %i s: %s', (window, interval, refusal) => {
    const make = () =>
      alone(() => ({ batchingWindow: Duration.seconds(window), checkpointInterval: Duration.seconds(interval) }))
    if (refusal) expect(make).toThrow(refusal)
    else expect(make).not.toThrow()
  })

  it('makes no table, bucket or data key where they are handed in', () => {
    const { resources } = alone((stack) => {
      const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:${account}:${name}`
      const table = (name: string) =>
        TableV2.fromTableAttributes(stack, name, {
          tableArn: arn('dynamodb', `table/${name}`),
          tableStreamArn: arn('dynamodb', `table/${name}/stream/2026`),
        })
      const key = (id: string) => Key.fromKeyArn(stack, id, arn('kms', `key/${id}`))
      const stores = new LedgerStores(stack, 'Given', {
        existingTables: { entries: table('entries'), log: table('log'), vault: table('vault') },
        existingObjects: Bucket.fromBucketName(stack, 'Objects', 'objects'),
        existingServed: Bucket.fromBucketName(stack, 'Served', 'served'),
        existingAccessLogs: Bucket.fromBucketName(stack, 'AccessLogs', 'access-logs'),
        existingKeys: { dataKey: key('DataKey'), checkpointKey: key('CheckpointKey') },
      })
      return { stores }
    })
    const stores = resources.filter(({ type }) => /GlobalTable|S3::Bucket$|KMS::Key/.test(type))
    expect(stores.map(({ id }) => id.slice(0, -8))).toEqual([
      ...['GivenKeyringKey', 'GivenWitnessKey', 'GivenReceiptKey', 'GivenFailures', 'GivenFiles'],
    ])
  })
})
