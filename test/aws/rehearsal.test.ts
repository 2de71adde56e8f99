/**
 * Everything of `npm run test:aws` that needs no account: the stage synthesised, with a twin that has what ingest has; the story through
 * the front door of a ledger on this machine; and each request that must be refused, against an engine that refuses none and a bucket
 * that refuses by condition: so that in an account nothing but permissions can be what refuses it.
 */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTables } from '../../functions/aws/create-tables.ts'
import { createDynamoClient } from '../../functions/aws/dynamodb.ts'
import { createS3Client } from '../../functions/aws/s3-objects.ts'
import { startEngine } from '../../infra/local/engine/engine.ts'
import { tables } from '../../infra/tables.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'
import { startS3Double } from '../support/s3-double.ts'
import { deployedIn } from './deployment.ts'
import { playStory } from './front-door.ts'
import { batchInsertion, insertion, mutations, partitionsOfOthers, putObject, refusalOf } from './probes.ts'
import { addEphemeralStage, type EphemeralStage, ledgerName } from './stage.ts'

const stage: EphemeralStage = {
  name: 'tabcdef',
  account: '111122223333',
  region: 'ap-southeast-1',
  administrators: { issuer: 'urn:test', audience: 'consent-ledger', jwks: { keys: [{ kty: 'OKP' }] } },
}

describe('the stage', () => {
  let outdir: string
  let stateless: Template
  let stateful: Template

  beforeAll(async () => {
    outdir = await mkdtemp(join(tmpdir(), 'ledger-rehearsal-'))
    const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'))
    const app = new App({ outdir, context })
    const stacks = addEphemeralStage(app, stage)
    app.synth()
    stateless = Template.fromStack(stacks.stateless)
    stateful = Template.fromStack(stacks.stateful)
  })
  afterAll(() => rm(outdir, { recursive: true, force: true }))

  it('has a twin with the very policy of ingest', () => {
    const roles = Object.entries(stateless.findResources('AWS::IAM::Role'))
    const policyOf = (description: RegExp) => {
      const [, found] = roles.find(([, { Properties }]) => description.test(Properties.Description ?? '')) ?? []
      return found?.Properties.Policies.find(({ PolicyName }: { PolicyName: string }) => PolicyName === 'Rights')
    }
    const ingest = policyOf(/the function "ingest"/)
    expect(ingest.PolicyDocument.Statement.length).toBeGreaterThan(5)
    expect(policyOf(/What ingest may do, for the test/)).toEqual(ingest)
  })

  it('goes without a trace but for keys in waiting', () => {
    const kept = [stateful, stateless].flatMap((template) =>
      Object.entries(template.toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string }>)
        .filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'))
        .map(([id, { Type }]) => `${Type} ${id}`),
    )
    expect(kept).toEqual([])
  })

  it('names buckets that S3 takes, in the region with one of the longest names', () => {
    const names = Object.values(stateful.findResources('AWS::S3::Bucket')).map(
      ({ Properties }) => Properties.BucketName,
    )
    expect(names).toHaveLength(5)
    for (const name of names) expect(name.length).toBeLessThanOrEqual(63)
  })

  it('puts out what the run reads', () => {
    const outputs = (template: Template) =>
      Object.fromEntries(Object.keys(template.findOutputs('*')).map((name) => [name, `value of ${name}`]))
    const name = ledgerName(stage)
    const read = deployedIn(stage, { [name]: outputs(stateless), [`${name}-stateful`]: outputs(stateful) })
    expect(read).toMatchObject({ url: 'value of Url', log: 'value of LogTable', twinRole: 'value of IngestTwinRole' })
  })
})

describe('the story', () => {
  let ledger: RunningLedger

  beforeAll(async () => {
    ledger = await startLedger({ clockOnlyGoesOn: true })
  })
  afterAll(() => ledger.close())

  it('runs through the front door of a ledger on this machine', async () => {
    const result = await playStory({ url: ledger.url, issuer: ledger.local.issuer, patienceMs: 15_000 })
    expect(result).toMatchObject({ withoutToken: 401, altered: 409, repeated: { status: 200, isFirst: true } })
    expect(result.receipt.failed).toBeUndefined()
    expect(result.receipt.verdict).toBe('valid')
    expect(result.proof.failed).toBeUndefined()
    expect(result.proof).toMatchObject({ verdict: 'valid', answer: { status: { status: 'Given' } } })
  })
})

describe('what must be refused is carried out where nobody refuses it', () => {
  it('in tables', async () => {
    const engine = await startEngine({})
    const client = createDynamoClient({ region: stage.region, endpoint: engine.endpoint })
    try {
      await createTables(client, tables, 'probed-')
      const key = { pk: 'probe#subject', sk: 'event#probe' }
      const first = insertion('probed-entries', key)
      for (const probe of mutations('probed-entries', key)) {
        // DELETEs of before may have made room.
        await refusalOf(first, client)
        expect([probe.what, await refusalOf(probe, client)]).toEqual([probe.what, undefined])
      }
      expect(await refusalOf(first, client)).toBeUndefined()
      expect(await refusalOf(first, client)).toBe('DuplicateItemException')
      expect(await refusalOf(batchInsertion('probed-entries', key), client)).toMatch(/^DuplicateItem/)
      for (const pk of partitionsOfOthers('probe')) {
        expect(await refusalOf(insertion('probed-entries', { pk, sk: 'one' }), client)).toBeUndefined()
        expect(await refusalOf(batchInsertion('probed-entries', { pk, sk: 'two' }), client)).toBeUndefined()
      }
    } finally {
      client.destroy()
      await engine.stop()
    }
  })

  it('in the bucket, or by its conditions', async () => {
    const double = await startS3Double()
    const client = createS3Client({ region: stage.region, endpoint: double.endpoint })
    try {
      const once = putObject(double.bucket, 'log/probe/object', { IfNoneMatch: '*' })
      expect(await refusalOf(putObject(double.bucket, 'log/probe/object'), client)).toBe('AccessDenied')
      expect(await refusalOf(once, client)).toBeUndefined()
      expect(await refusalOf(once, client)).toBe('PreconditionFailed')
      const { served } = double.names
      expect(await refusalOf(putObject(served, 'served/probe/checkpoint'), client)).toBe('AccessDenied')
      expect(
        await refusalOf(putObject(served, 'served/probe/checkpoint', { IfNoneMatch: '*' }), client),
      ).toBeUndefined()
      expect(await refusalOf(putObject(served, 'elsewhere', { IfNoneMatch: '*' }), client)).toBe('AccessDenied')
    } finally {
      client.destroy()
      await double.stop()
    }
  })
})
