/** What answers and proofs say of events that a wrong clock stamped: shown, graded, and never to a no's loss. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { setBacksOf } from '../../../shared/ledger/log/set-backs.ts'
import { issueNoticeToken } from '../../../shared/ledger/recording/notice-token.ts'
import type { MemoryTable } from '../../support/memory-table.ts'
import {
  type Act,
  dayMs,
  hourMs,
  minuteMs,
  type Verb,
  type WrongClocks,
  wrongClocks,
} from '../../support/wrong-clocks.ts'

/** The answers of today and of later, live and proven; every proof must verify. */
async function statusesOf(world: WrongClocks): Promise<string[]> {
  const statuses: string[] = []
  for (const at of [world.now(), world.now(3 * dayMs)]) {
    const { proof, verified } = await world.proven(at)
    expect(verified.failed).toBeUndefined()
    statuses.push((await world.live(at)).status, proof.answer.status)
  }
  return statuses
}

/** A machine has one clock: its ledger, its sequencer and its publisher are wrong by the same. */
function machine(world: WrongClocks, offMs: number): Act {
  world.off.sequencer = offMs
  world.off.publisher = offMs
  return { instance: offMs }
}

const isStanding = (status: string) => status === 'Given' || status === 'RenewedGiven'

it('a withdrawal that a wrong clock stamped counts now, also by a log whose clock is minutes ahead', async () => {
  const world = await wrongClocks()
  machine(world, 3 * minuteMs)
  await world.act('given')
  await world.settle()
  world.pass(10 * minuteMs)
  await world.act('withdrawn', { instance: dayMs })
  await world.settle()
  expect((await world.live()).status).toBe('Withdrawn')
})

describe.each<[string, (world: WrongClocks, offMs: number) => Act]>([
  ['one instance', (_, offMs) => ({ instance: offMs })],
  ['one instance, and the client with it', (_, offMs) => ({ instance: offMs, client: offMs })],
  ['one instance, for a lone event', (_, offMs) => ({ instance: offMs, isLone: true })],
  ['one instance, and the client is wrong otherwise', (_, offMs) => ({ instance: offMs, client: -3 * hourMs })],
  ['the machine', machine],
  ['the machine, and the client with it', (world, offMs) => ({ ...machine(world, offMs), client: offMs })],
])('a clock that is ahead: %s', (_, wrong) => {
  it.each([
    ['a day', dayMs],
    ['an hour', hourMs],
    ['a year', 370 * dayMs],
  ])('by %s: a withdrawal counts now, and is known now', async (_by, offMs) => {
    const world = await wrongClocks()
    await world.act('given')
    await world.settle()
    world.pass(10 * minuteMs)
    expect((await world.act('withdrawn', wrong(world, offMs))).outcome).toBe('recorded')
    expect((await world.live()).status).toBe('Withdrawn')
    await world.settle()
    machine(world, 0)
    world.pass(minuteMs)
    await world.act('withdrawn')
    await world.settle()
    expect(await statusesOf(world)).toEqual(Array(4).fill('Withdrawn'))
    const { proof } = await world.proven()
    expect(proof.events.filter(({ postdated }) => postdated)).toHaveLength(1)
    world.pass(2 * offMs)
    await world.act('withdrawn')
    await world.settle()
    expect(await statusesOf(world)).toEqual(Array(4).fill('Withdrawn'))
  })

  it('a yes never comes after the no that was given since', async () => {
    const world = await wrongClocks()
    expect((await world.act('given', wrong(world, dayMs))).outcome).toBe('recorded')
    await world.settle()
    machine(world, 0)
    world.pass(10 * minuteMs)
    await world.act('withdrawn')
    await world.settle()
    expect((await statusesOf(world)).filter(isStanding)).toEqual([])
    world.pass(4 * dayMs)
    await world.act('refused')
    await world.settle()
    expect((await statusesOf(world)).filter(isStanding)).toEqual([])
  })
})

it('an answer names that the clock of its deciding event was ahead', async () => {
  const world = await wrongClocks()
  await world.act('refused', { instance: dayMs })
  await world.settle()
  expect((await world.proven()).proof.answer).toMatchObject({ status: 'Refused', clock: 'ahead' })
  expect(await world.live()).toMatchObject({ status: 'Refused', clock: 'ahead' })
  world.pass(minuteMs)
  await world.act('given')
  expect(await world.live()).not.toHaveProperty('clock')
})

it('a usual yes after an hour of a wrong clock is known from when it was recorded, and unmarked', async () => {
  const world = await wrongClocks()
  await world.act('refused', machine(world, dayMs))
  await world.settle()
  machine(world, 0)
  world.pass(hourMs)
  await world.act('withdrawn')
  await world.settle()
  world.pass(minuteMs)
  await world.act('given')
  await world.settle()
  const { proof, verified } = await world.proven()
  expect(proof.answer.status).toBe('Given')
  const marks = proof.events.map(({ postdated, backdated }) => [postdated, backdated].map((mark) => mark !== undefined))
  expect(marks.sort()).toEqual([
    [false, false],
    [false, false],
    [true, false],
  ])
  const notes = verified.steps.filter(({ step, outcome }) => step === 'backdating' && outcome === 'note')
  expect(notes.map(({ says }) => says)).toContainEqual(
    expect.stringContaining('it was set back from 2026-11-23T10:00:00.000Z to 2026-11-22T11:00:00.000Z'),
  )
  expect(await setBacksOf(world.memory.log, 'acme')).not.toEqual([])
})

it('a proof with a set-back or a mark taken out, or put in, is refused', async () => {
  const world = await wrongClocks()
  await world.act('given')
  await world.settle()
  await world.act('withdrawn', machine(world, dayMs))
  await world.settle()
  machine(world, 0)
  await world.act('withdrawn')
  await world.settle()
  world.pass(2 * dayMs)
  await world.act('withdrawn')
  await world.settle()
  const { proof } = await world.proven()
  const ahead = proof.events.findIndex(({ postdated }) => postdated)
  const { postdated: mark, ...unmarked } = proof.events[ahead] ?? {}
  const other = proof.events.findIndex(({ postdated }) => !postdated)
  const changed = [
    { ...proof, setBacks: undefined },
    { ...proof, events: proof.events.with(ahead, unmarked as never) },
    { ...proof, events: proof.events.with(other, { ...proof.events[other], postdated: mark } as never) },
  ]
  for (const forged of changed) expect(await world.verify(forged)).toMatchObject({ verdict: 'invalid' })
})

it('a notice that a clock ahead issued holds no yes back beyond a no', async () => {
  const world = await wrongClocks()
  const snapshot = await world.snapshotOf(world.instance())
  const [text] = snapshot.policies.get('privacy')?.versions[0]?.texts ?? []
  const noticeToken = issueNoticeToken(snapshot.secrets, {
    controller: 'acme',
    site: 'web',
    policyId: 'privacy',
    version: '1',
    locale: 'en',
    textSha256: text?.sha256 ?? '',
    issuedAtMs: Date.parse(world.now(dayMs)),
  })
  await world.act('given', { event: { shown: [{ noticeToken }] } })
  world.pass(minuteMs)
  await world.act('withdrawn')
  await world.settle()
  expect((await statusesOf(world)).filter(isStanding)).toEqual([])
})

describe('whatever clock is wrong', () => {
  const off = fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constantFrom(dayMs, -dayMs, hourMs, -hourMs, 7 * minuteMs, -7 * minuteMs) },
    { weight: 1, arbitrary: fc.integer({ min: -400, max: 400 }).map((days) => days * dayMs) },
  )
  const step = fc.record({
    verb: fc.constantFrom<Verb>('given', 'given', 'withdrawn', 'refused'),
    instance: off,
    client: off,
    isLone: fc.boolean(),
    sequencer: off,
    publisher: off,
    minutes: fc.integer({ min: 1, max: 200 }),
  })

  it('every event is recorded or may come again, every proof verifies, and no yes outlives a later no', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const world = await wrongClocks()
        for (const { verb, sequencer, publisher, minutes, ...act } of steps) {
          const outcome = await world.act(verb, act)
          if (outcome.outcome === 'refused') expect(outcome.error.code).toBe('unavailable')
          world.off.sequencer = sequencer
          world.off.publisher = publisher
          await world.settle()
          world.pass(minutes * minuteMs)
        }
        machine(world, 0)
        const last = steps.at(-1)?.verb === 'given' ? 'given' : 'withdrawn'
        expect((await world.act(last)).outcome).toBe('recorded')
        await world.settle()
        if (last !== 'given') expect(isStanding((await world.live()).status)).toBe(false)
        // Clocks that are less than 5 minutes apart agree: until then a no may be one that is about to count.
        world.pass(6 * minuteMs)
        const statuses = await statusesOf(world)
        if (last !== 'given') expect(statuses.filter(isStanding)).toEqual([])
      }),
      { numRuns: Number(process.env.CLOCK_RUNS ?? 60), seed: Number(process.env.CLOCK_SEED ?? 11) },
    )
  })
})

it('the self-audit names the hour of a wrong clock, and finds nothing damaged; a batch whose time was changed it still finds', async () => {
  const world = await wrongClocks()
  await world.act('given', machine(world, dayMs))
  await world.settle()
  machine(world, 0)
  await world.act('withdrawn')
  await world.settle()
  world.pass(dayMs)
  await world.act('given')
  await world.settle()
  const findings = await world.audited()
  expect(findings.map(({ check, severity }) => `${check} ${severity}`)).toEqual(['clock-set-back pending'])
  expect(findings[0]?.says).toContain('from 2026-11-23T10:00:00.000Z to 2026-11-22T10:00:00.000Z')
  const log = world.memory.log as MemoryTable
  for (const row of (await log.query('acme#clock')).items) await log.remove(row)
  expect((await world.audited()).map(({ check }) => check).sort()).toEqual(['batch-time', 'checkpoint-time'])
})
