/**
 * A whole ledger for tests that go through the front door: embedded engines in a temporary folder, the demo world, the gateway
 * on a free port, real HTTP. Its clock can be moved. Everything ends with `close`.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DynamoTableOptions } from '../../functions/aws/dynamodb.ts'
import { type DemoSites, openDemoWorld } from '../../infra/local/demo-world.ts'
import { audienceOf, ledgerAudience } from '../../infra/local/development-issuer.ts'
import { type LocalLedger, openLocalLedger } from '../../infra/local/local-ledger.ts'
import { serve } from '../../infra/local/serve.ts'

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
  /** Key of a site, by `<controller>/<site>`. */
  key(site: string): string
  /** Milliseconds that the ledger's clock is ahead of the system's. */
  setClockAhead(ms: number): void
  now(): string
  get(path: string, headers?: Record<string, string>): Promise<Reply>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>
  /** A token of the development issuer for a controller, or for the ledger itself (`ledger`). */
  token(scope: string, controller?: string, subject?: string, lifetimeSeconds?: number): Promise<string>
  close(): Promise<void>
}

export async function startLedger(options: { onCall?: DynamoTableOptions['onCall'] } = {}): Promise<RunningLedger> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'consent-ledger-'))
  let aheadMs = 0
  const clock = () => Date.now() + aheadMs
  const local = await openLocalLedger({ dataFolder, clock, onCall: options.onCall })
  const sites = await openDemoWorld(local)
  const gateway = await serve(local, { host: '127.0.0.1', port: 0 })

  async function send(path: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(gateway.url + path, init)
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
  }

  return {
    url: gateway.url,
    local,
    sites,
    key: (site) => sites.get(site)?.key ?? '',
    setClockAhead: (ms) => {
      aheadMs = ms
    },
    now: () => new Date(clock()).toISOString(),
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, body, headers = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    token: async (scope, controller = 'ljungsten', subject = 'tester', lifetimeSeconds = 600) => {
      const audience = controller === 'ledger' ? ledgerAudience : audienceOf(controller)
      return local.issuer.token({ audience, subject, scope, lifetimeSeconds })
    },
    async close() {
      await gateway.close()
      await local.close()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
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
