/** The job that sends messages: it polls within its minute, counts what an operator must know, and a dry run sends nothing. */
import { afterEach, expect, it, vi } from 'vitest'
import { createDeliverHandler } from '../../../functions/jobs/deliver.ts'
import { createMessagesHandler } from '../../../functions/jobs/messages.ts'
import { assumptions } from '../../../infra/cost/assumptions.ts'
import { endpointPk } from '../../../shared/ledger/fan-out/endpoint-entries.ts'
import { pooledRandomness } from '../../../shared/ledger/randomness.ts'
import { insertOne, type Table } from '../../../shared/ledger/store.ts'
import { listedMessages } from '../../shared/ledger/fan-out/listed-messages.ts'
import { recordedTelemetry } from '../../support/recorded-telemetry.ts'
import { bySchedule } from '../../support/scheduled-run.ts'

const { delivering } = assumptions

async function job(hasEndpoint = true) {
  const world = await listedMessages(['ada', 'bo'])
  if (hasEndpoint) await insertOne(world.entries, { pk: endpointPk('acme'), sk: 'crm#1', values: {} })
  const telemetry = recordedTelemetry()
  const stored: string[] = []
  const handler = createDeliverHandler({
    ...world,
    ...{ telemetry, random: pooledRandomness(), controllers: async () => ['acme'] },
    objects: {
      async put(name) {
        stored.push(name)
      },
    },
    sleep: async (ms) => world.advance(ms),
  })
  return { world, telemetry, handler, stored }
}

it('sends, and looks again every two seconds until its minute is nearly over', async () => {
  const { world, handler, stored } = await job()
  const start = world.clock()
  const report = await handler(bySchedule)
  expect(world.accepted()).toHaveLength(2)
  expect(report.counts).toMatchObject({ endpoints: 1, deliveries: 2, 'leaves behind': 0 })
  expect(world.clock() - start).toBeGreaterThanOrEqual(48_000)
  expect(world.clock() - start).toBeLessThan(60_000)
  expect(stored).toEqual([])
})

it('looks at logs only while there is nothing to do, and hears of a message and of a redelivery within seconds', async () => {
  const { world, handler } = await job()
  await handler(bySchedule)
  const calls: string[] = []
  const noted = (table: Table): Table => ({
    ...table,
    query(pk, options) {
      calls.push(pk)
      return table.query(pk, options)
    },
  })
  const { source } = world
  const handlerOf = (onSleep: () => void) =>
    createDeliverHandler({
      ...world,
      ...{ entries: noted(world.entries), log: noted(world.log), telemetry: recordedTelemetry() },
      ...{ random: pooledRandomness(), objects: { put: async () => undefined } },
      async controllers() {
        calls.push('controllers')
        return ['acme']
      },
      source: {
        ...source,
        endpoints: (controller) => {
          calls.push('function messages')
          return source.endpoints(controller)
        },
      },
      sleep: async (ms) => {
        world.advance(ms)
        onSleep()
      },
    })
  await handlerOf(() => {})(bySchedule)
  const counted = Map.groupBy(calls, (call) => call)
  const count = (call: string) => counted.get(call)?.length ?? 0
  expect(count('function messages')).toBe(5)
  expect(count('acme#log')).toBe(25)
  expect(calls).toHaveLength(delivering.readUnits + delivering.calls)
  let slept = 0
  const seen: number[] = []
  await handlerOf(() => {
    slept++
    if (slept === 3) {
      world.redelivery = { from: 0, to: 1 }
      void world.entries.insert([{ pk: 'acme#redelivery#crm', sk: '1'.padStart(16, '0'), values: {} }])
    }
    if (world.received.length > 2 && seen.length === 0) seen.push(slept)
  })(bySchedule)
  // A pass each two seconds.
  expect(seen[0]).toBeLessThanOrEqual(3 + 5 + 1)
})

it('ends at once where nobody has an endpoint', async () => {
  const { world, handler } = await job(false)
  const start = world.clock()
  await handler(bySchedule)
  expect(world.clock()).toBe(start)
})

it('a dry run sends and stores nothing, and says what waits', async () => {
  const { world, handler } = await job()
  const report = await handler({ dryRun: true })
  expect(world.received).toEqual([])
  expect(report.counts).toMatchObject({ endpoints: 1, deliveries: 0 })
  expect((await world.entries.query('acme#delivering#crm')).items).toEqual([])
})

it('counts what a person must see to: a receiver that fails for an hour, dead letters, and faults of its own', async () => {
  const { world, handler, telemetry } = await job()
  world.answer = () => ({ isDelivered: false, status: 500 })
  await handler(bySchedule)
  expect(telemetry.sum('DeliveryTrouble')).toBeUndefined()
  world.advance(3_600_000)
  await handler(bySchedule)
  expect(telemetry.sum('DeliveryTrouble')).toBe(1)
  world.source.endpoints = async () => {
    throw new Error('kim@example.org')
  }
  await handler(bySchedule)
  expect(telemetry.sum('DeliveryTrouble')).toBeGreaterThan(1)
  expect(JSON.stringify(telemetry.logged)).not.toContain('kim')
})

it('the function that makes messages passes both calls on', async () => {
  const world = await listedMessages(['ada'])
  const handler = createMessagesHandler(world.source)
  expect(await handler({ call: 'endpoints', controller: 'acme' })).toEqual(await world.source.endpoints('acme'))
  const request = { controller: 'acme', endpoint: 'crm', work: { kind: 'new', from: 0, sequence: 1 } } as const
  expect(await handler({ call: 'messages', request })).toMatchObject({ next: 1, isEnd: true })
})

afterEach(() => {
  vi.useRealTimers()
})

/** Endpoints `e1`, `e2`, … that all get the same messages, each answered after a time; the clock is that of the timers. */
async function slowReceivers(lanes: readonly string[], endpoints: number, answerMs: (endpoint: string) => number) {
  vi.useFakeTimers({ now: Date.parse('2026-12-01T10:00:00.000Z') })
  const world = await listedMessages(lanes)
  await insertOne(world.entries, { pk: endpointPk('acme'), sk: 'e1#1', values: {} })
  const received = new Map<string, number[]>()
  const handler = createDeliverHandler({
    ...world,
    ...{ telemetry: recordedTelemetry(), random: pooledRandomness(), controllers: async () => ['acme'] },
    ...{ clock: Date.now, jitter: () => 0, objects: { put: async () => undefined } },
    source: {
      endpoints: async () =>
        Array.from({ length: endpoints }, (_, i) => ({ endpoint: `e${i + 1}`, change: 1, isEnabled: true })),
      messages: async (request) => ({ ...(await world.source.messages(request)), url: request.endpoint }),
    },
    async send(endpoint, { leaf }) {
      received.set(endpoint, [...(received.get(endpoint) ?? []), leaf])
      await new Promise((resolve) => setTimeout(resolve, answerMs(endpoint)))
      return { isDelivered: true, status: 204 }
    },
  })
  return {
    received,
    /** One run; resolves to how long it took. */
    async run() {
      const start = Date.now()
      let tookMs: number | undefined
      const running = handler(bySchedule).then(() => {
        tookMs = Date.now() - start
      })
      while (tookMs === undefined) await vi.advanceTimersByTimeAsync(500)
      await running
      return tookMs
    },
  }
}

it('a slow receiver does not keep a run beyond its time, and gets each message once', async () => {
  const { received, run } = await slowReceivers(Array(12).fill('ada'), 1, () => 14_000)
  for (let i = 0; i < 6; i++) expect(await run()).toBeLessThan(65_000)
  expect(received.get('e1')).toEqual(Array.from({ length: 12 }, (_, i) => i))
})

it('eight slow receivers keep no message from the ninth', async () => {
  const lanes = Array.from({ length: 120 }, (_, i) => `p${i}`)
  const { received, run } = await slowReceivers(lanes, 9, (endpoint) => (endpoint === 'e9' ? 10 : 14_000))
  expect(await run()).toBeLessThan(65_000)
  expect(received.get('e9')).toHaveLength(120)
})
