/**
 * A stand-in for an AWS account into which the templates are deployed, as far as the story of `test/aws` needs it. What is read from the
 * templates: each function's variables and role, every statement, the names of buckets. What stands in:
 *
 *   STS, S3, CloudWatch, and KMS for the keyring   moto. It checks `If-Match` and `If-None-Match` of writes, and encryption contexts
 *   KMS for signing keys                            the double of the tests: moto has no Ed25519
 *   DynamoDB                                        Dynoxide: moto's PartiQL `INSERT` replaces an item that is there
 *   IAM                                             `authorising-front.ts`: moto's evaluates neither resources nor conditions
 *   Lambda, API Gateway, the stream                 the bundles in processes of their own, called by the local gateway and by a loop
 *   schedules, EventBridge, SQS                     `background-work.ts`: the rules and inputs of the templates, moto's rules and queues
 *
 * The stream gives up the first batch that has an event, so that the story needs `redrive`.
 *
 * Not here: grants and policies of keys, limits and throttling, TLS, Object Lock, mail, the edge, and how long anything takes.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { createTables } from '../../functions/aws/create-tables.ts'
import { createDynamoClient } from '../../functions/aws/dynamodb.ts'
import { routes } from '../../functions/served-routes.ts'
import { type MetricName, metricNamespace } from '../../functions/telemetry.ts'
import { bundleLambdas } from '../../infra/bundle/lambda-bundles.ts'
import type { LambdaName } from '../../infra/lambda-names.ts'
import { startEngine } from '../../infra/local/engine/engine.ts'
import { startGateway } from '../../infra/local/gateway/gateway.ts'
import { handlersFor } from '../../infra/local/gateway/handlers.ts'
import type { Gateway, Handler } from '../../infra/local/gateway/options.ts'
import { tables } from '../../infra/tables.ts'
import type { HandlerName } from '../../shared/api/routes.ts'
import type { Item } from '../../shared/ledger/store.ts'
import { type Deployed, deployWith } from '../aws/deployment.ts'
import { addEphemeralStage, type EphemeralStage, ledgerName } from '../aws/stage.ts'
import { metricsIn } from '../support/emf.ts'
import type { Grant } from '../support/grants.ts'
import { ed25519Key, startKmsDouble } from '../support/kms-double.ts'
import { type LambdaProcess, type Outcome, startLambda } from '../support/lambda-process.ts'
import { type Statements, statementsIn } from '../support/role-requests.ts'
import { isEvent, storedItems } from '../support/stored-items.ts'
import { streamEvent } from '../support/stream-records.ts'
import { type Synthesised, synthesisedBy } from '../support/synthesised.ts'
import { type Front, startFront } from './authorising-front.ts'
import { type BackgroundWork, startBackgroundWork } from './background-work.ts'
import { startMoto } from './moto-server.ts'
import { roleSessions } from './role-sessions.ts'

export interface StandInAccount {
  readonly front: Front
  /** What functions wrote to standard error, and outcomes that are errors. */
  readonly failures: string[]
  /** There when a stage is deployed. */
  background(): BackgroundWork
  /** What the functions wrote to their logs. */
  lines(): Promise<Record<string, unknown>[]>
  /** Denies a function everything that it does with a table, for as long as the work takes. */
  whileDenied<T>(lambda: LambdaName, table: string, work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** A schedule of minutes is played in seconds. */
const tickMs = 1_000

const signingKeys = ['Receipt', 'Checkpoint', 'Witness'].map((name) => `{Stores${name}Key.Arn}`)

export async function openAccount(tools: string): Promise<StandInAccount> {
  const [moto, engine, kms] = await Promise.all([startMoto(tools), startEngine({}), startKmsDouble()])
  /** Names in the templates, such as `{StoresEntries}`, with what they are called here; and the other way round. */
  const physical = new Map<string, string>()
  const logical = new Map<string, string>()
  let statements: Statements | undefined
  const failures: string[] = []
  const front = await startFront({
    statements: () => statements,
    nameOf(target) {
      const [first = '', ...rest] = target.split('/')
      const whole = logical.get(target)
      return whole ?? [logical.get(first) ?? first, ...rest].join('/')
    },
    standInOf({ service, body }) {
      if (service === 'dynamodb') return engine.endpoint
      return service === 'kms' && kms.keys.has(JSON.parse(body).KeyId ?? '') ? kms.endpoint : moto.endpoint
    },
  })
  const invented = {
    AWS_ENDPOINT_URL: front.endpoint,
    AWS_ACCESS_KEY_ID: 'owner',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  }
  Object.assign(process.env, invented)
  const ending: (() => Promise<unknown>)[] = []
  let background: BackgroundWork | undefined
  let lines = async (): Promise<Record<string, unknown>[]> => []

  function name(inTemplate: string, here: string, inStatements = inTemplate): void {
    physical.set(inTemplate, here)
    logical.set(here, inStatements)
  }

  /** What CloudFormation would make before the functions. */
  async function makeStores(stage: EphemeralStage, synthesised: Synthesised): Promise<void> {
    const { region } = stage
    const prefix = `${ledgerName(stage)}-`
    const client = createDynamoClient({ region, endpoint: engine.endpoint })
    await createTables(client, tables, prefix)
    client.destroy()
    for (const table of ['Entries', 'Log', 'Vault'])
      name(`{Stores${table}}`, prefix + table.toLowerCase(), `{Stores${table}.Arn}`)
    const s3 = new S3Client({ region, forcePathStyle: true })
    for (const { id, properties } of synthesised.of('AWS::S3::Bucket')) {
      const Bucket: string = properties.BucketName
      const LocationConstraint = region as 'eu-north-1'
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }))
      name(`{${id.slice(0, -8)}}`, Bucket, `{${id.slice(0, -8)}.Arn}`)
    }
    const keys = new KMSClient({ region })
    const { KeyMetadata } = await keys.send(new CreateKeyCommand({}))
    name('{StoresKeyringKey.Arn}', KeyMetadata?.Arn ?? '')
    for (const key of signingKeys) {
      const arn = `arn:aws:kms:${region}:${stage.account}:key/${key.slice(1, -5)}`
      kms.keys.set(arn, ed25519Key())
      name(key, arn)
    }
    // Nothing calls it, because the story makes no endpoint.
    name('{LedgerFunctionsMessagesLive}', `arn:aws:lambda:${region}:${stage.account}:function:messages:live`)
    s3.destroy()
    keys.destroy()
  }

  async function startFunctions(stage: EphemeralStage, synthesised: Synthesised, url: () => string) {
    const bundles = await bundleLambdas()
    const started = new Map<LambdaName, Promise<LambdaProcess>>()
    const turns = new Map<LambdaName, Promise<unknown>>()
    const sessions = roleSessions(stage.region, (lambda) => roleArn(stage, lambda))

    async function start(lambda: LambdaName): Promise<LambdaProcess> {
      const { properties } =
        synthesised
          .of('AWS::Lambda::Function')
          .find((each) => each.properties.Description === `Consent ledger: ${lambda}`) ?? {}
      if (properties === undefined) throw new Error(`the templates have no function ${lambda}`)
      const variables = Object.entries<string>(properties.Environment.Variables).map(([variable, value]) => {
        const here = value === '{LedgerFrontDoorApi.ApiEndpoint}' ? url() : physical.get(value)
        if (here === undefined && /^\{\w+(\.\w+)?\}$/.test(value)) throw new Error(`nothing stands in for ${value}`)
        return [variable, here ?? value]
      })
      const credentials = await sessions.of(lambda)
      const environment = {
        ...Object.fromEntries(variables),
        AWS_ENDPOINT_URL: front.endpoint,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
      }
      const folder = bundles.find((bundle) => bundle.name === lambda)?.folder ?? ''
      return startLambda({ name: lambda, folder, environment })
    }

    /** One instance of each function, which answers one event at a time. */
    async function invoke(lambda: LambdaName, event: unknown): Promise<Outcome> {
      const running = started.get(lambda) ?? start(lambda)
      started.set(lambda, running)
      const turn = (turns.get(lambda) ?? Promise.resolve()).then(async () => (await running).invoke(event))
      turns.set(
        lambda,
        turn.catch(() => undefined),
      )
      const outcome = await turn
      if (outcome.error) failures.push(`${lambda}: ${JSON.stringify(outcome.error)}`)
      return outcome
    }

    ending.push(async () => {
      for (const [lambda, running] of started) {
        const process = await running
        await process.end()
        if (process.errors() !== '') failures.push(`${lambda}: ${process.errors()}`)
      }
      sessions.close()
    })
    lines = async () =>
      (await Promise.all(started.values())).flatMap((process) => process.lines().map((line) => JSON.parse(line)))
    return { invoke, credentialsOf: sessions.of }
  }

  async function deploy(stage: EphemeralStage): Promise<Deployed> {
    const synthesised = synthesisedBy((app) => addEphemeralStage(app, stage))
    await makeStores(stage, synthesised)
    statements = statementsIn(synthesised)
    let gateway: Gateway | undefined
    const { invoke, credentialsOf } = await startFunctions(stage, synthesised, () => gateway?.url ?? '')
    const handlerOf =
      (lambda: HandlerName): Handler =>
      async (event) => {
        const { result, error } = await invoke(lambda, event)
        if (error) throw new Error(`${lambda} failed`)
        return result
      }
    gateway = await startGateway({ routes, handlers: handlersFor(handlerOf), host: 'localhost', port: 0 })
    const { close, url } = gateway
    const here = (inTemplate: string) => physical.get(inTemplate) ?? ''
    const entries = here('{StoresEntries}')
    const { region } = stage
    const services = { endpoint: front.endpoint, region, synthesised, here, name, invoke, credentialsOf }
    background = await startBackgroundWork(services)
    ending.unshift(close, keepTime(stage, entries, invoke, background))
    return {
      url,
      entries,
      log: here('{StoresLog}'),
      vault: here('{StoresVault}'),
      objects: here('{StoresObjects}'),
      served: here('{StoresServed}'),
      twinRole: roleArn(stage, 'IngestTwin'),
    }
  }

  /** The stream, the schedules, and the metrics that CloudWatch takes from the lines. Returns what ends it. */
  function keepTime(
    { region, name: stageName }: EphemeralStage,
    entries: string,
    invoke: (lambda: LambdaName, event: unknown) => Promise<Outcome>,
    work: BackgroundWork,
  ): () => Promise<void> {
    const handed = new Set<string>()
    const cloudWatch = new CloudWatchClient({ region })
    let isOver = false
    let measured = 0
    let hasGivenUp = false

    /** Whether the stream is through with these entries: they are sequenced, or given up. */
    async function isDone(items: readonly Item[]): Promise<boolean> {
      const batch = streamEvent(items)
      if (!hasGivenUp && items.some((item) => isEvent(item) && item.values.leaf !== undefined)) {
        hasGivenUp = true
        await work.giveUp(batch)
        return true
      }
      return (await invoke('sequence', batch)).result?.batchItemFailures?.length === 0
    }

    async function tick(): Promise<void> {
      await invoke('sweep', work.schedules.get('sweep'))
      const items = (await storedItems(engine.endpoint, entries)).filter(({ pk, sk }) => !handed.has(`${pk} ${sk}`))
      if (items.length > 0 && (await isDone(items))) for (const { pk, sk } of items) handed.add(`${pk} ${sk}`)
      await work.redrive()
      const soFar = await lines()
      const found = metricsIn(soFar.slice(measured), ledgerName({ name: stageName }))
      measured = soFar.length
      for (const [metric, values] of Object.entries(found) as [MetricName, number[]][]) {
        const Dimensions = [{ Name: 'service', Value: ledgerName({ name: stageName }) }]
        const MetricData = values.map((Value) => ({ MetricName: metric, Value, Timestamp: new Date(), Dimensions }))
        await cloudWatch.send(new PutMetricDataCommand({ Namespace: metricNamespace, MetricData }))
      }
    }

    const ended = (async () => {
      while (!isOver) {
        await tick().catch((error: unknown) => failures.push(String(error)))
        await sleep(tickMs)
      }
      cloudWatch.destroy()
    })()
    return () => {
      isOver = true
      return ended
    }
  }

  async function destroy(): Promise<void> {
    for (const end of ending.splice(0)) await end()
  }

  deployWith({ deploy, destroy })
  return {
    front,
    failures,
    background: () => background ?? missing(),
    lines: () => lines(),
    async whileDenied(lambda, table, work) {
      const before = statements ?? missing()
      const statement = { Effect: 'Deny', Action: 'dynamodb:*', Resource: table }
      const deny: Grant = { holder: lambda, effect: 'Deny', actions: ['dynamodb:*'], resources: [table], statement }
      statements = { ...before, ofRoles: [...before.ofRoles, deny] }
      return work().finally(() => {
        statements = before
      })
    },
    async close() {
      await destroy()
      await front.close()
      await Promise.all([moto.stop(), engine.stop(), kms.stop()])
    },
  }
}

function missing(): never {
  throw new Error('nothing is deployed')
}

const roleArn = ({ account }: EphemeralStage, role: string): string => `arn:aws:iam::${account}:role/${role}`
