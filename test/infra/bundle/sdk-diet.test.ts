/** What the diet leaves out is not missed: errors without a class of their own keep their name, their words and their status. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTables } from '../../../functions/aws/create-tables.ts'
import { createDynamoClient } from '../../../functions/aws/dynamodb.ts'
import { contentsOf } from '../../../infra/bundle/contents.ts'
import { type Bundle, bundle } from '../../../infra/bundle/lambda-bundles.ts'
import { startDynoxide } from '../../../infra/local/engine/dynoxide.ts'
import type { Engine } from '../../../infra/local/engine/process.ts'
import { tables } from '../../../infra/tables.ts'
import { type Double, startDouble } from '../../support/http-double.ts'
import { ed25519Key, type KmsDouble, startKmsDouble } from '../../support/kms-double.ts'
import { type LambdaProcess, startLambda } from '../../support/lambda-process.ts'
import { type S3Double, startS3Double } from '../../support/s3-double.ts'
import type { Asked, Became } from './diet-probe.ts'

let folder: string
let probe: Bundle
let running: LambdaProcess
let engine: Engine
let s3: S3Double
let kms: KmsDouble
/** Answers each operation of DynamoDB with the error that the test says. */
let refusing: Double

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'diet-'))
  ;[probe, engine, s3, kms, refusing] = await Promise.all([
    bundle(folder, 'diet-probe', 'test/infra/bundle/diet-probe.ts'),
    startDynoxide(),
    startS3Double(),
    startKmsDouble(),
    startRefusal(),
  ])
  const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  await createTables(client, tables)
  client.destroy()
  running = await startLambda({ name: 'diet-probe', folder: probe.folder, environment: {} })
})
afterAll(async () => {
  await running?.end()
  await Promise.all([engine.stop(), s3.stop(), kms.stop(), refusing.stop()])
  await rm(folder, { recursive: true, force: true })
})

async function asked(question: Asked): Promise<Became> {
  const { result, error } = await running.invoke(question)
  expect(error).toBeUndefined()
  return result
}

describe('DynamoDB', () => {
  const of = (name: string, how: Asked['how']) => asked({ service: 'dynamodb', endpoint: engine.endpoint, name, how })

  it('a second insert is a duplicate, alone and in a batch', async () => {
    expect(await of('entries', 'insert')).toEqual({ answer: 200 })
    expect(await of('entries', 'insert')).toMatchObject({
      name: 'DuplicateItemException',
      status: 400,
      isOfService: true,
    })
    expect(await of('entries', 'insert-batch')).toEqual({ answer: ['DuplicateItem'] })
  })

  it('a table that is not there is not found, and an item that is not is no error', async () => {
    expect(await of('nowhere', 'get')).toMatchObject({ name: 'ResourceNotFoundException', status: 400 })
    expect(await of('entries', 'get')).toEqual({ answer: null })
  })

  it.each([
    'DuplicateItemException',
    'ThrottlingException',
    'ProvisionedThroughputExceededException',
    'TransactionCanceledException',
    'AccessDeniedException',
    'AnErrorOfNextYear',
  ])('%s keeps its name and its words', async (name) => {
    refusing.decide = () => ({ fault: 'refuse', status: 400, code: name })
    const became = await asked({ service: 'dynamodb', endpoint: refusing.endpoint, name: 'entries', how: 'get' })
    expect(became).toEqual({ name, message: 'In its own words.', status: 400, isOfService: true })
  })

  it('a failure of the service keeps its status', async () => {
    refusing.decide = () => ({ fault: 'refuse', status: 500, code: 'InternalServerError' })
    const became = await asked({ service: 'dynamodb', endpoint: refusing.endpoint, name: 'entries', how: 'get' })
    expect(became).toMatchObject({ name: 'InternalServerError', status: 500 })
  })
})

describe('S3', () => {
  const of = (name: string, how: Asked['how']) => asked({ service: 's3', endpoint: s3.endpoint, name, how })

  it('an object that is not there, and a condition that does not hold', async () => {
    expect(await of('texts/none', 'get')).toMatchObject({ name: 'NoSuchKey', status: 404, isOfService: true })
    expect(await of('texts/once', 'put')).toMatchObject({ answer: expect.any(String) })
    expect(await of('texts/once', 'put')).toMatchObject({ name: 'PreconditionFailed', status: 412, isOfService: true })
  })

  it.each([
    ['ConditionalRequestConflict', 409],
    ['SlowDown', 503],
    ['AccessDenied', 403],
  ])('%s, %i', async (code, status) => {
    s3.decide = () => ({ fault: 'refuse', status, code })
    expect(await of('texts/any', 'put')).toMatchObject({ name: code, status, isOfService: true })
    s3.decide = () => undefined
  })
})

describe('KMS', () => {
  const of = (name: string) => asked({ service: 'kms', endpoint: kms.endpoint, name, how: 'sign' })

  it('a key that is disabled, to be deleted, or not there', async () => {
    kms.keys.set('good', ed25519Key())
    kms.keys.set('disabled', { ...ed25519Key(), state: 'Disabled' })
    kms.keys.set('deleted', { ...ed25519Key(), state: 'PendingDeletion' })
    expect(await of('good')).toEqual({ answer: 64 })
    expect(await of('disabled')).toMatchObject({ name: 'DisabledException', status: 400, isOfService: true })
    expect(await of('deleted')).toMatchObject({ name: 'KMSInvalidStateException', status: 400 })
    expect(await of('none')).toMatchObject({ name: 'NotFoundException', status: 400 })
  })
})

it('is what the probe was on', () => {
  const { files } = contentsOf(probe)
  expect([...files]).toContain('sdk-diet:@aws-sdk/credential-provider-node')
  expect([...files].filter((file) => /credential-provider|bowser\/|nested-clients/.test(file))).toEqual([
    'sdk-diet:@aws-sdk/credential-provider-node',
  ])
})

function startRefusal(): Promise<Double> {
  const headers = { 'content-type': 'application/x-amz-json-1.0' }
  return startDouble({
    operationOf: ({ headers: given }) => String(given['x-amz-target']).replace('DynamoDB_20120810.', ''),
    answer: () => ({ status: 200, headers, body: '{}' }),
    refusal: (status, code) => ({
      status,
      headers,
      body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: 'In its own words.' }),
    }),
  })
}
