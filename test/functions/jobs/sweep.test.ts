/** The function of every minute: what it completes, what it measures, and that nothing that fails takes the rest with it. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSweepHandler } from '../../../functions/jobs/sweep.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { receiptCertificateName } from '../../../shared/ledger/inclusion-promises.ts'
import { lastBatch } from '../../../shared/ledger/log/batches.ts'
import { batchEnd, servedCheckpoint } from '../../../shared/ledger/log/log-items.ts'
import type { Item, Objects, Table } from '../../../shared/ledger/store.ts'
import { type KeptLogs, keptLogs, logEntry, receiptPublicKey } from '../../support/kept-logs.ts'
import { memoryObjects } from '../../support/memory-ledger.ts'
import { streamEvent } from '../../support/stream-records.ts'

let logs: KeptLogs
/** Objects whose names begin so cannot be read or written, now. */
let unreachable: string[]

beforeEach(() => {
  unreachable = []
  logs = keptLogs(failing(memoryObjects()))
})

function failing(objects: Objects): Objects {
  const check = async (name: string) => {
    if (unreachable.some((prefix) => name.startsWith(prefix))) throw new LedgerError('unavailable', 'as scripted')
  }
  return {
    put: async (name, bytes) => check(name).then(() => objects.put(name, bytes)),
    get: async (name) => check(name).then(() => objects.get(name)),
    first: async (name) => check(name).then(() => objects.first(name)),
    readServed: async (name) => check(name).then(() => objects.readServed(name)),
    replaceServed: async (name, bytes, tag) => check(name).then(() => objects.replaceServed(name, bytes, tag)),
  }
}

const ring = (...items: readonly Item[]) => logs.sequence(streamEvent(items))
const age = () => logs.telemetry.logged.findLast(({ line }) => line.event === 'swept')?.sums.CheckpointAge
const certificate = () => logs.objects.get(receiptCertificateName(receiptPublicKey, () => Date.parse(logs.now)))
const sizeOf = async (controller: string) => {
  const last = await lastBatch(logs.log, controller)
  return last && batchEnd(last)
}

/** Sequenced, and no checkpoint of it. */
async function unpublished(...items: readonly Item[]): Promise<void> {
  logs.canSign = false
  await ring(...items)
  logs.canSign = true
}

describe('publication', () => {
  it('of every log of the configured controllers; a failure is logged, and thrown after all others were tried', async () => {
    await ring(logEntry('acme', 1), logEntry('bad', 2), logEntry('other', 3))
    await unpublished(logEntry('acme', 4), logEntry('bad', 5), logEntry('other', 6))
    logs.down.add('bad')
    logs.controllers = ['bad', 'acme', 'other']
    await expect(logs.sweep()).rejects.toMatchObject({ code: 'unavailable' })
    expect([await logs.published('acme'), await logs.published('other')]).toEqual([3, 3])
    expect(logs.telemetry.errors().at(-1)).toMatchObject({ event: 'not-published', controller: 'bad' })
    logs.down.clear()
    await logs.sweep()
    expect(await logs.published('bad')).toBe(3)
    logs.controllers = []
    await logs.sweep()
  })

  it('of a controller whose log was never opened is none, and no failure', async () => {
    logs.controllers = ['new', 'claimed-and-never-created']
    await logs.sweep()
    expect(age()).toBe(0)
    expect(logs.telemetry.errors()).toEqual([])
    await ring(logEntry('new', 1))
    await logs.sweep()
    expect(await logs.published('new')).toBe(2)
  })

  it('of a log that is opened while the sweep looks at it is no alarm', async () => {
    const { first } = logs.objects
    const folder = 'log/acme/checkpoints/'
    let isFirstLook = true
    logs.start({
      ...logs.logWriter,
      objects: {
        ...logs.objects,
        async first(prefix) {
          const found = await first(prefix)
          if (prefix === folder && isFirstLook) {
            isFirstLook = false
            expect(found).toBeUndefined()
            logs.start()
            await ring(logEntry('acme', 1))
          }
          return found
        },
      },
    })
    logs.controllers = ['acme']
    await logs.sweep()
    expect(logs.telemetry.errors()).toEqual([])
    expect([isFirstLook, age(), await logs.published('acme')]).toEqual([false, 0, 2])
  })
})

describe('the age of what waits for a checkpoint', () => {
  it('is 0 while nothing does, and else that of the oldest', async () => {
    await ring(logEntry('acme', 1), logEntry('other', 2))
    logs.controllers = ['acme', 'other']
    await logs.sweep()
    expect(age()).toBe(0)
    logs.now = '2026-11-22T12:10:00.000Z'
    await unpublished(logEntry('acme', 3))
    logs.now = '2026-11-22T12:12:00.000Z'
    await unpublished(logEntry('acme', 4), logEntry('other', 5))
    logs.canSign = false
    logs.now = '2026-11-22T12:13:00.000Z'
    await expect(logs.sweep()).rejects.toThrow('2 of the logs')
    expect(age()).toBe(180)
    logs.now = '2026-11-22T12:14:00.000Z'
    await expect(logs.sweep()).rejects.toThrow('2 of the logs')
    expect(age()).toBe(240)
    logs.canSign = true
    await logs.sweep()
    expect(age()).toBe(0)
  })

  it('is not that of an entry that has one, however old: only the failure is logged', async () => {
    await ring(logEntry('acme', 1))
    logs.controllers = ['acme']
    logs.now = '2026-11-25T12:00:00.000Z'
    unreachable = ['log/acme/checkpoints/']
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    expect(age()).toBe(1)
    expect(logs.telemetry.errors().at(-1)).toMatchObject({ event: 'not-published', code: 'unavailable' })
  })

  it('of a log that cannot be read counts as a day', async () => {
    await ring(logEntry('acme', 1))
    logs.controllers = ['acme']
    logs.down.add('acme')
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    expect(age()).toBe(86_400)
  })

  it('of a log whose table is gone behind a published size is no 0', async () => {
    await ring(logEntry('acme', 1))
    for (const { pk, sk } of (await logs.log.scan()).items) if (pk === 'acme#log') logs.log.remove({ pk, sk })
    logs.controllers = ['acme']
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    expect(age()).toBe(1)
    expect(logs.telemetry.errors().at(-1)).toMatchObject({ event: 'not-published', code: 'log-forked' })
  })
})

describe('a crash', () => {
  it('behind the commit leaves index rows missing, which the sweep completes', async () => {
    await ring(logEntry('acme', 1))
    const items = [logEntry('acme', 2), logEntry('acme', 3), logEntry('acme', 4)]
    // The batch and one of its index rows.
    logs.crashAfter.set('acme', 2)
    await ring(...items)
    logs.crashAfter.clear()
    expect(await sizeOf('acme')).toBe(5)
    expect(await Promise.all(items.map(logs.indexOf))).toEqual([2, undefined, undefined])
    logs.controllers = ['acme']
    await logs.sweep()
    expect(await Promise.all(items.map(logs.indexOf))).toEqual([2, 3, 4])
    expect([await logs.published('acme'), age()]).toEqual([5, 0])
  })

  it('behind the checkpoint leaves its row missing, which the sweep completes', async () => {
    await ring(logEntry('acme', 1))
    await unpublished(logEntry('acme', 2))
    logs.controllers = ['acme']
    logs.crashAfter.set('acme', 0)
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    logs.crashAfter.clear()
    expect(await logs.published('acme')).toBe(2)
    await logs.sweep()
    expect(await logs.published('acme')).toBe(3)
  })
})

describe('the certificate of the receipt key', () => {
  it('is made once in a year, and looked for no more', async () => {
    await logs.sweep()
    const first = await certificate()
    expect(first).toBeDefined()
    unreachable = ['certificates/']
    await logs.sweep()
    unreachable = []
    logs.now = '2026-12-31T23:59:00.000Z'
    await logs.sweep()
    expect(await certificate()).toEqual(first)
    logs.now = '2027-01-01T00:00:00.000Z'
    await logs.sweep()
    expect(await certificate()).toBeDefined()
    expect(await certificate()).not.toEqual(first)
  })

  it('that cannot be made is logged and thrown, after every log was published', async () => {
    await ring(logEntry('acme', 1))
    await unpublished(logEntry('acme', 2))
    logs.controllers = ['acme']
    unreachable = ['certificates/']
    await expect(logs.sweep()).rejects.toThrow('1 of the logs or certificates')
    expect(await logs.published('acme')).toBe(3)
    expect(age()).toBe(0)
    expect(logs.telemetry.errors()).toContainEqual({
      level: 'error',
      event: 'not-certified',
      count: 1,
      code: 'unavailable',
    })
    unreachable = []
    await logs.sweep()
    expect(await certificate()).toBeDefined()
  })
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
    await ring(logEntry('acme', 1), logEntry('acme', 2))
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
      for (let n = 0; n < others; n++) await ring(logEntry(`other-${n}`, n))
      logs.now = new Date(Date.parse(logs.now) + 60 * 60_000).toISOString()
      counting()
      await logs.sweep()
      asked.length = 0
      await ring(logEntry('acme', 1000 + others))
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
    await ring(...Array.from({ length: 100 }, (_, n) => logEntry(`acme-${n}`, n)))
    await unpublished(...Array.from({ length: 100 }, (_, n) => logEntry(`acme-${n}`, 100 + n)))
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
    expect(age()).toBeGreaterThanOrEqual(40)
    logs.start()
    await logs.sweep()
    expect([await left(), age()]).toEqual([0, 0])
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
    await ring(logEntry('acme', 1))
    logs.now = '2026-11-25T12:00:00.000Z'
    logs.controllers = ['acme']
    unreachable = ['log/acme/checkpoints/']
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    logs.controllers = []
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    unreachable = []
    await logs.sweep()
    unreachable = ['log/acme/checkpoints/']
    await logs.sweep()
  })
})

it('repairs a served copy that could not be replaced, without a new entry', async () => {
  await ring(logEntry('acme', 1))
  unreachable = ['served/']
  logs.now = '2026-11-22T12:01:00.000Z'
  await ring(logEntry('acme', 2))
  await logs.sweep()
  const served = async () => (await logs.objects.readServed(servedCheckpoint('acme')))?.bytes.toString()
  unreachable = []
  const before = await served()
  await logs.sweep()
  expect(await served()).not.toEqual(before)
})

it('after an outage of a day it goes back to where the last sweep was, also as another instance', async () => {
  await ring(logEntry('acme', 1))
  await logs.sweep()
  logs.now = '2026-11-22T13:00:00.000Z'
  await unpublished(logEntry('acme', 2))
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
          await fails(each.inserts, each.canSign, () => ring(...items))
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
