/**
 * The server as people start it, killed by -9 while it imports, and while it delivers and exports. Started again it finishes each: every record is
 * in the log once, the exports are sound, and the receiver got each message, those of one person in the order of the log.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runConsentLedger } from '../../infra/command/commands.ts'
import { audienceOf, openDevelopmentIssuer } from '../../infra/local/development-issuer.ts'
import { eventually } from '../support/eventually.ts'
import { leftOf, type Process, processesFrom, type StartedProgram, startProgram } from '../support/started-program.ts'
import { type WebhookReceiver, webhookReceiver } from '../support/webhook-receiver.ts'

const people = 100
const recordsOfPerson = 12
const records = people * recordsOfPerson
const controller = '/v1/controllers/ljungsten'
const importId = randomUUID()
const cutOff = ['ndjson', 'csv', 'parquet'].map((format) => ({ exportId: randomUUID(), format }))
const last = { exportId: randomUUID(), format: 'ndjson' }

let folder: string
let receiver: WebhookReceiver
let token: string
let server: Server | undefined

interface Server {
  readonly program: StartedProgram
  readonly processes: readonly Process[]
  readonly url: string
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crash-transfers-'))
  receiver = await webhookReceiver()
})
afterAll(async () => {
  await kill()
  await receiver.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

async function start(): Promise<void> {
  const args = ['--port', '0', '--data', join(folder, 'data'), '--rate', 'off', '--deliver-to-loopback']
  const program = startProgram([process.execPath, 'infra/start.mjs', ...args])
  server = { program, processes: [], url: '' }
  await program.printed(/Ctrl-C stops it\./)
  const { url } = JSON.parse(await readFile(join(folder, 'data/demo.json'), 'utf8'))
  server = { program, processes: await processesFrom(program.child.pid ?? 0), url }
}

async function kill(): Promise<void> {
  const killed = server
  server = undefined
  killed?.program.child.kill('SIGKILL')
  await eventually(async () => expect(await leftOf(killed?.processes ?? [])).toEqual([]))
}

async function call(path: string, body?: object) {
  const init = { headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }
  const sent = body === undefined ? init : { ...init, method: 'POST', body: JSON.stringify(body) }
  const response = await fetch(`${server?.url}${controller}${path}`, sent)
  const json = await response.json()
  expect(response.ok, JSON.stringify(json)).toBe(true)
  return json
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(2)
}

const stateOf = async (path: string) => (await call(path)).state
const filesOf = (kind: 'imports' | 'exports', id: string) => join(folder, 'data/files', kind, 'ljungsten', id)

async function askForAll(): Promise<void> {
  const issuer = await openDevelopmentIssuer(join(folder, 'data'))
  const scope = 'consent.import consent.export consent.export.clear consent.admin'
  token = await issuer.token({ audience: audienceOf('ljungsten'), subject: 'officer', scope, lifetimeSeconds: 3600 })
  const types = ['consent.given', 'consent.refused']
  receiver.secret = (await call('/endpoints', { endpoint: 'crm', url: receiver.url, types })).secret
  const lines = Array.from({ length: records }, (_, n) => {
    const at = new Date(Date.parse('2025-01-01T10:00:00Z') + n * 60_000).toISOString()
    const consents = { purposes: [{ id: 'statistics', enabled: Math.floor(n / people) % 2 === 0 }] }
    const user = { organization_user_id: `person-${n % people}` }
    return JSON.stringify({ id: `origin-${n}`, created_at: at, user, consents })
  })
  const text = `${lines.join('\n')}\n`
  const files = [{ name: 'events.ndjson', bytes: Buffer.byteLength(text) }]
  const draft = { importId, system: 'didomi', site: 'web', format: 'didomi', notify: true, files }
  const asked = await call('/imports', draft)
  const put = await fetch(asked.files[0].upload.url, { method: 'PUT', body: text })
  expect(put.status).toBe(200)
  await call(`/imports/${importId}/start`, {})
}

it('finishes what it was killed in, with nothing twice and nothing lost', async () => {
  await start()
  await askForAll()
  await until(async () => (await call(`/imports/${importId}`)).progress > 0)
  await kill()
  expect(readdirSync(join(filesOf('imports', importId), 'uploads'))).toHaveLength(1)

  const before = receiver.received.length
  await start()
  await until(() => receiver.received.length > before)
  for (const { exportId, format } of cutOff) await askExport(exportId, format)
  await until(() => cutOff.some(({ exportId }) => existsSync(filesOf('exports', exportId))))
  await kill()
  expect(receiver.received.length).toBeLessThan(records)
  expect(cutOff.every(({ exportId }) => existsSync(join(filesOf('exports', exportId), 'manifest.json')))).toBe(false)

  await start()
  await until(async () => (await stateOf(`/imports/${importId}`)) === 'done')
  const { counters } = await call(`/imports/${importId}`)
  expect(counters).toEqual({ records, accepted: records, skipped: 0, rejected: 0 })
  await until(() => new Set(receiver.received.map(({ id }) => id)).size >= records)
  await askExport(last.exportId, last.format)
  for (const each of [...cutOff, last]) await expectSound(each)
  const leaves = await leavesByOrigin()
  expect([leaves.size, new Set(leaves.values()).size]).toEqual([records, records])
  expectDeliveredInOrder(new Set(leaves.values()))
})

function askExport(exportId: string, format: string) {
  return call('/exports', { exportId, what: 'events', format, identifiers: 'clear', purposeId: 'statistics' })
}

async function expectSound({ exportId }: (typeof cutOff)[number]): Promise<void> {
  await until(async () => (await stateOf(`/exports/${exportId}`)) === 'done')
  const { code, out } = await command('export', 'verify', filesOf('exports', exportId), '--json')
  expect([code, JSON.parse(out).wrong]).toEqual([0, []])
}

async function command(...argv: string[]) {
  let out = ''
  const stdin = async () => Buffer.from(token)
  const say = (text: string) => {
    out += text
  }
  return { code: await runConsentLedger(argv, { env: {}, isTty: false, out: say, err: say, stdin }), out }
}

/** By the last export. Fails when an origin is there twice. */
async function leavesByOrigin(): Promise<Map<string, number>> {
  const root = filesOf('exports', last.exportId)
  const leaves = new Map<string, number>()
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.gz'))) {
    const text = String(gunzipSync(await readFile(join(root, name))))
    for (const line of text.trim().split('\n')) {
      const { how, leafIndex } = JSON.parse(line)
      if (how.origin?.importId !== importId) continue
      expect(leaves.has(how.origin.eventId)).toBe(false)
      leaves.set(how.origin.eventId, leafIndex)
    }
  }
  return leaves
}

/** A message may come twice; what comes first of each is in the order of the log. */
function expectDeliveredInOrder(expected: ReadonlySet<number>): void {
  const seen = new Set<string>()
  const leaves = new Map<string, number[]>()
  for (const { id, message } of receiver.received) {
    if (seen.has(id)) continue
    seen.add(id)
    const { subject, leaf } = message.data
    leaves.set(subject, [...(leaves.get(subject) ?? []), leaf])
  }
  for (const ofPerson of leaves.values()) expect(ofPerson).toEqual(ofPerson.toSorted((a, b) => a - b))
  expect(new Set([...leaves.values()].flat())).toEqual(expected)
}
