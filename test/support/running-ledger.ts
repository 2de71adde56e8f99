/**
 * A whole ledger for tests that go through the front door: embedded engines in a temporary folder, the demo world, the gateway
 * on a free port, real HTTP. Its clock can be moved. Every answer that `get`, `post` and `send` bring is held against the
 * schema of its route. Everything ends with `close`.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDynamoClient, type DynamoTableOptions } from '../../functions/aws/dynamodb.ts'
import type { Waiting } from '../../functions/endpoints/waiting.ts'
import { type DemoSites, openDemoWorld } from '../../infra/demo/world.ts'
import { audienceOf, ledgerAudience } from '../../infra/local/development-issuer.ts'
import { type LocalLedger, openLocalLedger } from '../../infra/local/local-ledger.ts'
import { type ServeOptions, serve } from '../../infra/local/serve.ts'
import type { TableName } from '../../infra/tables.ts'
import type { Item, Key } from '../../shared/ledger/store.ts'
import { checkAnswer } from './answer-schemas.ts'
import { putItem, removeItem } from './damaged-items.ts'
import { letAudit } from './let-audit.ts'
import { storedItems } from './stored-items.ts'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body, when it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape; the schemas in answers.ts check them
  readonly json: any
}

export interface RunningLedger {
  readonly url: string
  readonly local: LocalLedger
  readonly sites: DemoSites
  /** Where engines, keys and texts are. */
  readonly dataFolder: string
  /** Key of a site, by `<controller>/<site>`. */
  key(site: string): string
  /** Milliseconds that the ledger's clock is ahead of the system's. */
  setClockAhead(ms: number): void
  /** Sets the ledger's clock to an instant; it goes on from there. */
  setClock(at: string): void
  now(): string
  /** Everything in a table, read past the ledger. */
  stored(table: TableName): Promise<Item[]>
  /** Writes an item of the entries or the log past the ledger, over whatever is there; without values it is removed. */
  damage(table: 'entries' | 'log', item: Key & { readonly values?: Item['values'] }): Promise<void>
  send(path: string, init: RequestInit): Promise<Reply>
  get(path: string, headers?: Record<string, string>): Promise<Reply>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>
  /** A token of the development issuer for a controller, or for the ledger itself (`ledger`). One to audit or check with comes with a grant. */
  token(scope: string, controller?: string, subject?: string, lifetimeSeconds?: number): Promise<string>
  /** `look` sees what is left in the folder, before it is removed. */
  close(look?: () => Promise<void>): Promise<void>
}

/** Before everything that tests do, whose clock goes to and fro: a log's time only goes on. */
const logClock = () => Date.parse('2024-01-01T00:00:00.000Z')

export interface StartOptions {
  readonly onCall?: DynamoTableOptions['onCall']
  /** A DynamoDB instead of the embedded engines. */
  readonly endpoint?: string
  readonly served?: Pick<
    ServeOptions,
    'rateLimits' | 'onRefusals' | 'deliversToLoopback' | 'trustedProxies' | 'consoleConfig' | 'developmentSignIn'
  >
  /** The log then has the ledger's own clock, and its proofs verify. */
  readonly clockOnlyGoesOn?: boolean
  /** Milliseconds from one cycle of the sequencer to the next: with a day it stands still, and `local.runner.settle()` goes one on. */
  readonly cycleMs?: number
  /** Without a sequencer: every call to the database is then a request's own. */
  readonly log?: 'off'
  /** The time by which an answer waits for the log. */
  readonly waiting?: Waiting
}

export async function startLedger(options: StartOptions = {}): Promise<RunningLedger> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'consent-ledger-'))
  let aheadMs = 0
  const clock = () => Date.now() + aheadMs
  let url = ''
  const local = await openLocalLedger({
    dataFolder,
    baseUrl: () => url,
    clock,
    logClock: options.clockOnlyGoesOn ? undefined : logClock,
    log: options.log ?? { cycleMs: options.cycleMs ?? 20 },
    onCall: options.onCall,
    endpoint: options.endpoint,
  })
  const sites = await openDemoWorld(local)
  const served = options.waiting ? { ...local, waiting: options.waiting } : local
  const gateway = await serve(served, {
    host: '127.0.0.1',
    port: 0,
    developmentSignIn: true,
    // Receivers of tests listen on this machine.
    deliversToLoopback: true,
    ...options.served,
  })
  url = gateway.url

  const auditors = new Set<string>()

  async function send(path: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(gateway.url + path, init)
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    const json = isJson && text !== '' ? JSON.parse(text) : undefined
    const reply = { status: response.status, headers: response.headers, text, json }
    checkAnswer(init.method ?? 'GET', path, reply)
    return reply
  }

  return {
    url: gateway.url,
    local,
    sites,
    dataFolder,
    key: (site) => sites.get(site)?.key ?? '',
    setClockAhead: (ms) => {
      aheadMs = ms
    },
    setClock: (at) => {
      aheadMs = Date.parse(at) - Date.now()
    },
    now: () => new Date(clock()).toISOString(),
    stored: (table) => storedItems(local.endpoints[table === 'vault' ? 1 : 0], table),
    async damage(table, { values, ...key }) {
      const client = createDynamoClient({ region: 'eu-north-1', endpoint: local.endpoints[0] })
      await (values ? putItem(client, table, { ...key, values }) : removeItem(client, table, key))
      client.destroy()
    },
    send,
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, body, headers = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    token: async (scope, controller = 'ljungsten', subject = 'tester', lifetimeSeconds = 600) => {
      const auditor = `${controller} ${subject}`
      if (/consent\.(audit|check)\b/.test(scope) && !auditors.has(auditor)) {
        await letAudit(local.ledger, controller, subject)
        auditors.add(auditor)
      }
      const audience = controller === 'ledger' ? ledgerAudience : audienceOf(controller)
      return local.issuer.token({ audience, subject, scope, lifetimeSeconds })
    },
    async close(look) {
      await gateway.close()
      await local.close()
      await look?.()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

/** Throws for a site that the demo world does not have: an empty key would test something else. */
export function siteKeyOf(ledger: Pick<RunningLedger, 'key'>, site: string): string {
  const key = ledger.key(site)
  if (key === '') throw new Error(`the demo world has no site ${site}`)
  return key
}

/** An event that the demo world accepts; anything in it can be replaced. */
export function anEvent(deviceSecret: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    eventId: randomUUID(),
    occurredAt: new Date().toISOString(),
    subject: { deviceSecret },
    decisions: [{ purposeId: 'statistics', verb: 'given' }],
    shown: [{ policyId: 'cookie-policy', version: '2', locale: 'en' }],
    channel: 'web',
    surface: 'banner',
    act: 'button',
    control: 'save-choices',
    ...more,
  }
}

/** 144 random bits, as a client would make them. */
export function aDeviceSecret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64url')
}
