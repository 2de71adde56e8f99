/**
 * A deployment on this machine whose calls are counted: the entries of `functions/lambda` themselves, whose environment names an embedded
 * engine behind a meter, and the doubles of S3 and KMS. Each function is loaded as Lambda loads it, in modules of its
 * own, so that its first call is a cold start. What it writes to its log is what it writes to standard output.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { createTables } from '../../../functions/aws/create-tables.ts'
import { createDynamoClient } from '../../../functions/aws/dynamodb.ts'
import { type Variable, variables } from '../../../functions/lambda/environment.ts'
import type { Counted } from '../../../infra/cost/usage.ts'
import { ledgerAudience } from '../../../infra/local/development-issuer.ts'
import { startEngine } from '../../../infra/local/engine/engine.ts'
import { tables } from '../../../infra/tables.ts'
import { ed25519Key, startKmsDouble, symmetricKey } from '../../support/kms-double.ts'
import { startS3Double } from '../../support/s3-double.ts'
import { type DynamoMeter, startDynamoMeter } from './dynamodb-meter.ts'
import { type SeededWorld, seedWorld } from './seeded-world.ts'

type Overrides = Partial<Record<Variable, string>>

export interface Deployment extends SeededWorld {
  /** The engine's own address: what goes there is not counted. */
  readonly engineEndpoint: string
  /** Loads a new instance of a function, with the environment of the others except for `overrides`. */
  load<Module>(entry: () => Promise<Module>, overrides?: Overrides): Promise<Module>
  metered<Result>(
    work: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly usage: Counted; readonly lines: readonly string[] }>
  /** Items that were handed over since it was asked last. */
  readonly takeHandovers: DynamoMeter['takePuts']
  /** Units that the meter counted, and those that the engine reported. */
  units(): { readonly counted: number; readonly reported: number }
  close(): Promise<void>
}

const host = 'ledger.example'
const region = 'eu-north-1'

export async function startDeployment(): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'consent-ledger-cost-'))
  const [engine, s3, kms] = await Promise.all([startEngine(), startS3Double(), startKmsDouble()])
  const client = createDynamoClient({ region, endpoint: engine.endpoint })
  await createTables(client, tables)
  client.destroy()
  for (const name of ['checkpoint', 'witness', 'receipt']) kms.keys.set(name, ed25519Key())
  kms.keys.set('keyring', symmetricKey())
  const meter = await startDynamoMeter(engine.endpoint)
  const world = await seedWorld(
    {
      ...{ region, host, buckets: s3.names },
      ...{ dynamoDbEndpoint: engine.endpoint, s3Endpoint: s3.endpoint, kmsEndpoint: kms.endpoint },
      keys: { keyring: 'keyring', checkpoint: 'checkpoint', witness: 'witness' },
    },
    folder,
  )
  const environment: Readonly<Record<string, string>> = {
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: meter.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_KMS: kms.endpoint,
    [variables.host]: host,
    [variables.ledger]: 'prod',
    [variables.baseUrl]: `https://${host}`,
    [variables.entries]: 'entries',
    [variables.log]: 'log',
    [variables.vault]: 'vault',
    [variables.objects]: s3.names.objects,
    [variables.served]: s3.names.served,
    [variables.keyringKey]: 'keyring',
    [variables.publishEvery]: '0',
    [variables.handovers]: 'none',
    [variables.controllerLimit]: '1000:100000',
    [variables.checkpointKey]: 'checkpoint',
    [variables.witnessKey]: 'witness',
    [variables.receiptKey]: 'receipt',
    [variables.administrators]: JSON.stringify(world.issuer.provider(ledgerAudience)),
    [variables.console]: JSON.stringify({ controllers: [] }),
    [variables.filesOrigin]: 'https://files.example',
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  let lines: string[] = []
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line))
    return true
  })

  return {
    ...world,
    engineEndpoint: engine.endpoint,
    async load(entry, overrides = {}) {
      const names = Object.keys(overrides) as Variable[]
      for (const name of names) vi.stubEnv(variables[name], overrides[name])
      vi.resetModules()
      const loaded = await entry()
      for (const name of names) vi.stubEnv(variables[name], environment[variables[name]])
      return loaded
    },
    async metered(work) {
      s3.seen.length = 0
      kms.seen.length = 0
      lines = []
      const before = meter.tally()
      const result = await work()
      const after = meter.tally()
      const asked = (seen: readonly { readonly operation: string }[], ...operations: string[]) =>
        seen.filter(({ operation }) => operations.includes(operation)).length
      const put = s3.seen.filter(({ operation }) => operation === 'PutObject')
      return {
        result,
        lines,
        usage: {
          dynamoDbCalls: after.calls - before.calls,
          writeUnits: after.writeUnits - before.writeUnits,
          readUnits: after.readUnits - before.readUnits,
          kmsSymmetric: asked(kms.seen, 'Encrypt', 'Decrypt'),
          kmsAsymmetric: asked(kms.seen, 'Sign', 'GetPublicKey'),
          s3Writes: put.length + asked(s3.seen, 'ListObjectsV2'),
          s3Reads: asked(s3.seen, 'GetObject'),
          logLines: lines.length,
          logBytes: lines.reduce((bytes, line) => bytes + Buffer.byteLength(line), 0),
          tableBytes: after.storedBytes - before.storedBytes,
          // A served copy takes the place of the one before it.
          objectBytes: put
            .filter(({ path }) => !/\/(served|audit)\//.test(path))
            .reduce((bytes, { body }) => bytes + body.length, 0),
        },
      }
    },
    takeHandovers: meter.takePuts,
    units: () => {
      const { writeUnits, readUnits, reportedUnits } = meter.tally()
      return { counted: writeUnits + readUnits, reported: reportedUnits }
    },
    async close() {
      stdout.mockRestore()
      vi.unstubAllEnvs()
      await Promise.all([meter.stop(), s3.stop(), kms.stop()])
      await engine.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
