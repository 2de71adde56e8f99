/** Each function starts with the variables that its template gives it, and no others: of KMS it needs public keys at most. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { lambdaNames } from '../../infra/lambda-names.ts'
import { ed25519Key, type KmsDouble, startKmsDouble } from '../support/kms-double.ts'
import { synthesised } from '../support/synthesised.ts'

const ofMachine = process.env
const ofLambda = { AWS_REGION: 'eu-north-1', AWS_ACCESS_KEY_ID: 'example', AWS_SECRET_ACCESS_KEY: 'example' }
let kms: KmsDouble

beforeAll(async () => {
  kms = await startKmsDouble()
})
afterAll(() => kms.stop())
afterEach(() => {
  process.env = ofMachine
})

it.each(lambdaNames)('%s', async (name) => {
  const lambda = synthesised('prod')
    .of('AWS::Lambda::Function')
    .find(({ properties }) => properties.Description === `Consent ledger: ${name}`)
  const configured: Record<string, string> = lambda?.properties.Environment.Variables
  for (const key of ['CHECKPOINT_KEY', 'WITNESS_KEY', 'RECEIPT_KEY'])
    if (configured[key]) kms.keys.set(configured[key], ed25519Key())
  process.env = { ...ofLambda, ...configured, AWS_ENDPOINT_URL_KMS: kms.endpoint }
  vi.resetModules()
  const { handler } = await import(`../../functions/lambda/${name}.ts`)
  expect(handler).toBeTypeOf('function')
})
