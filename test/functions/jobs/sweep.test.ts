/** The function of every minute: what it completes, what it measures, and that nothing that fails takes the rest with it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { lastBatch } from '../../../shared/ledger/log/batches.ts'
import { batchEnd } from '../../../shared/ledger/log/log-items.ts'
import { receiptCertificateName } from '../../../shared/ledger/recording/inclusion-promises.ts'
import { type KeptLogs, keptLogs, logEntry, receiptPublicKey } from '../../support/kept-logs.ts'

let logs: KeptLogs

beforeEach(() => {
  logs = keptLogs()
})

const certificate = () => logs.objects.get(receiptCertificateName(receiptPublicKey, () => Date.parse(logs.now)))
const sizeOf = async (controller: string) => {
  const last = await lastBatch(logs.log, controller)
  return last && batchEnd(last)
}

describe('publication', () => {
  it('of every log of the configured controllers; a failure is logged, and thrown after all others were tried', async () => {
    await logs.announce(logEntry('acme', 1), logEntry('bad', 2), logEntry('other', 3))
    await logs.announceUnsigned(logEntry('acme', 4), logEntry('bad', 5), logEntry('other', 6))
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
    expect(logs.checkpointAge()).toBe(0)
    expect(logs.telemetry.errors()).toEqual([])
    await logs.announce(logEntry('new', 1))
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
            await logs.announce(logEntry('acme', 1))
          }
          return found
        },
      },
    })
    logs.controllers = ['acme']
    await logs.sweep()
    expect(logs.telemetry.errors()).toEqual([])
    expect([isFirstLook, logs.checkpointAge(), await logs.published('acme')]).toEqual([false, 0, 2])
  })
})

describe('the age of what waits for a checkpoint', () => {
  it('is 0 while nothing does, and else that of the oldest', async () => {
    await logs.announce(logEntry('acme', 1), logEntry('other', 2))
    logs.controllers = ['acme', 'other']
    await logs.sweep()
    expect(logs.checkpointAge()).toBe(0)
    logs.now = '2026-11-22T12:10:00.000Z'
    await logs.announceUnsigned(logEntry('acme', 3))
    logs.now = '2026-11-22T12:12:00.000Z'
    await logs.announceUnsigned(logEntry('acme', 4), logEntry('other', 5))
    logs.canSign = false
    logs.now = '2026-11-22T12:13:00.000Z'
    await expect(logs.sweep()).rejects.toThrow('2 of the logs')
    expect(logs.checkpointAge()).toBe(180)
    logs.now = '2026-11-22T12:14:00.000Z'
    await expect(logs.sweep()).rejects.toThrow('2 of the logs')
    expect(logs.checkpointAge()).toBe(240)
    logs.canSign = true
    await logs.sweep()
    expect(logs.checkpointAge()).toBe(0)
  })

  it('is not that of an entry that has one, however old: only the failure is logged', async () => {
    await logs.announce(logEntry('acme', 1))
    logs.controllers = ['acme']
    logs.now = '2026-11-25T12:00:00.000Z'
    logs.unreachable = ['log/acme/checkpoints/']
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    expect(logs.checkpointAge()).toBe(1)
    expect(logs.telemetry.errors().at(-1)).toMatchObject({ event: 'not-published', code: 'unavailable' })
  })

  it('of a log that cannot be read counts as a day', async () => {
    await logs.announce(logEntry('acme', 1))
    logs.controllers = ['acme']
    logs.down.add('acme')
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    expect(logs.checkpointAge()).toBe(86_400)
  })

  it('of a log whose table is gone behind a published size is no 0', async () => {
    await logs.announce(logEntry('acme', 1))
    for (const { pk, sk } of (await logs.log.scan()).items) if (pk === 'acme#log') logs.log.remove({ pk, sk })
    logs.controllers = ['acme']
    await expect(logs.sweep()).rejects.toThrow('1 of the logs')
    expect(logs.checkpointAge()).toBe(1)
    expect(logs.telemetry.errors().at(-1)).toMatchObject({ event: 'not-published', code: 'log-forked' })
  })
})

describe('a crash', () => {
  it('behind the commit leaves index rows missing, which the sweep completes', async () => {
    await logs.announce(logEntry('acme', 1))
    const items = [logEntry('acme', 2), logEntry('acme', 3), logEntry('acme', 4)]
    // The batch and one of its index rows.
    logs.crashAfter.set('acme', 2)
    await logs.announce(...items)
    logs.crashAfter.clear()
    expect(await sizeOf('acme')).toBe(5)
    expect(await Promise.all(items.map(logs.indexOf))).toEqual([2, undefined, undefined])
    logs.controllers = ['acme']
    await logs.sweep()
    expect(await Promise.all(items.map(logs.indexOf))).toEqual([2, 3, 4])
    expect([await logs.published('acme'), logs.checkpointAge()]).toEqual([5, 0])
  })

  it('behind the checkpoint leaves its row missing, which the sweep completes', async () => {
    await logs.announce(logEntry('acme', 1))
    await logs.announceUnsigned(logEntry('acme', 2))
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
    logs.unreachable = ['certificates/']
    await logs.sweep()
    logs.unreachable = []
    logs.now = '2026-12-31T23:59:00.000Z'
    await logs.sweep()
    expect(await certificate()).toEqual(first)
    logs.now = '2027-01-01T00:00:00.000Z'
    await logs.sweep()
    expect(await certificate()).toBeDefined()
    expect(await certificate()).not.toEqual(first)
  })

  it('that cannot be made is logged and thrown, after every log was published', async () => {
    await logs.announce(logEntry('acme', 1))
    await logs.announceUnsigned(logEntry('acme', 2))
    logs.controllers = ['acme']
    logs.unreachable = ['certificates/']
    await expect(logs.sweep()).rejects.toThrow('1 of the logs or certificates')
    expect(await logs.published('acme')).toBe(3)
    expect(logs.checkpointAge()).toBe(0)
    expect(logs.telemetry.errors()).toContainEqual({
      level: 'error',
      event: 'not-certified',
      count: 1,
      code: 'unavailable',
    })
    logs.unreachable = []
    await logs.sweep()
    expect(await certificate()).toBeDefined()
  })
})
