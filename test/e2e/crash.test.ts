/**
 * The server as people start it, killed by -9 under load and started again on the same folder: what it acknowledged is there,
 * once, and opens; its proofs verify with every event in the log, and log and tables agree. In every third round its engines die
 * instead, and it must not acknowledge what they did not keep.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { httpLog } from '../../infra/command/http-log.ts'
import { audienceOf, openDevelopmentIssuer } from '../../infra/local/development-issuer.ts'
import { auditLedger } from '../../infra/local/fsck/audit-report.ts'
import { openStoppedLedger } from '../../infra/local/fsck/stopped-ledger.ts'
import { localAuditor } from '../../infra/local/local-auditors.ts'
import { checkLog } from '../../shared/verify/log-check.ts'
import { parsePolicy, verifyFile } from '../../shared/verify/verify.ts'
import { eventually } from '../support/eventually.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'

const root = resolve(import.meta.dirname, '../..')
const rounds = 8
const writers = 16
const subjects = Array.from({ length: 4 }, aDeviceSecret)

let folder = ''
let server: Server | undefined
const acknowledged = new Map<string, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crash-'))
})
afterAll(async () => {
  server?.child.kill('SIGKILL')
  for (const pid of server?.engines ?? []) await untilGone(pid)
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

interface Server {
  readonly child: ChildProcess
  readonly url: string
  readonly key: string
  readonly engines: readonly number[]
}

async function startServer(): Promise<Server> {
  const args = ['infra/start.mjs', '--port', '0', '--data', folder, '--rate', 'off']
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stderr?.on('data', (chunk) => {
    output += String(chunk)
  })
  await new Promise<void>((ready, fail) => {
    child.stdout?.on('data', (chunk) => {
      output += String(chunk)
      if (output.includes('Ctrl-C stops it.')) ready()
    })
    child.once('exit', () => fail(new Error(`the server ended: ${output}`)))
  })
  const { url, sites } = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8'))
  return { child, url, key: sites['ljungsten/web'], engines: await enginesOf(child.pid ?? 0) }
}

/** Process ids below a process that run the engine's binary, by /proc. */
async function enginesOf(ancestor: number): Promise<number[]> {
  const parents = new Map<number, { parent: number; name: string }>()
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '')
    const [, name = '', parent = ''] = /^\d+ \((.*)\) \S (\d+)/.exec(stat) ?? []
    parents.set(Number(entry), { parent: Number(parent), name })
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent ?? 0
    return parent === ancestor || (parent > 1 && isBelow(parent))
  }
  return [...parents].filter(([pid, { name }]) => /dynoxide|java/.test(name) && isBelow(pid)).map(([pid]) => pid)
}

async function untilGone(pid: number): Promise<void> {
  await eventually(() => expect(isAlive(pid)).toBe(false))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Posts until the connection breaks or the ledger says that it cannot. */
async function write({ url, key }: Server, deviceSecret: string, onAcknowledged: () => void): Promise<void> {
  for (;;) {
    const eventId = randomUUID()
    const event = {
      eventId,
      occurredAt: new Date().toISOString(),
      subject: { deviceSecret },
      decisions: [{ purposeId: 'statistics', verb: 'given' }],
      act: 'button',
    }
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) }
    const response = await fetch(`${url}/v1/events?key=${key}`, init).catch(() => undefined)
    const receipt = await response?.json().catch(() => undefined)
    if (response === undefined || receipt === undefined) return
    if (response.status === 503) return
    // 200: the engine died after it had stored the event and before it said so, and the ledger's second try found the event.
    expect([200, 201]).toContain(response.status)
    acknowledged.set(eventId, deviceSecret)
    onAcknowledged()
  }
}

async function ask(url: string, question: string, deviceSecret: string): Promise<string> {
  const issuer = await openDevelopmentIssuer(folder)
  const audience = audienceOf('ljungsten')
  const token = await issuer.token({
    audience,
    subject: localAuditor('ljungsten'),
    scope: 'consent.audit',
    lifetimeSeconds: 600,
  })
  const subject = deviceIdentity(deviceSecret)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = JSON.stringify({ controller: 'ljungsten', subject, purposeId: 'statistics' })
  const response = await fetch(`${url}/v1/audit/${question}`, { method: 'POST', headers, body })
  expect(response.status).toBe(200)
  return response.text()
}

async function timelineOf({ url }: Server, deviceSecret: string): Promise<string[]> {
  const { events } = JSON.parse(await ask(url, 'timeline', deviceSecret))
  return events.map((e: { eventId: string }) => e.eventId)
}

async function expectAllThere(running: Server): Promise<void> {
  for (const secret of subjects) {
    const there = await timelineOf(running, secret)
    expect(new Set(there).size).toBe(there.length)
    const known = new Set(there)
    const missing = [...acknowledged].filter(([eventId, owner]) => owner === secret && !known.has(eventId))
    expect(missing).toEqual([])
  }
}

test(`killed ${rounds} times under load, it loses nothing that it acknowledged`, async () => {
  for (let round = 0; round < rounds; round++) {
    const running = await startServer()
    server = running
    expect(running.engines).toHaveLength(2)
    await expectAllThere(running)
    const enough = acknowledged.size + 25 + ((round * 37) % 60)
    const victims = round % 3 === 2 ? running.engines : [running.child.pid ?? 0]
    const struck = Promise.withResolvers<void>()
    let alive = true
    // Once only: a process id that is gone may be another process's by now.
    const strike = () => {
      if (!alive || acknowledged.size < enough) return
      alive = false
      for (const pid of victims) process.kill(pid, 'SIGKILL')
      struck.resolve()
    }
    const exited = once(running.child, 'exit')
    const load = Promise.all(
      Array.from({ length: writers }, (_, i) => write(running, subjects[i % subjects.length] ?? '', strike)),
    )
    await Promise.race([struck.promise, load])
    // Without its engines the server tries on for seconds; whatever it says meanwhile, it must not be a 201.
    if (round % 3 === 2) await sleep(200)
    running.child.kill('SIGKILL')
    await exited
    await load
    for (const pid of running.engines) await untilGone(pid)
  }
  server = await startServer()
  await expectAllThere(server)
  expect(acknowledged.size).toBeGreaterThan(rounds * 25)
  await expectAllProven(server)

  const exited = once(server.child, 'exit')
  server.child.kill('SIGINT')
  await exited
  const { clean, findings } = await auditLedger(await openStoppedLedger(folder, Date.now), {
    redrive: false,
    progress: () => {},
  })
  expect(findings).toEqual([])
  expect(clean).toBe(true)
})

/** Every acknowledged event is in a proof that verifies, and the whole log is what its checkpoints say. */
async function expectAllProven({ url }: Server): Promise<void> {
  const policy = parsePolicy(await (await fetch(`${url}/log/ljungsten/policy`)).text())
  for (const secret of subjects) {
    const proof = await ask(url, 'proofs', secret)
    const { verdict, failed } = await verifyFile(proof, policy)
    expect({ verdict, failed }).toEqual({ verdict: 'valid', failed: undefined })
    const proven = new Set(
      JSON.parse(proof).events.flatMap(({ disclosures }: { disclosures: string[] }) => disclosures.map(eventIdIn)),
    )
    const owned = [...acknowledged].filter(([, owner]) => owner === secret)
    expect(owned.filter(([eventId]) => !proven.has(eventId))).toEqual([])
  }
  const check = await checkLog(httpLog(`${url}/log/ljungsten`), policy)
  expect(check.failed).toBeUndefined()
  expect(check.verdict).toBe('valid')
  expect(check.size).toBeGreaterThan(acknowledged.size)
}

function eventIdIn(disclosure: string): string | undefined {
  return JSON.parse(Buffer.from(disclosure, 'base64url').toString())[2]?.eventId
}
