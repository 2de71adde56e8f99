import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { busyMs, deliverTo } from '../../../../shared/ledger/fan-out/deliver.ts'
import {
  type DeliveryState,
  firstState,
  maxWaiting,
  newestState,
  outcomePk,
  readOutcome,
  stateItem,
} from '../../../../shared/ledger/fan-out/delivery-state.ts'
import { maxAttempts, retryDelaysMs } from '../../../../shared/ledger/fan-out/retry-schedule.ts'
import { insertOne, queryAll } from '../../../../shared/ledger/store.ts'
import { idOf, type ListedMessages, listed, listedMessages } from './listed-messages.ts'

const dayMs = 24 * 3_600_000
const run = (world: ListedMessages, more = listed) => deliverTo(world, 'acme', more)
const ok = { isDelivered: true, status: 204 }
const refused = { isDelivered: false, status: 500 }

async function outcomes(world: ListedMessages) {
  const found = []
  for await (const item of queryAll(world.entries, outcomePk('acme', 'crm'))) {
    const outcome = readOutcome(item)
    if (outcome === undefined) throw new Error(`not an outcome: ${item.sk}`)
    found.push(outcome)
  }
  return found
}

describe('deliveries to one endpoint', () => {
  it('deliver all, page after page, in one run, and then have nothing to do', async () => {
    const world = await listedMessages(Array.from({ length: 120 }, (_, i) => `p${i % 7}`))
    expect(await run(world)).toMatchObject({ delivered: 120, failed: 0, behind: 0 })
    expect(world.received.map(({ sequence }) => sequence).toSorted((a = 0, b = 0) => a - b)).toEqual(
      Array.from({ length: 120 }, (_, i) => i + 1),
    )
    const { number } = await newestState(world.entries, 'acme', 'crm')
    expect(await run(world)).toMatchObject({ delivered: 0, behind: 0 })
    expect((await newestState(world.entries, 'acme', 'crm')).number).toBe(number)
  })

  it.each(['claim', 'end of the turn'])('goes on though the answer to its insert of the %s was lost', async (which) => {
    let inserts = 0
    const lost = which === 'claim' ? 1 : 3
    const world = await listedMessages(['ada', 'bo'], {
      fault: (operation, { pk }) =>
        operation === 'insert' && pk === 'acme#delivering#crm' && ++inserts === lost ? 'after' : undefined,
    })
    expect(await run(world)).toMatchObject({ delivered: 2, behind: 0 })
    expect(world.received).toHaveLength(2)
    expect((await newestState(world.entries, 'acme', 'crm')).state.busyUntilMs).toBeUndefined()
  })

  it('does not take for its own the claim of a worker that was there first', async () => {
    let isFirst = true
    const world: ListedMessages = await listedMessages(['ada'], {
      fault: (operation, { pk }) => {
        if (operation !== 'insert' || pk !== 'acme#delivering#crm' || !isFirst) return undefined
        isFirst = false
        const claim = { ...firstState, worker: 'another', busyUntilMs: world.clock() + busyMs }
        void world.entries.insert([stateItem('acme', 'crm', { number: 1, state: claim })])
        return 'before'
      },
    })
    await expect(run(world)).rejects.toMatchObject({ code: 'unavailable' })
    expect((await newestState(world.entries, 'acme', 'crm')).state.worker).toBe('another')
    expect(world.received).toEqual([])
  })

  it('a message that fails holds back only the later ones of its person', async () => {
    const world = await listedMessages(['ada', 'bo', 'ada', 'bo'])
    world.answer = ({ leaf }) => (leaf === 0 ? refused : ok)
    await run(world)
    expect(world.accepted()).toEqual([idOf(1), idOf(3)])
    world.answer = () => ok
    await run(world)
    expect(world.received.filter(({ leaf }) => leaf === 0)).toHaveLength(1)
    world.advance(6_000)
    await run(world)
    expect(world.accepted()).toEqual([idOf(1), idOf(3), idOf(0), idOf(2)])
  })

  it('gives a message up after the schedule, keeps it visible, and goes on with the person’s next', async () => {
    const world = await listedMessages(['ada', 'ada'])
    world.answer = ({ leaf }) => (leaf === 0 ? refused : ok)
    for (let i = 0; i < maxAttempts; i++) {
      await run(world)
      world.advance((retryDelaysMs[i] ?? 0) * 1.2 + 20 * 60_000)
    }
    expect(world.received.filter(({ leaf }) => leaf === 0)).toHaveLength(maxAttempts)
    await run(world)
    expect(await outcomes(world)).toMatchObject([
      { leaf: 0, outcome: 'dead', attempts: maxAttempts, status: 500, sequence: 1 },
      { leaf: 1, outcome: 'delivered', sequence: 2 },
    ])
  })

  it('stops at 410 until the endpoint is changed, and loses nothing', async () => {
    const world = await listedMessages(['ada', 'bo', 'cy'])
    world.answer = () => ({ isDelivered: false, status: 410 })
    await run(world)
    const tried = world.received.length
    world.answer = () => ok
    world.advance(dayMs)
    await run(world)
    expect(world.received).toHaveLength(tried)
    world.settings = { change: 2, isEnabled: true }
    await run(world, { ...listed, change: 2 })
    expect(world.accepted().toSorted()).toEqual([idOf(0), idOf(1), idOf(2)])
  })

  it('sends nothing while the endpoint is disabled, and stores nothing', async () => {
    const world = await listedMessages(['ada'])
    await run(world, { ...listed, isEnabled: false })
    expect(world.received).toEqual([])
    expect((await newestState(world.entries, 'acme', 'crm')).number).toBe(0)
  })

  it('pauses a receiver that fails again and again, and bounds what waits', async () => {
    const world = await listedMessages(Array.from({ length: 1000 }, (_, i) => `p${i}`))
    world.answer = () => refused
    for (let i = 0; i < 30; i++) {
      await run(world)
      world.advance(60_000)
    }
    const { state } = await newestState(world.entries, 'acme', 'crm')
    expect(state.waiting.length).toBeLessThanOrEqual(maxWaiting)
    expect(JSON.stringify(state).length).toBeLessThan(40_000)
    // The first attempts go out in eight lanes; after that one lane at a time is tried, and then a pause.
    expect(world.received.length).toBeLessThan(100)
    expect(state.failingSince).toBe('2026-12-01T10:00:00.000Z')
    world.answer = () => ok
    for (let i = 0; i < 400 && world.accepted().length < 1000; i++) {
      world.advance(20 * 60_000)
      await run(world)
    }
    expect(world.accepted()).toHaveLength(1000)
  })

  it.each([150, 151, 199, 200])(
    'with %d that wait, a look that finds nothing to send inserts no state',
    async (waiting) => {
      const world = await listedMessages(Array.from({ length: 400 }, () => 'ada'))
      const lane = { part: 0, lane: 'ada', attempts: 1, nextAtMs: world.clock() + dayMs }
      const full: DeliveryState = {
        ...{ ...firstState, next: waiting, sequence: waiting + 1 },
        waiting: Array.from({ length: waiting }, (_, leaf) => ({ ...lane, leaf, sequence: leaf + 1 })),
      }
      await world.entries.insert([stateItem('acme', 'crm', { number: 1, state: full })])
      for (let i = 0; i < 5; i++) await run(world)
      const { number, state } = await newestState(world.entries, 'acme', 'crm')
      // With 150 there is room for a page: a claim and what came of it, and then there is none.
      expect([number, state.waiting.length]).toEqual(waiting === 150 ? [4, 200] : [1, waiting])
      expect(world.received).toEqual([])
    },
  )

  it('waits as long as a throttling receiver asks, within a day', async () => {
    const world = await listedMessages(['ada', 'bo'])
    world.answer = () => ({ isDelivered: false, status: 429, retryAfterMs: 3_600_000 })
    await run(world)
    const tried = world.received.length
    world.advance(3_500_000)
    await run(world)
    expect(world.received).toHaveLength(tried)
    world.answer = () => ok
    world.advance(200_000)
    await run(world)
    expect(world.accepted()).toHaveLength(2)
  })

  it('a worker that was killed is followed when its time is over, and not before', async () => {
    const world = await listedMessages(['ada', 'ada'])
    const { number, state } = await newestState(world.entries, 'acme', 'crm')
    const busy = { ...state, busyUntilMs: world.clock() + busyMs }
    await insertOne(world.entries, {
      pk: 'acme#delivering#crm',
      sk: String(number + 1).padStart(16, '0'),
      values: { state: JSON.stringify(busy) },
    })
    await run(world)
    expect(world.received).toEqual([])
    world.advance(busyMs)
    await run(world)
    expect(world.accepted()).toEqual([idOf(0), idOf(1)])
  })

  it('where no other process delivers, a worker that was killed is followed at once', async () => {
    const world = await listedMessages(['ada'])
    const busy = { ...firstState, busyUntilMs: world.clock() + busyMs }
    await insertOne(world.entries, stateItem('acme', 'crm', { number: 1, state: busy }))
    await deliverTo({ ...world, isAlone: true }, 'acme', listed)
    expect(world.accepted()).toEqual([idOf(0)])
  })

  it('two workers at once: one works', async () => {
    const world = await listedMessages(['ada', 'bo', 'ada'])
    await Promise.all([run(world), run(world)])
    expect(world.received.map(({ leaf }) => leaf).toSorted()).toEqual([0, 1, 2])
  })

  it('a message whose content was erased is not sent any more, and its person’s next one is', async () => {
    const world = await listedMessages(['ada', 'ada'])
    world.answer = ({ leaf }) => (leaf === 0 ? refused : ok)
    await run(world)
    world.closedLeaves.add(0)
    world.advance(10_000)
    await run(world)
    expect(await outcomes(world)).toMatchObject([
      { leaf: 0, outcome: 'closed' },
      { leaf: 1, outcome: 'delivered' },
    ])
  })

  it('redelivers a range once it is asked for', async () => {
    const world = await listedMessages(Array.from({ length: 90 }, () => 'ada'))
    await run(world)
    world.redelivery = { from: 10, to: 79 }
    await insertOne(world.entries, { pk: 'acme#redelivery#crm', sk: '1'.padStart(16, '0'), values: {} })
    world.received.length = 0
    await run(world)
    expect(world.received.map(({ leaf }) => leaf)).toEqual(Array.from({ length: 70 }, (_, i) => i + 10))
    world.received.length = 0
    await run(world)
    expect(world.received).toEqual([])
  })

  it('counts a completion that is late, once', async () => {
    const world = await listedMessages(['ada', 'bo'])
    world.settings.completionHours = 2
    await run(world)
    world.advance(2 * 3_600_000 + 1)
    await insertOne(world.entries, { pk: 'acme#completed#crm', sk: `${'1'.padStart(16, '0')}#0`, values: {} })
    expect(await run(world)).toMatchObject({ late: 1 })
    expect(await run(world)).toMatchObject({ late: 0 })
  })
})

/** What becomes of an attempt or of the worker: a number of the schedule. */
const behaviour = fc.constantFrom('ok', 'ok', 'ok', 'refused', 'lost', 'unavailable')

it('under any schedule of failures, each message arrives or is given up after all its attempts, those of a person in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('ada', 'bo', 'cy', 'di'), { minLength: 1, maxLength: 70 }),
      fc.array(behaviour, { minLength: 1, maxLength: 60 }),
      fc.array(fc.constantFrom(undefined, undefined, undefined, undefined, 'before' as const, 'after' as const), {
        minLength: 1,
        maxLength: 40,
      }),
      async (lanes, attempts, storage) => {
        let [sent, stored] = [0, 0]
        const world = await listedMessages(lanes, {
          fault: (operation) => (operation === 'insert' ? storage[stored++] : undefined),
        })
        world.answer = () => {
          const now = attempts[sent++] ?? 'ok'
          // The receiver has it, and its answer is lost.
          if (now === 'lost') return { isDelivered: false, error: 'timeout' }
          return now === 'ok' ? ok : refused
        }
        const firstAcceptedInLane = new Map<string, number[]>()
        const send = world.send
        const observed = {
          ...world,
          send: async (url: string, message: Parameters<typeof send>[1]) => {
            const attempt = await send(url, message)
            const seen = firstAcceptedInLane.get(message.lane) ?? []
            if (attempt.isDelivered && !seen.includes(message.leaf)) seen.push(message.leaf)
            firstAcceptedInLane.set(message.lane, seen)
            return attempt
          },
        }
        // Ten attempts take up to four days, and a lane's next message has its own ten.
        for (let i = 0; i < 700 && (await outcomes(world)).length < lanes.length; i++) {
          // A run that throws is a worker that was killed.
          await deliverTo(observed, 'acme', listed).catch(() => undefined)
          world.advance(30 * 60_000)
        }
        const ended = await outcomes(world)
        const dead = ended.filter(({ outcome }) => outcome === 'dead')
        expect(ended).toHaveLength(lanes.length)
        expect(dead.every((each) => each.attempts === maxAttempts)).toBe(true)
        expect(world.accepted()).toEqual(
          expect.arrayContaining(ended.filter((each) => !dead.includes(each)).map(({ leaf }) => idOf(leaf))),
        )
        for (const leaves of firstAcceptedInLane.values()) expect(leaves).toEqual(leaves.toSorted((a, b) => a - b))
      },
    ),
    { numRuns: 60 },
  )
})
