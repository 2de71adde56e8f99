/** Recording and the log when clocks are wrong: nothing stops for longer than a clock is wrong, and what is stamped stays in order. */
import { expect, it } from 'vitest'
import { eventsOf } from '../../../shared/ledger/answers/answers-for-subject.ts'
import { publishVersion, retractVersion } from '../../../shared/ledger/controllers/publish-policies.ts'
import { lastBatch } from '../../../shared/ledger/log/batches.ts'
import { newestPublishedCheckpoint } from '../../../shared/ledger/log/cosignatures.ts'
import { checkpointSeconds } from '../../../shared/ledger/log/log-reader.ts'
import { versionDraft } from '../../support/memory-ledger.ts'
import type { MemoryTable } from '../../support/memory-table.ts'
import { type Act, dayMs, hourMs, minuteMs, person, type WrongClocks, wrongClocks } from '../../support/wrong-clocks.ts'

const yearMs = 365 * dayMs

async function timesOf(world: WrongClocks) {
  const { log, host } = world.memory
  const batch = await lastBatch(log, 'acme')
  const checkpoint = await newestPublishedCheckpoint(world.instance(), 'acme')
  return {
    batch: batch?.at,
    checkpoint: new Date(checkpointSeconds({ host }, checkpoint) * 1000).toISOString(),
  }
}

const recordedAt = (outcome: Awaited<ReturnType<WrongClocks['act']>>) =>
  outcome.outcome === 'refused' ? outcome.error.code : outcome.opened.event.times.recordedAt

it.each([
  ['an instance', dayMs, { instance: dayMs }],
  ['the sequencer', dayMs, {}],
  ['the one clock of a machine', dayMs, { instance: dayMs, client: 0 }],
  ['the one clock of a machine, by years', 20 * yearMs, { instance: 20 * yearMs }],
] satisfies [string, number, Act][])(
  'writes go on at once when %s was ahead, and so does the log',
  async (_, ahead, act) => {
    const world = await wrongClocks()
    world.off.sequencer = ahead
    world.off.publisher = ahead
    expect((await world.act('given', act)).outcome).toBe('recorded')
    await world.settle()
    world.off.sequencer = 0
    world.off.publisher = 0
    world.pass(minuteMs)
    expect((await timesOf(world)).batch).toBe(world.now(ahead - minuteMs))
    expect(recordedAt(await world.act('withdrawn'))).toBe(world.now())
    await world.settle()
    const now = world.now()
    expect(await timesOf(world)).toEqual({ batch: now, checkpoint: now })
    world.pass(2 * hourMs)
    expect(recordedAt(await world.act('given', { client: hourMs }))).toBe(world.now())
    await world.settle()
    expect((await timesOf(world)).batch).toBe(world.now())
  },
)

it.each([
  ['the client agrees with the instance', {}, 'own'],
  ['a lone event occurred now', { isLone: true }, 'own'],
  ['the client is closer to the instance', { client: 3 * minuteMs }, 'own'],
  ['the client agrees with the log', { client: dayMs }, 'unavailable'],
  ['a lone event agrees with the log', { client: dayMs, isLone: true }, 'unavailable'],
  ['the client agrees with neither', { client: 3 * hourMs }, 'log'],
  ['an event is imported from long ago', { client: -yearMs, isLone: true }, 'log'],
] satisfies [string, Act, string][])('of a log that is a day ahead, when %s', async (_, act, whose) => {
  const world = await wrongClocks()
  world.off.sequencer = dayMs
  await world.act('given')
  await world.settle()
  const times: Record<string, string> = { own: world.now(), log: world.now(dayMs) }
  expect(recordedAt(await world.act('refused', act))).toBe(times[whose] ?? whose)
})

it('an instance that is behind refuses, so that another one records, and takes nothing back in the log', async () => {
  const world = await wrongClocks()
  await world.act('given')
  await world.settle()
  const before = await timesOf(world)
  expect(recordedAt(await world.act('withdrawn', { instance: -dayMs }))).toBe('unavailable')
  world.off.sequencer = -dayMs
  world.off.publisher = -dayMs
  // Nobody refutes the log's time: a sequencer that is behind follows it.
  expect(recordedAt(await world.act('withdrawn'))).toBe(world.now())
  await world.settle()
  expect(await timesOf(world)).toEqual(before)
})

it('an event that refuted an earlier time says nothing against the time that the log has now', async () => {
  const world = await wrongClocks()
  world.off.sequencer = dayMs
  await world.act('given')
  await world.settle()
  world.off.sequencer = 0
  await world.act('withdrawn')
  world.pass(hourMs)
  await world.act('given')
  await world.settle()
  const { batch } = await timesOf(world)
  world.off.sequencer = -dayMs
  await world.act('withdrawn')
  await world.settle()
  expect((await timesOf(world)).batch).toBe(batch)
})

it.each([
  ['a subject first seen by a clock that was years ahead', [5 * yearMs, 0, 0]],
  ['a known subject whose event was stamped in a year to come', [0, 5 * yearMs, 0]],
  ['a known subject, over New Year', [0, 40 * dayMs, 0]],
])('opens and continues what was sealed with the keys of a wrong year: %s', async (_, instances) => {
  const world = await wrongClocks()
  for (const instance of instances) {
    expect((await world.act('given', { instance })).outcome).toBe('recorded')
    world.pass(minuteMs)
  }
  const ledger = world.instance()
  expect(await eventsOf(ledger, await world.snapshotOf(ledger), person)).toHaveLength(3)
})

it('replays an event that was stamped in a year to come', async () => {
  const world = await wrongClocks()
  const event = { eventId: '7d1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11', occurredAt: world.now() }
  await world.act('given')
  expect((await world.act('refused', { event, instance: 2 * yearMs })).outcome).toBe('recorded')
  expect((await world.act('refused', { event })).outcome).toBe('replayed')
})

it('a clock that is behind retracts no version that is in force: what ended with it would stand again', async () => {
  const world = await wrongClocks()
  const draft = versionDraft({ version: '2', effectiveFrom: world.now(hourMs), level: 'minor' })
  await publishVersion(world.instance(), 'acme', draft)
  world.pass(2 * hourMs)
  await world.act('given')
  await world.settle()
  const retracting = retractVersion(world.instance(-dayMs), 'acme', 'privacy', { version: '2', reason: 'r' })
  await expect(retracting).rejects.toMatchObject({ code: 'too-late-to-retract' })
})

it.each(['by its mark', 'by the snapshot, when it is from before there were marks'])(
  'a proof knows of a set-back %s',
  async (how) => {
    const world = await wrongClocks()
    world.off.sequencer = dayMs
    world.off.publisher = dayMs
    await world.act('given', { instance: dayMs })
    await world.settle()
    world.off.sequencer = 0
    world.off.publisher = 0
    world.pass(minuteMs)
    const before = await world.snapshotOf(world.instance())
    expect(before.setBacks).toBeUndefined()
    await world.act('withdrawn')
    await world.settle()
    const log = world.memory.log as MemoryTable
    const { items } = await log.query('acme#clock')
    const mark = items.find(({ sk }) => sk === 'mark')
    if (mark === undefined) throw new Error('no mark')
    const isMarked = how === 'by its mark'
    if (!isMarked) log.remove(mark)
    const { proof, verified } = await world.proven(undefined, undefined, isMarked ? before : undefined)
    expect([verified.verdict, proof.setBacks?.length]).toEqual(['valid', 1])
  },
)
