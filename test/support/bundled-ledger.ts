/**
 * The ledger as it is deployed, but for the cloud: the bundles, each in a process of its own with the variables of its rights, on an
 * engine that speaks DynamoDB's protocol and on doubles of S3's and KMS's. What is made in it, the functions themselves have made.
 */
import { generateKeyPairSync } from 'node:crypto'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import { SignJWT } from 'jose'
import { createTables } from '../../functions/aws/create-tables.ts'
import { createDynamoClient } from '../../functions/aws/dynamodb.ts'
import { type Variable, variables } from '../../functions/lambda/environment.ts'
import type { RouteId } from '../../functions/served-routes.ts'
import type { Bundle } from '../../infra/bundle/lambda-bundles.ts'
import type { LambdaName } from '../../infra/lambda-names.ts'
import type { Engine } from '../../infra/local/engine/process.ts'
import { tables } from '../../infra/tables.ts'
import type { IdentityProvider } from '../../shared/consent/identity-provider.ts'
import type { Item } from '../../shared/ledger/store.ts'
import { type ApiRequest, apiEvent } from './api-event.ts'
import { type EventBusDouble, startEventBusDouble } from './event-bus-double.ts'
import { failuresBucket } from './failed-delivery.ts'
import { ed25519Key, type KmsDouble, startKmsDouble, symmetricKey } from './kms-double.ts'
import { type LambdaProcess, type Outcome, startLambda } from './lambda-process.ts'
import { type S3Double, startS3Double } from './s3-double.ts'
import { bySchedule } from './scheduled-run.ts'
import { storedItems } from './stored-items.ts'
import { streamEvent } from './stream-records.ts'

const everywhere = ['ledger', 'host', 'entries', 'log', 'objects'] as const
const opening = [...everywhere, 'vault', 'keyringKey'] as const
const keeping = [...everywhere, 'served', 'checkpointKey', 'witnessKey', 'receiptKey', 'publishEvery'] as const

/** The variables that each function gets. A function that reads another one does not start, so this also shows what it may not do. */
const variablesOf: Readonly<Record<LambdaName, readonly Variable[]>> = {
  ingest: [...opening, 'receiptKey', 'viewer', 'controllerLimit'],
  read: [...opening, 'console', 'filesOrigin'],
  log: [...everywhere, 'baseUrl', 'checkpointKey', 'witnessKey'],
  audit: [...opening, 'files', 'baseUrl', 'checkpointKey', 'witnessKey'],
  administer: [...opening, 'files', 'administrators'],
  erase: opening,
  letters: [...opening.filter((name) => name !== 'objects'), 'viewer', 'baseUrl', 'letterBus'],
  link: opening.filter((name) => name !== 'objects'),
  sequence: [...keeping, 'handovers'],
  sweep: keeping,
  release: keeping,
  retain: opening,
  redrive: [...keeping, 'failures'],
  export: [...opening, 'files'],
  statistics: opening,
  expiry: opening,
  witness: [...everywhere, 'served', 'witnesses'],
  'self-audit': [...opening, 'served', 'checkpointKey', 'witnessKey'],
  import: [...opening, 'files'],
  messages: [...opening.filter((name) => name !== 'objects'), 'baseUrl'],
  deliver: [...everywhere, 'messagesFunction', 'messageBus'],
}

const host = 'ledger.example'
const ledgerAudience = 'ledger'

export interface BundledLedger {
  readonly s3: S3Double
  readonly kms: KmsDouble
  readonly letterBus: EventBusDouble
  /** Starts an instance of a function; it ends with the ledger. */
  start(name: LambdaName, flags?: readonly string[], more?: Readonly<Record<string, string>>): Promise<LambdaProcess>
  /** By the one instance of the function that stays. */
  invoke(name: LambdaName, event: unknown): Promise<Outcome>
  /** The answer's body, parsed if it is JSON. Throws for another status. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  call(name: LambdaName, route: RouteId, request: ApiRequest, status?: number): Promise<any>
  /** Log lines of every instance that `invoke` or `call` started. */
  lines(): readonly { readonly name: LambdaName; readonly line: string }[]
  errors(): string
  provider(audience: string): IdentityProvider
  token(audience: string, scope: string): Promise<string>
  entries(): Promise<readonly Item[]>
  /** What the stream hands over next: every entry that it has not handed over yet. */
  announced(): Promise<DynamoDBStreamEvent>
  close(): Promise<void>
}

export async function openBundledLedger(bundles: readonly Bundle[], engine: Engine): Promise<BundledLedger> {
  const [s3, kms, letterBus] = await Promise.all([startS3Double(), startKmsDouble(), startEventBusDouble()])
  s3.buckets.set(failuresBucket, new Map())
  for (const name of ['checkpoint', 'witness', 'receipt']) kms.keys.set(name, ed25519Key())
  kms.keys.set('keyring', symmetricKey())
  const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  await createTables(client, tables)
  client.destroy()

  const issuer = generateKeyPairSync('ed25519')
  const jwk = { ...issuer.publicKey.export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig' }
  const provider = (audience: string): IdentityProvider => ({ issuer: 'urn:test', audience, jwks: { keys: [jwk] } })
  const values: Readonly<Record<Variable, string>> = {
    host,
    ledger: 'test',
    baseUrl: 'https://ledger.example',
    entries: 'entries',
    log: 'log',
    vault: 'vault',
    objects: s3.names.objects,
    served: s3.names.served,
    failures: failuresBucket,
    files: `${s3.bucket}-files`,
    filesOrigin: 'https://files.example',
    keyringKey: 'keyring',
    checkpointKey: 'checkpoint',
    witnessKey: 'witness',
    receiptKey: 'receipt',
    administrators: JSON.stringify(provider(ledgerAudience)),
    viewer: 'peer',
    publishEvery: '0',
    controllerLimit: '1000:100000',
    console: JSON.stringify({ controllers: [] }),
    letterBus: 'letters',
    messageBus: 'none',
    messagesFunction: 'arn:aws:lambda:eu-north-1:123456789012:function:messages:live',
    handovers: 'none',
    witnesses: '[]',
  }
  const endpoints = {
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_KMS: kms.endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: letterBus.endpoint,
  }

  const handed = new Set<string>()
  const started: LambdaProcess[] = []
  const kept = new Map<LambdaName, Promise<LambdaProcess>>()
  const running = new Map<LambdaName, LambdaProcess>()

  async function start(name: LambdaName, flags: readonly string[] = [], more: Readonly<Record<string, string>> = {}) {
    const folder = bundles.find((bundle) => bundle.name === name)?.folder ?? ''
    const own = Object.fromEntries(variablesOf[name].map((each) => [variables[each], values[each]]))
    const process = await startLambda({ name, folder, flags, environment: { ...own, ...endpoints, ...more } })
    started.push(process)
    return process
  }

  async function invoke(name: LambdaName, event: unknown): Promise<Outcome> {
    const process = kept.get(name) ?? start(name)
    kept.set(name, process)
    running.set(name, await process)
    return (await process).invoke(event)
  }

  return {
    s3,
    kms,
    letterBus,
    start,
    invoke,
    async call(name, route, request, status = 200) {
      const { result, error } = await invoke(name, apiEvent(route, request))
      if (error !== undefined || result.statusCode !== status)
        throw new Error(`${route}: ${error ? JSON.stringify(error) : `${result.statusCode} ${result.body}`}`)
      const type: string = result.headers['content-type'] ?? ''
      return type.includes('json') ? JSON.parse(result.body) : result.body
    },
    lines: () => [...running].flatMap(([name, process]) => process.lines().map((line) => ({ name, line }))),
    errors: () => [...running.values()].map((process) => process.errors()).join(''),
    provider,
    token: (audience, scope) =>
      new SignJWT({ scope })
        .setProtectedHeader({ alg: 'EdDSA' })
        .setIssuer('urn:test')
        .setAudience(audience)
        .setSubject('somebody-at-work')
        .setIssuedAt()
        .setExpirationTime('10m')
        .sign(issuer.privateKey),
    entries: () => storedItems(engine.endpoint, 'entries'),
    async announced() {
      const items = (await storedItems(engine.endpoint, 'entries')).filter(({ pk, sk }) => !handed.has(`${pk} ${sk}`))
      for (const { pk, sk } of items) handed.add(`${pk} ${sk}`)
      return streamEvent(items)
    },
    async close() {
      await Promise.all(started.map((process) => process.end()))
      await Promise.all([s3.stop(), kms.stop(), letterBus.stop()])
    },
  }
}

/** A controller, a site and a policy in force, made by the functions; the receipt key certified, and all of it logged. */
export interface FoundedLedger {
  readonly controller: string
  readonly siteKey: string
  readonly audience: string
}

export async function found(
  ledger: BundledLedger,
  controllerDraft: object,
  versionDraft: object,
): Promise<FoundedLedger> {
  const controller = 'acme'
  const audience = 'acme-audience'
  const by = async (scope: string, of = audience) => ({ authorization: `Bearer ${await ledger.token(of, scope)}` })
  await ledger.call(
    'administer',
    'createController',
    {
      headers: await by('ledger.admin', ledgerAudience),
      body: { ...controllerDraft, controller, identityProvider: ledger.provider(audience) },
    },
    201,
  )
  const swept = await ledger.invoke('sweep', bySchedule)
  if (swept.error) throw new Error(`sweep: ${JSON.stringify(swept.error)}`)
  const headers = await by('consent.admin')
  const path = { controller }
  const site = { site: 'web', kind: 'web', name: 'Web', origins: ['https://www.acme.example'] }
  const { key } = await ledger.call('administer', 'createSite', { path, headers, body: site }, 201)
  await ledger.call(
    'administer',
    'publishVersion',
    { path: { controller, policyId: 'privacy' }, headers, body: versionDraft },
    201,
  )
  const grant = {
    grantId: '0d6f7f0c-9f61-4c0e-8a55-0b5a4f6f3b11',
    auditor: { subject: 'somebody-at-work' },
    name: 'The tests',
    subjects: 'all',
    until: '2090-01-01T00:00:00Z',
  }
  await ledger.call('administer', 'makeGrant', { path, headers, body: grant }, 201)
  return { controller, siteKey: key, audience }
}
