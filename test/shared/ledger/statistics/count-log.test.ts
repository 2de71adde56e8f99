/** Statistics of random histories: counted in any runs that crash anywhere, they are those of one run from scratch, and of counting by hand. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Verb } from '../../../../shared/consent/event.ts'
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { publishVersion } from '../../../../shared/ledger/controllers/publish-policies.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import { cellOf } from '../../../../shared/ledger/statistics/cells.ts'
import { countLog, type StatisticsJob } from '../../../../shared/ledger/statistics/count-log.ts'
import type { DayRecord } from '../../../../shared/ledger/statistics/running-counts.ts'
import { daysBetween, statisticsPk } from '../../../../shared/ledger/statistics/statistics-items.ts'
import type { Table } from '../../../../shared/ledger/store.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { memorySubjectFinder } from '../../../support/memory-finder.ts'
import { type MemoryLedger, memoryLedger, seeded, submission, versionDraft } from '../../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../../support/memory-log-writer.ts'
import { memoryTable } from '../../../support/memory-table.ts'
import { purpose } from '../../consent/scenario.ts'

const startMs = Date.parse('2026-12-01T09:00:00.000Z')
const hourMs = 3_600_000
const verbs = ['requested', 'given', 'given', 'refused', 'withdrawn', 'deferred'] as const satisfies readonly Verb[]
const channels = ['web', 'ios', 'paper'] as const

type Action =
  | {
      readonly kind: 'event'
      readonly person: number
      readonly verb: number
      readonly channel: number
      readonly version: number
    }
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'sequence' }
  | { readonly kind: 'count'; readonly crashAt: number; readonly batches: number }

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      person: fc.nat(5),
      verb: fc.nat(5),
      channel: fc.nat(2),
      version: fc.nat(1),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'sequence' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('count' as const),
      crashAt: fc.integer({ min: 0, max: 60 }),
      batches: fc.nat(4),
    }),
  },
)

class Crash extends Error {}

/** Calls after the given number never return, as those of a killed process do not. */
function crashing(table: Table, left: { calls: number }): Table {
  const may = () => {
    if (left.calls-- <= 0) throw new Crash()
  }
  return {
    async insert(items) {
      may()
      return table.insert(items)
    },
    async get(keys) {
      may()
      return table.get(keys)
    },
    async query(pk, options) {
      may()
      return table.query(pk, options)
    },
  }
}

/** The same ledger without the statistics that it has. */
function withoutStatistics(entries: Table): Table {
  const own = memoryTable()
  const tableOf = (pk: string) => (pk === statisticsPk('acme') ? own : entries)
  return {
    insert: (items) => tableOf(items[0]?.pk ?? '').insert(items),
    get: (keys) => tableOf(keys[0]?.pk ?? '').get(keys),
    query: (pk, options) => tableOf(pk).query(pk, options),
  }
}

async function world(): Promise<{ ledger: MemoryLedger; snapshot: ControllerSnapshot; job: StatisticsJob }> {
  const ledger = memoryLedger(new Date(startMs).toISOString())
  await seeded(ledger)
  const purposes = [purpose({ retention: 'P2Y' })]
  const changes = [{ purposeId: 'newsletter', level: 'major' as const, reason: 'kept longer' }]
  const effectiveFrom = new Date(startMs + 200 * hourMs).toISOString()
  await publishVersion(ledger, 'acme', versionDraft({ version: '2', effectiveFrom, purposes, changes }))
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('no controller')
  return { ledger, snapshot, job: { ...ledger, finder: memorySubjectFinder(ledger.vault) } }
}

interface Played {
  readonly ledger: MemoryLedger
  readonly snapshot: ControllerSnapshot
  readonly job: StatisticsJob
}

async function play(actions: readonly Action[], mostOfSubject?: number): Promise<Played> {
  const { ledger, snapshot, job: whole } = await world()
  const job = mostOfSubject === undefined ? whole : { ...whole, mostOfSubject }
  const writer = memoryLogWriter(ledger)
  let nowMs = startMs
  let events = 0
  let waiting: { key: { pk: string; sk: string }; leaf: string }[] = []
  const sequence = async () => {
    await sequenceEntries(writer, 'acme', waiting, newSequencerMemory())
    waiting = []
  }
  const act = async (each: Action): Promise<void> => {
    if (each.kind === 'wait') {
      nowMs += each.hours * hourMs
      ledger.setNow(new Date(nowMs).toISOString())
    } else if (each.kind === 'sequence') await sequence()
    else if (each.kind === 'count') {
      const left = { calls: each.crashAt }
      const killed = {
        ...job,
        entries: crashing(job.entries, left),
        log: crashing(job.log, left),
        vault: crashing(job.vault, left),
      }
      let batches = each.batches
      await countLog(killed, snapshot, () => batches-- > 0).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error
      })
    } else {
      const at = new Date(nowMs).toISOString()
      const eventId = `${String(++events).padStart(8, '0')}-0000-4000-8000-000000000000`
      const given = submission(
        {
          ...{ eventId, occurredAt: at, sentAt: at, act: 'button', channel: channels[each.channel] ?? 'web' },
          decisions: [{ purposeId: 'newsletter', verb: verbs[each.verb] ?? 'given' }],
          shown: [{ policyId: 'privacy', version: String(each.version + 1), locale: 'en' }],
        },
        { identity: { type: 'account', id: `person-${each.person}` }, assurance: 'authenticated' },
      )
      const { outcomes } = await recordEvents(ledger, snapshot, [given])
      const [outcome] = outcomes
      if (outcome?.outcome !== 'recorded') throw new Error('not recorded')
      const { key, leaf } = outcome.opened
      waiting.push({ key, leaf })
    }
  }
  for (const each of [event(5, 'deferred'), { kind: 'sequence' } as const, ...actions]) await act(each)
  // The day after, something is in the log, so that everything before is complete.
  for (const each of [
    { kind: 'sequence' },
    { kind: 'wait', hours: 400 },
    { kind: 'event', person: 0, verb: 3, channel: 0, version: 0 },
    { kind: 'sequence' },
  ] as const)
    await act(each)
  return { ledger, snapshot, job }
}

const days = (job: StatisticsJob, snapshot: ControllerSnapshot) =>
  daysBetween(job.entries, vaultScope(snapshot), '2026-12-01', '2099-01-01').then((found) => found.days)

/** Runs until nothing is left, one batch at a time. */
async function finish(job: StatisticsJob, snapshot: ControllerSnapshot): Promise<void> {
  for (let isBehind = true; isBehind; ) {
    let batches = 1
    isBehind = (await countLog(job, snapshot, () => batches-- > 0)).isBehind
  }
}

test.each([
  [undefined, 40],
  [3, 15],
])(
  'counting in runs that are cut and killed anywhere is a recount from scratch, at most %j of a person',
  async (mostOfSubject, numRuns) => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
        const { job, snapshot } = await play(actions, mostOfSubject)
        await finish(job, snapshot)
        const scratch = { ...job, entries: withoutStatistics(job.entries) }
        await countLog(scratch, snapshot)
        const recounted = await days(scratch, snapshot)
        expect(await days(job, snapshot)).toEqual(recounted)
        expect(recounted.length).toBeGreaterThan(10)
        const events = actions.filter(({ kind }) => kind === 'event').length
        const sum = (name: number) =>
          recounted.flatMap(({ cells }) => cells).reduce((total, [, counts]) => total + (counts[name] ?? 0), 0)
        expect(sum(0) + sum(1) + sum(2) + sum(3)).toBeLessThanOrEqual(events)
        // Each consent that began ended by a no, by another yes, by time or by the second version, or stands.
        expect(sum(4)).toBeLessThanOrEqual(sum(1))
        const people = Map.groupBy(
          // `play` begins with an event of person 5.
          [5, ...actions.flatMap((each) => (each.kind === 'event' ? [each.person] : []))],
          (person) => person,
        )
        const beyond = [...people.values()].map(({ length }) => Math.max(0, length - (mostOfSubject ?? length)))
        const unopened = recounted.reduce((total, day) => total + day.unopened, 0)
        expect(unopened).toBe(beyond.reduce((total, count) => total + count, 0))
      }),
      { numRuns },
    )
  },
)

const event = (person: number, verb: (typeof verbs)[number], channel = 0): Action => ({
  ...{ kind: 'event', person, channel, version: 0 },
  verb: verbs.indexOf(verb),
})
const nextDay: readonly Action[] = [{ kind: 'sequence' }, { kind: 'wait', hours: 24 }]

function totals(record: DayRecord | undefined): Record<string, number> {
  const names = ['shown', 'given', 'refused', 'withdrawn', 'expired', 'ignored']
  return Object.fromEntries(
    names
      .map((name, i) => [name, (record?.cells ?? []).reduce((sum, [, counts]) => sum + (counts[i] ?? 0), 0)] as const)
      .filter(([, count]) => count > 0),
  )
}

test('each measure counts what its definition says', async () => {
  const { job, snapshot } = await play([
    event(0, 'requested'),
    event(1, 'requested'),
    event(2, 'requested'),
    event(0, 'given'),
    event(0, 'given', 1),
    event(3, 'given'),
    ...nextDay,
    event(1, 'refused'),
    event(3, 'withdrawn'),
    ...nextDay,
  ])
  await countLog(job, snapshot)
  const [first, second, third, ...others] = await days(job, snapshot)
  // The second yes of a day is of the same person, and what one of three was shown stays open.
  expect(totals(first)).toEqual({ shown: 3, given: 2 })
  expect(first?.standing).toEqual([{ purposeId: 'newsletter', version: '1', people: 2 }])
  // Person 1 answered on the day after; person 2 never did.
  expect(totals(second)).toEqual({ refused: 1, withdrawn: 1, ignored: 1 })
  expect(second?.standing).toEqual([{ purposeId: 'newsletter', version: '1', people: 1 }])
  expect(totals(third)).toEqual({})
  // The second version changes the purpose, so the consent to the first ends on the day on which it comes into force.
  const ended = others.filter((each) => Object.keys(totals(each)).length > 0)
  expect(ended.map((each) => [each.day, totals(each)])).toEqual([['2026-12-09', { expired: 1 }]])
  expect(first?.cells.map(([key]) => cellOf(key))).toContainEqual({
    ...{ purposeId: 'newsletter', version: '1', channel: 'web', locale: 'en' },
  })
})

test('a person of thousands of events costs one read of each, and counts the same wherever runs are cut', async () => {
  const { ledger, snapshot, job } = await world()
  const writer = memoryLogWriter(ledger)
  const [events, perBatch] = [2_200, 100]
  for (let n = 0; n < events; n += perBatch) {
    // Eight batches a day: more events of the person than are folded.
    const at = new Date(startMs + (n / perBatch) * 3 * hourMs).toISOString()
    ledger.setNow(at)
    const all = Array.from({ length: perBatch }, (_, i) => {
      const eventId = `${String(n + i).padStart(8, '0')}-0000-4000-8000-000000000000`
      const verb = verbs[(n + i) % 700 === 0 ? 1 : ((n + i) >> 5) % 3 === 0 ? 4 : 5] ?? 'given'
      const decisions = [{ purposeId: 'newsletter', verb }]
      const identity = { type: 'account', id: 'program' }
      const event = { eventId, occurredAt: at, sentAt: at, act: 'button' as const, decisions }
      return submission(event, { identity, assurance: 'authenticated' })
    })
    const waiting: { key: { pk: string; sk: string }; leaf: string }[] = []
    for (let i = 0; i < all.length; i += 20)
      for (const outcome of (await recordEvents(ledger, snapshot, all.slice(i, i + 20))).outcomes) {
        if (outcome.outcome !== 'recorded') throw new Error('not recorded')
        waiting.push(outcome.opened)
      }
    await sequenceEntries(writer, 'acme', waiting, newSequencerMemory())
  }
  let reads = 0
  const entries: Table = {
    ...withoutStatistics(job.entries),
    async get(keys) {
      reads += keys.length
      return job.entries.get(keys)
    },
    async query(pk, options) {
      const page = await scratch.query(pk, options)
      if (pk !== statisticsPk('acme')) reads += page.items.length
      return page
    },
  }
  const scratch = withoutStatistics(job.entries)
  const whole = { ...job, entries: { ...entries, insert: scratch.insert } }
  await countLog(whole, snapshot)
  // All but the last batch, which is of a day that is not complete.
  expect(reads).toBe(events - perBatch)
  await finish(job, snapshot)
  expect(await days(job, snapshot)).toEqual(await days(whole, snapshot))
  expect((await days(job, snapshot)).length).toBeGreaterThan(1)
})

test('a run reads no more places of a person than count', async () => {
  const counted = { kind: 'count', crashAt: 10_000, batches: 10_000 } as const
  const actions = Array.from({ length: 20 }, () => [event(1, 'given'), ...nextDay, counted]).flat()
  const { job, snapshot } = await play(actions, 3)
  let rows = 0
  const log: Table = {
    ...job.log,
    async query(pk, options) {
      const page = await job.log.query(pk, pk === 'acme#log' ? options : { ...options, limit: 1 })
      if (pk !== 'acme#log') rows += page.items.length
      return page
    },
  }
  await finish({ ...job, log }, snapshot)
  // Those of the days that this run counts may come first.
  expect(rows).toBeLessThanOrEqual(3 + 2)
  const all = await days(job, snapshot)
  expect(all.reduce((sum, day) => sum + day.unopened, 0)).toBe(20 - 3)
})
