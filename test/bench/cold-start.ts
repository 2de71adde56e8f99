/**
 * Cold starts of the deployed bundles: each function in a bare Node of its own, from the start of the process until its import is
 * finished, until its first request is answered, and its second; on the embedded engine and on doubles of S3 and KMS. Beside them
 * a function that does nothing, started in the same way: what Node itself takes.
 *
 * The functions take turns, so that what disturbs the machine for a while disturbs all of them. It is a process on this machine and no
 * Lambda: there is no download of the bundle and another CPU. Nor is there TLS; instead, the SDK's first request over plain HTTP makes
 * Node load its web client, some 20 ms that a function on AWS does not spend.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deviceIdentity } from '../../functions/http/access.ts'
import { contentsOf } from '../../infra/bundle/contents.ts'
import { bundleLambdas } from '../../infra/bundle/lambda-bundles.ts'
import { type LambdaName, lambdaNames } from '../../infra/lambda-names.ts'
import { startEngine } from '../../infra/local/engine/engine.ts'
import { apiEvent } from '../support/api-event.ts'
import { type BundledLedger, type FoundedLedger, found, openBundledLedger } from '../support/bundled-ledger.ts'
import { giveUp } from '../support/failed-delivery.ts'
import { type LambdaProcess, type Outcome, startLambda } from '../support/lambda-process.ts'
import { controllerDraft, versionDraft } from '../support/memory-ledger.ts'
import { bySchedule } from '../support/scheduled-run.ts'
import { median } from './load.ts'

export interface ColdStartPlan {
  readonly spawns: number
}

export interface Spread {
  readonly medianMs: number
  readonly worstMs: number
}

export interface ColdStart {
  readonly name: LambdaName | 'bare Node' | 'ingest, compile cache'
  /** Size of the code that is loaded at start. */
  readonly kilobytes: number
  /** From the start of the process to the end of the import. */
  readonly ready: Spread
  /** From event to outcome. */
  readonly first: Spread
  readonly second: Spread
  /** From the start of the process to the first outcome. */
  readonly readyAndFirst: Spread
}

interface Sample {
  readonly readyMs: number
  readonly firstMs: number
  readonly secondMs: number
}

/** How a process is started, and what it is asked. */
interface Subject {
  readonly name: ColdStart['name']
  readonly kilobytes: number
  start(): Promise<LambdaProcess>
  event(): Promise<unknown>
}

export async function measureColdStarts(
  { spawns }: ColdStartPlan,
  folder: string,
  progress: (line: string) => void,
): Promise<readonly ColdStart[]> {
  progress('cold start: bundles, engine, and a ledger with one event')
  const [bundles, engine] = await Promise.all([bundleLambdas(), startEngine()])
  const ledger = await openBundledLedger(bundles, engine)
  try {
    const events = await eventsFor(ledger)
    const kilobytes = (name: string) =>
      bundles.filter((each) => each.name === name).map(contentsOf)[0]?.bytesAtStart ?? 0
    const functions = lambdaNames.map(
      (name): Subject => ({
        name,
        kilobytes: kilobytes(name) / 1000,
        start: () => ledger.start(name),
        event: events[name],
      }),
    )
    const cached: Subject = {
      name: 'ingest, compile cache',
      kilobytes: kilobytes('ingest') / 1000,
      start: () => ledger.start('ingest', [], { NODE_COMPILE_CACHE: join(folder, 'compile-cache') }),
      event: events.ingest,
    }
    const subjects = [await bareNode(folder), ...functions, cached]
    const samples = new Map(subjects.map((subject) => [subject, [] as Sample[]]))
    for (const subject of subjects) await startOnce(subject)
    for (let spawn = 1; spawn <= spawns; spawn++) {
      if (spawn % 5 === 0) progress(`cold start: ${spawn} of ${spawns}`)
      for (const subject of subjects) samples.get(subject)?.push(await startOnce(subject))
    }
    return [...samples].map(([{ name, kilobytes: size }, of]) => ({
      name,
      kilobytes: size,
      ready: spreadOf(of.map(({ readyMs }) => readyMs)),
      first: spreadOf(of.map(({ firstMs }) => firstMs)),
      second: spreadOf(of.map(({ secondMs }) => secondMs)),
      readyAndFirst: spreadOf(of.map(({ readyMs, firstMs }) => readyMs + firstMs)),
    }))
  } finally {
    await ledger.close()
    await engine.stop()
  }
}

async function startOnce({ name, start, event }: Subject): Promise<Sample> {
  const [first, second] = [await event(), await event()]
  const process = await start()
  const outcomes = [await process.invoke(first), await process.invoke(second)]
  await process.end()
  const [firstMs = 0, secondMs = 0] = outcomes.map((outcome) => msOf(name, outcome))
  return { readyMs: process.startedMs, firstMs, secondMs }
}

function msOf(name: string, { result, error, ms }: Outcome): number {
  const refused = result?.statusCode >= 300 || result?.batchItemFailures?.length > 0
  if (error || refused) throw new Error(`${name} did not do what was asked: ${JSON.stringify(error ?? result)}`)
  return ms
}

function spreadOf(values: readonly number[]): Spread {
  return { medianMs: median(values), worstMs: Math.max(...values) }
}

async function bareNode(folder: string): Promise<Subject> {
  const task = join(folder, 'bare')
  await mkdir(task, { recursive: true })
  const code = 'export const handler = async () => ({ statusCode: 200 })\n'
  await writeFile(join(task, 'index.mjs'), code)
  return {
    name: 'bare Node',
    kilobytes: code.length / 1000,
    start: () => startLambda({ name: 'bare', folder: task, environment: {} }),
    event: async () => ({}),
  }
}

/** For each function the request that it is there for; each time another one where a repetition would be less work. */
async function eventsFor(ledger: BundledLedger): Promise<Readonly<Record<LambdaName, () => Promise<unknown>>>> {
  const { controller: _id, ...controller } = controllerDraft
  const { policyId: _policyId, ...version } = versionDraft({ summary: { en: 'The first one' } })
  const acme = await found(ledger, controller, version)
  // Who reads and is asked about has one event, however many are recorded meanwhile.
  const deviceSecret = newSecret()
  await ledger.invoke('ingest', eventOf(acme, deviceSecret))
  const recorded = () => eventOf(acme, newSecret())
  await ledger.invoke('sequence', await ledger.announced())
  const own = { query: { key: acme.siteKey }, headers: { authorization: `Device ${deviceSecret}` } }
  const bearer = async (scope: string) => ({ authorization: `Bearer ${await ledger.token(acme.audience, scope)}` })
  const rung = async () => {
    await ledger.invoke('ingest', recorded())
    return ledger.announced()
  }
  return {
    ingest: async () => recorded(),
    read: async () => apiEvent('getOwnConsents', own),
    log: async () => apiEvent('getCheckpoint', { path: { controller: 'acme' } }),
    audit: async () => {
      const body = { controller: 'acme', subject: deviceIdentity(deviceSecret), purposeId: 'newsletter' }
      return apiEvent('askProof', { headers: await bearer('consent.audit'), body })
    },
    administer: async () => {
      const body = { site: `site-${randomBytes(4).toString('hex')}`, kind: 'app', name: 'App', origins: [] }
      return apiEvent('createSite', { path: { controller: 'acme' }, headers: await bearer('consent.admin'), body })
    },
    erase: async () => {
      const subject = { type: 'email', id: `${randomBytes(8).toString('hex')}@example.org` }
      const body = { controller: 'acme', subject, ground: 'data-subject-request' }
      return apiEvent('eraseSubject', { headers: await bearer('consent.erase'), body })
    },
    letters: async () => {
      const subject = { identifier: { type: 'email', id: `${randomBytes(8).toString('hex')}@example.org` } }
      const body = { subject, purposes: ['newsletter'] }
      return apiEvent('mintUnsubscribeLink', {
        query: { key: acme.siteKey },
        headers: await bearer('consent.write'),
        body,
      })
    },
    link: async () => {
      const subjects = ['email', 'customer'].map((type) => ({
        type,
        id: `${randomBytes(8).toString('hex')}@example.org`,
      }))
      const body = { controller: 'acme', subjects, ground: 'one contract', requestId: randomUUID() }
      return apiEvent('linkIdentifiers', { headers: await bearer('consent.write'), body })
    },
    sequence: rung,
    sweep: async () => bySchedule,
    redrive: async () => giveUp(ledger.s3, await rung()),
    release: async () => bySchedule,
    retain: async () => bySchedule,
    export: async () => bySchedule,
    statistics: async () => ({ startedBy: 'command' }),
    expiry: async () => ({ startedBy: 'command' }),
    witness: async () => ({ startedBy: 'command' }),
    'self-audit': async () => bySchedule,
    import: async () => bySchedule,
    messages: async () => ({ call: 'endpoints', controller: 'acme' }),
    // Without an endpoint a run ends at once.
    deliver: async () => bySchedule,
  }
}

const newSecret = () => randomBytes(18).toString('base64url')

function eventOf({ siteKey }: FoundedLedger, deviceSecret: string) {
  const now = new Date().toISOString()
  const decisions = [{ purposeId: 'newsletter', verb: 'given' }]
  const how = { channel: 'web', surface: 'banner', act: 'button' }
  const body = { eventId: randomUUID(), occurredAt: now, sentAt: now, subject: { deviceSecret }, decisions, ...how }
  return apiEvent('recordEvents', { query: { key: siteKey }, body })
}
