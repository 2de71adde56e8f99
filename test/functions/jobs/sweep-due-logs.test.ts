/** Which logs a sweep looks at: those that are marked as due each minute, and all of them in parts, so that nothing is missed. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSweepHandler } from '../../../functions/jobs/sweep.ts'
import { lastBatch } from '../../../shared/ledger/log/batches.ts'
import { batchEnd, servedCheckpoint } from '../../../shared/ledger/log/log-items.ts'
import type { Table } from '../../../shared/ledger/store.ts'
import { type KeptLogs, keptLogs, logEntry } from '../../support/kept-logs.ts'

let logs: KeptLogs

beforeEach(() => {
  logs = keptLogs()
})

describe('what a sweep asks', () => {
  /** Calls of the log table and of object storage. */
  let asked: string[]

  function counting(): void {
    const { log, objects, logWriter } = logs
    const counted = <Port extends object>(port: Port, name: (method: string, given: unknown) => string): Port =>
      new Proxy(port, {
        get: (target, method, receiver) => {
          const called = Reflect.get(target, method, receiver)
          return async (...given: unknown[]) => {
            asked.push(name(String(method), given[0]))
            return Reflect.apply(called as () => unknown, target, given)
          }
        },
      })
    asked = []
    logs.start({
      ...logWriter,
      log: counted<Table>(log, (method, given) => (method === 'query' ? 'query' : `${method} ${Object(given).length}`)),
      objects: counted(objects, (method) => method),
    })
  }
  const atRest = Array.from({ length: 6 }, () => 'query')

  it('of a log with a new batch: the last batch and checkpoint, its index rows and copies, once', async () => {
    await logs.announce(logEntry('acme', 1), logEntry('acme', 2))
    await logs.sweep()
    counting()
    await logs.sweep()
    const position = ['query', 'insert 1']
    const certificate = ['get']
    expect(asked.toSorted()).toEqual(
      [...position, ...certificate, ...atRest, 'query', 'query', 'get 3', 'get 1', 'readServed'].toSorted(),
    )
    asked.length = 0
    await logs.sweep()
    expect(asked).toEqual([...atRest, 'query', 'query'])
  })

  it('does not grow with logs that nothing was written to, however many and however large', async () => {
    const calls = async (others: number) => {
      for (let n = 0; n < others; n++) await logs.announce(logEntry(`other-${n}`, n))
      logs.now = new Date(Date.parse(logs.now) + 60 * 60_000).toISOString()
      counting()
      await logs.sweep()
      asked.length = 0
      await logs.announce(logEntry('acme', 1000 + others))
      asked.length = 0
      await logs.sweep()
      return asked.length
    }
    const few = await calls(1)
    expect(await calls(200)).toBe(few)
    logs.now = new Date(Date.parse(logs.now) + 60 * 60_000).toISOString()
    await logs.sweep()
    asked.length = 0
    await logs.sweep()
    expect(asked).toEqual(atRest)
  })

  it('begins no look when its time is up, and the next run takes the same marks', async () => {
    await logs.announce(...Array.from({ length: 100 }, (_, n) => logEntry(`acme-${n}`, n)))
    await logs.announceUnsigned(...Array.from({ length: 100 }, (_, n) => logEntry(`acme-${n}`, 100 + n)))
    const { clock, log } = logs.logWriter
    let lateMs = 0
    logs.start({
      ...logs.logWriter,
      clock: () => clock() + lateMs,
      log: {
        ...log,
        async query(pk, options) {
          if (pk.endsWith('#log')) lateMs += 2_000
          return log.query(pk, options)
        },
      },
    })
    await expect(logs.sweep()).rejects.toThrow('could not be brought up to date')
    const left = async () => {
      const sizes = await Promise.all(Array.from({ length: 100 }, (_, n) => logs.published(`acme-${n}`)))
      return sizes.filter((size) => size < 3).length
    }
    expect(await left()).toBeGreaterThan(0)
    expect(logs.checkpointAge()).toBeGreaterThanOrEqual(40)
    logs.start()
    await logs.sweep()
    expect([await left(), logs.checkpointAge()]).toEqual([0, 0])
  })
})

describe('every log is looked at in the end', () => {
  it('in parts by the minute, each once in 256 minutes', async () => {
    const parts: (string | undefined)[] = []
    const job = logs.dependencies()
    const sweep = createSweepHandler({
      ...job,
      controllers: async (part) => {
        parts.push(part)
        return []
      },
    })
    for (let minute = 0; minute < 256; minute++) {
      logs.now = new Date(Date.parse('2026-11-22T12:00:30.000Z') + minute * 60_000).toISOString()
      await sweep()
    }
    expect(new Set(parts).size).toBe(256)
    expect(parts.every((part) => /^[0-9a-f]{2}$/.test(part ?? ''))).toBe(true)
  })

  it('one that failed in its part each minute, until it is right', async () => {
    await logs.announce(logEntry('acme', 1))
    logs.now = '2026-11-25T12:00:00.000Z'
    logs.controllers = ['acme']
    logs.unreachable = ['log/acme/checkpoints/']
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    logs.controllers = []
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    logs.unreachable = []
    await logs.sweep()
    logs.unreachable = ['log/acme/checkpoints/']
    await logs.sweep()
  })
})

it('repairs a served copy that could not be replaced, without a new entry', async () => {
  await logs.announce(logEntry('acme', 1))
  logs.unreachable = ['served/']
  logs.now = '2026-11-22T12:01:00.000Z'
  await logs.announce(logEntry('acme', 2))
  await logs.sweep()
  const served = async () => (await logs.objects.readServed(servedCheckpoint('acme')))?.bytes.toString()
  logs.unreachable = []
  const before = await served()
  await logs.sweep()
  expect(await served()).not.toEqual(before)
})

it('after an outage of a day it goes back to where the last sweep was, also as another instance', async () => {
  await logs.announce(logEntry('acme', 1))
  await logs.sweep()
  logs.now = '2026-11-22T13:00:00.000Z'
  await logs.announceUnsigned(logEntry('acme', 2))
  logs.now = '2026-11-23T11:00:00.000Z'
  logs.start()
  await logs.sweep()
  expect(await logs.published('acme')).toBe(4)
})

/** What happens to three logs in some hours. */
type Step =
  | { readonly does: 'write'; readonly to: readonly number[]; readonly inserts: number; readonly canSign: boolean }
  | { readonly does: 'sweep'; readonly canSign: boolean; readonly inserts: number }
  | { readonly does: 'wait'; readonly minutes: number }
  | { readonly does: 'start' }

const controllers = ['acme', 'bolt', 'crux']
/** How many inserts into each log still succeed. */
const inserts = fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 4 }))
const step = fc.oneof<fc.Arbitrary<Step>[]>(
  fc.record({
    does: fc.constant('write'),
    to: fc.subarray([0, 1, 2], { minLength: 1 }),
    inserts,
    canSign: fc.boolean(),
  }),
  fc.record({ does: fc.constant('sweep'), canSign: fc.boolean(), inserts }),
  fc.record({ does: fc.constant('wait'), minutes: fc.integer({ min: 1, max: 110 }) }),
  fc.record({ does: fc.constant('start') }),
)

it('by marks alone a sweep leaves the logs as one over all of them does, whatever crashed and failed before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      logs = keptLogs()
      let n = 0
      const fails = async (left: number, canSign: boolean, work: () => Promise<unknown>) => {
        for (const controller of controllers) if (left < 9) logs.crashAfter.set(controller, left)
        logs.canSign = canSign
        await work().catch(() => {})
        logs.crashAfter.clear()
        logs.canSign = true
      }
      for (const each of steps) {
        if (each.does === 'start') logs.start()
        if (each.does === 'wait') logs.now = new Date(Date.parse(logs.now) + each.minutes * 60_000).toISOString()
        if (each.does === 'sweep') await fails(each.inserts, each.canSign, () => logs.sweep())
        if (each.does === 'write') {
          const items = each.to.map((i) => logEntry(controllers[i] ?? '', n++))
          await fails(each.inserts, each.canSign, () => logs.announce(...items))
        }
      }
      await logs.sweep()
      const marked = await stateOf(controllers)
      logs.start()
      logs.controllers = controllers
      await logs.sweep()
      expect(marked).toEqual(await stateOf(controllers))
      for (const { published, size } of marked) expect(Math.max(0, published)).toBe(Math.max(0, size))
    }),
    { numRuns: 200 },
  )
})

/** All that a sweep completes. */
async function stateOf(all: readonly string[]) {
  return Promise.all(
    all.map(async (controller) => {
      const last = await lastBatch(logs.log, controller)
      const rows = last ? await logs.log.get(last.entries.map(({ key }) => key)) : []
      const served = await logs.objects.readServed(servedCheckpoint(controller))
      return {
        size: last ? batchEnd(last) : -1,
        published: await logs.published(controller),
        indexes: rows.map((row) => row?.values.index),
        served: served && Buffer.from(served.bytes).toString(),
      }
    }),
  )
}
