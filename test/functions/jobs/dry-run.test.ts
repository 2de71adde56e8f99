/**
 * A dry run of each job, in memory and on an engine: nothing at all is written or signed, and a real run right after it makes the changes and
 * has the findings that the dry run reported. What a real run reports is counted again in what is then stored.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTables } from '../../../functions/aws/create-tables.ts'
import { createDynamoClient, dynamoTable } from '../../../functions/aws/dynamodb.ts'
import { dynamoRetentionVault } from '../../../functions/aws/retention-vault.ts'
import { dynamoScan } from '../../../functions/aws/scan.ts'
import type { LogJobDependencies } from '../../../functions/jobs/extend-logs.ts'
import { createRedriveHandler } from '../../../functions/jobs/redrive.ts'
import { createReleaseHandler } from '../../../functions/jobs/release.ts'
import { createRetainHandler } from '../../../functions/jobs/retain.ts'
import { createSelfAuditHandler } from '../../../functions/jobs/self-audit.ts'
import { createSequenceHandler } from '../../../functions/jobs/sequence.ts'
import { createSweepHandler } from '../../../functions/jobs/sweep.ts'
import { startEngine } from '../../../infra/local/engine/engine.ts'
import type { Engine } from '../../../infra/local/engine/process.ts'
import { tables } from '../../../infra/tables.ts'
import type { JobReport } from '../../../shared/ledger/jobs/job-report.ts'
import { readReport } from '../../../shared/ledger/jobs/stored-reports.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { logEntry } from '../../support/kept-logs.ts'
import { seeded, submission } from '../../support/memory-ledger.ts'
import { checkpointSigner, witnessSigner } from '../../support/memory-log-writer.ts'
import { memoryRetainer } from '../../support/memory-vault.ts'
import { recordedTelemetry } from '../../support/recorded-telemetry.ts'
import { bySchedule } from '../../support/scheduled-run.ts'
import { streamEvent } from '../../support/stream-records.ts'
import { expiryScene } from './expiry-scene.ts'
import { erasure, everything, inMemory, insertAll, type OpenStores, open, type World } from './job-world.ts'
import { statisticsScene } from './statistics-scene.ts'

let engine: Engine
let client: ReturnType<typeof createDynamoClient>
let opened = 0
beforeAll(async () => {
  engine = await startEngine()
  client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
})
afterAll(async () => {
  client.destroy()
  await engine.stop()
})

const onEngine: OpenStores = async () => {
  const prefix = `dry-${opened++}-`
  await createTables(client, tables, prefix)
  const table = (name: string) => ({ ...dynamoTable(client, prefix + name), ...dynamoScan(client, prefix + name) })
  const vault = table('vault')
  const retentionVault = dynamoRetentionVault(vault, client, `${prefix}vault`)
  return { entries: table('entries'), log: table('log'), vault, retentionVault }
}

/** A state in which the job has something to do, and the event that starts it. */
interface Scene {
  readonly run: (event: object) => Promise<JobReport>
  readonly event: object
}

const redriveOf = (job: LogJobDependencies) => createRedriveHandler(job, async () => undefined) as Scene['run']

/** Logs that an outage and a crash left incomplete. */
async function interrupted(world: World, rowsOfLast = 1): Promise<void> {
  const { job } = world
  const sequence = createSequenceHandler({ ...job, telemetry: recordedTelemetry() })
  const items = [1, 2, 3, 4].flatMap((n) => [logEntry('acme', n), logEntry('other', n)])
  await insertAll(world, items)
  await sequence(streamEvent(items.slice(0, 4)))
  world.canSign = false
  await sequence(streamEvent(items.slice(4, 6)))
  // The batch, and so many of its rows.
  world.insertsLeft = 1 + rowsOfLast
  await sequence(streamEvent(items.filter(({ pk }) => pk.startsWith('acme')).slice(3)))
  world.insertsLeft = Number.POSITIVE_INFINITY
  world.canSign = true
}

const jobs = ['sweep', 'release', 'redrive', 'retain', 'self-audit', 'statistics', 'expiry'] as const
const scenes: Readonly<Record<(typeof jobs)[number], (world: World) => Promise<Scene>>> = {
  async sweep(world) {
    await interrupted(world, 0)
    return { run: createSweepHandler(world.job), event: {} }
  },
  async release(world) {
    await interrupted(world)
    await insertAll(
      world,
      ['c', 'a', 'b'].flatMap((sub) => erasure('acme', sub)),
    )
    await insertAll(world, erasure('new', 'x'))
    world.controllers = ['acme', 'other', 'new']
    return { run: createReleaseHandler(world.job), event: {} }
  },
  async redrive(world) {
    await interrupted(world)
    const missed = [logEntry('acme', 11), logEntry('new', 12), logEntry('acme', 13)]
    await insertAll(world, missed)
    const named = [...missed, logEntry('acme', 1), logEntry('other', 99)].map(({ pk, sk }) => ({ pk, sk }))
    const keys = [...named, ...named.slice(0, 2), { pk: 'acme', sk: '' }]
    return { run: redriveOf(world.job), event: { keys } }
  },
  async retain(world) {
    const { ledger, retentionVault, objects, telemetry } = world
    ledger.setNow('2024-05-01T00:00:00.000Z')
    const snapshot = await seeded(ledger)
    // So many that a run, which sees a seventh of them, meets some whatever their random pseudonyms are: none in 1 of 10^8 tests.
    const people = Array.from({ length: 120 }, (_, n) =>
      submission(
        { eventId: `event-${n}`, occurredAt: '2024-05-01T00:00:00.000Z' },
        { identity: { type: 'email', id: `${n}` } },
      ),
    )
    for (let i = 0; i < people.length; i += 20) await recordEvents(ledger, snapshot, people.slice(i, i + 20))
    const orphans = (await world.vault.scan()).items.slice(0, 4)
    await retentionVault.remove(orphans)
    const years = orphans.map(({ pk, values }) => ({ pk, sk: 'year#2025', values }))
    await world.vault.insert(years)
    ledger.setNow('2032-01-01T00:00:00.000Z')
    const retentionJob = { ...memoryRetainer(ledger), entries: ledger.entries, vault: retentionVault }
    return { run: createRetainHandler({ retentionJob, telemetry, objects }), event: {} }
  },
  statistics: statisticsScene,
  expiry: expiryScene,
  async 'self-audit'(world) {
    const { ledger, telemetry } = world
    await seeded(ledger)
    ledger.setNow('2026-11-23T12:00:00.000Z')
    const keys = { checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
    const audited = { ...ledger, ...{ entries: world.entries, log: world.log, vault: world.vault }, ...keys }
    return { run: createSelfAuditHandler({ ledger: audited, telemetry }), event: {} }
  },
}

const withoutTimes = ({ dryRun: _, startedAt: __, endedAt: ___, ...rest }: JobReport) => rest
const sumOf = ({ changes }: JobReport, change: string) =>
  changes.reduce((sum, each) => sum + (each.change === change ? each.count : 0), 0)

async function dryThenReal(world: World, { run, event }: Scene) {
  const before = await everything(world)
  const signatures = world.signatures
  const dry = await run({ ...event, dryRun: true })
  expect(await everything(world)).toEqual(before)
  expect(world.signatures).toBe(signatures)
  const sums = world.telemetry.logged.map((each) => each.sums)
  expect(sums.every((each) => Object.keys(each).length === 0)).toBe(true)
  const real = await run(event)
  expect([dry.dryRun, real.dryRun]).toEqual([true, false])
  expect(withoutTimes(dry)).toEqual(withoutTimes(real))
  return { before, dry, real, after: await everything(world) }
}

describe.each([
  ['in memory', inMemory],
  ['on Dynoxide', onEngine],
])('%s', (_, stores) => {
  it.each(jobs)('a dry run of %s writes nothing, and says what the real run then does', async (name) => {
    const world = await open(stores)
    const scene = await scenes[name](world)
    const { before, dry, real, after } = await dryThenReal(world, scene)
    const put = after.names.filter((each) => !before.names.includes(each))
    const kept = put.filter((each) => each.startsWith('operations/'))
    expect(kept).toHaveLength(1)
    expect(readReport((await world.objects.get(kept[0] ?? '')) ?? Buffer.of())).toEqual(real)

    const added = (table: 'entries' | 'log') =>
      after[table].filter(({ pk, sk }) => !before[table].some((each) => each.pk === pk && each.sk === sk))
    const rows = added('log').filter(({ pk, values }) => values.index !== undefined && !pk.endsWith('#time'))
    expect(sumOf(real, 'entries-sequenced') + sumOf(real, 'index-rows-inserted')).toBe(rows.length)
    const checkpoints = put.filter(
      (each) => each.includes('/checkpoints/') && !each.endsWith('999/999/999/999/999/999'),
    )
    expect(sumOf(real, 'logs-published')).toBe(checkpoints.length)
    expect(sumOf(real, 'receipt-key-certified')).toBe(put.filter((each) => each.startsWith('certificates/')).length)
    expect(sumOf(real, 'subjects-erased')).toBe(added('entries').filter(({ pk }) => pk === 'acme#erased').length)
    const gone = before.vault.length - after.vault.length
    expect(gone).toBeGreaterThanOrEqual(sumOf(real, 'subjects-erased') + sumOf(real, 'orphans-removed'))

    expect(dry.changes.length + dry.findings.length).toBeGreaterThan(0)
    if (name === 'retain') return
    expect(withoutTimes(await scene.run({ ...scene.event, dryRun: true })).changes).toEqual([])
  })
})

it('a dry run says what the real run does, in any state that outages and crashes leave', async () => {
  const state = fc.record({
    rowsOfLast: fc.nat(2),
    erased: fc.array(fc.constantFrom('acme/a', 'acme/b', 'other/c', 'new/d'), { maxLength: 4 }),
    redriven: fc.array(fc.tuple(fc.constantFrom('acme', 'other', 'new'), fc.integer({ min: 1, max: 8 })), {
      maxLength: 6,
    }),
    job: fc.constantFrom('sweep', 'release', 'redrive'),
    publishEveryMs: fc.constantFrom(0, 30_000),
    minutes: fc.nat(3),
  })
  await fc.assert(
    fc.asyncProperty(state, async ({ rowsOfLast, erased, redriven, job, publishEveryMs, minutes }) => {
      const world = await open(inMemory)
      await interrupted(world, rowsOfLast)
      world.controllers = ['acme', 'other', 'new']
      await insertAll(
        world,
        [...new Set(erased)].flatMap((each) => erasure(...(each.split('/') as [string, string]))),
      )
      const missed = new Map(redriven.map(([controller, n]) => [`${controller}${n}`, logEntry(controller, n)]))
      await insertAll(world, [...missed.values()])
      world.ledger.setNow(`2026-11-22T12:0${minutes}:00.000Z`)
      const dependencies = { ...world.job, publishEveryMs }
      const run = {
        sweep: createSweepHandler(dependencies),
        release: createReleaseHandler(dependencies),
        redrive: redriveOf(dependencies),
      }[job] as Scene['run']
      const keys = [...missed.values()].map(({ pk, sk }) => ({ pk, sk }))
      await dryThenReal(world, { run, event: job === 'redrive' ? { keys } : bySchedule })
    }),
    { numRuns: 40 },
  )
})

describe('the event of a job', () => {
  it.each<[string, unknown]>([
    ['a misspelt member', { dryrun: true }],
    ['a dry run that is a text', { dryRun: 'true' }],
    ['a dry run that is null', { dryRun: null }],
    ['a starter that there is not', { startedBy: 'cron' }],
    ['a text', 'dryRun'],
    ['a list', [true]],
  ])('that has %s starts nothing', async (_, event) => {
    const world = await open(inMemory)
    const { run } = await scenes.sweep(world)
    const before = await everything(world)
    await expect(run(event as object)).rejects.toMatchObject({ code: 'invalid-request' })
    expect(await everything(world)).toEqual(before)
  })

  it.each<[string, object]>([
    ['no keys', {}],
    ['keys that are no list', { keys: 'acme' }],
    ['keys and an object', { keys: [], detail: { object: { key: 'x' } } }],
    ['a misspelt dry run', { keys: [], dry: true }],
    [
      'a dry run in a whole notice',
      { 'detail-type': 'Object Created', detail: { object: { key: 'x' } }, dryRun: true },
    ],
  ])('of a redrive that has %s starts nothing', async (_, event) => {
    const world = await open(inMemory)
    const { run } = await scenes.redrive(world)
    await expect(run(event)).rejects.toMatchObject({ code: 'invalid-request' })
  })
})

describe('a report', () => {
  it('of a sweep by schedule is kept when it mended something, and not of what it does every minute', async () => {
    const world = await open(inMemory)
    const sweep = createSweepHandler(world.job)
    const kept = () => world.written.filter((name) => name.startsWith('operations/')).length
    await sweep(bySchedule)
    // It certified the receipt key.
    expect(kept()).toBe(1)
    await sweep(bySchedule)
    expect(kept()).toBe(1)
    const items = [logEntry('acme', 1), logEntry('acme', 2)]
    await insertAll(world, items)
    const sequence = createSequenceHandler(world.job)
    await sequence(streamEvent(items.slice(0, 1)))
    world.canSign = false
    await sequence(streamEvent(items.slice(1)))
    world.canSign = true
    expect((await sweep(bySchedule)).changes).toEqual([{ change: 'logs-published', count: 1, controller: 'acme' }])
    expect(kept()).toBe(1)
    await sweep({})
    expect(kept()).toBe(2)
  })

  it('of a run that failed is kept and logged, and the run fails', async () => {
    const world = await open(inMemory)
    await insertAll(world, erasure('acme', 'a'))
    world.canSign = false
    await expect(createReleaseHandler(world.job)(bySchedule)).rejects.toMatchObject({ code: 'unavailable' })
    const name = world.written.find((each) => each.startsWith('operations/release/')) ?? ''
    const report = readReport((await world.objects.get(name)) ?? Buffer.of())
    const at = '2026-11-22T12:00:00.000Z'
    expect(report).toEqual({
      v: 1,
      ...{ job: 'release', dryRun: false, startedBy: 'schedule', startedAt: at, endedAt: at },
      ...{ outcome: 'failed', code: 'unavailable', counts: { releases: 2 }, changes: [] },
      findings: [{ finding: 'not-released', count: 1, controller: 'acme', code: 'TypeError' }],
      left: { count: 1, of: 'logs', next: 'the next release takes them' },
    })
    expect(world.telemetry.logged.at(-1)?.line.report).toEqual(report)
  })

  it('names no person, key or content', async () => {
    const world = await open(inMemory)
    const { run, event } = await scenes.redrive(world)
    const text = JSON.stringify(await run(event))
    for (const word of ['pseudonym', 'event#', 'leaf"']) expect(text).not.toContain(word)
  })
})
