/** Erasures get their places once a day, in the order of their pseudonyms, and not when the stream rings for them. */
import { beforeEach, expect, it } from 'vitest'
import type { Item } from '../../../shared/ledger/store.ts'
import { type KeptLogs, keptLogs } from '../../support/kept-logs.ts'
import { streamEvent } from '../../support/stream-records.ts'

let logs: KeptLogs
beforeEach(() => {
  logs = keptLogs()
})

const erased = (controller: string, sub: string): Item => ({
  pk: `${controller}#erased`,
  sk: sub,
  values: { leaf: `{"kind":"erased","sub":"${sub}","v":1}` },
})

it('in order, once', async () => {
  const all = ['c', 'a', 'b'].map((sub) => erased('acme', sub))
  await logs.entries.insert(all)
  expect(await logs.sequence(streamEvent(all))).toEqual({ batchItemFailures: [] })
  expect(await logs.published('acme')).toBe(-1)
  logs.controllers = ['acme', 'nobody']
  await logs.release()
  expect(await Promise.all(all.map(logs.indexOf))).toEqual([3, 1, 2])
  expect([await logs.published('acme'), await logs.published('nobody')]).toEqual([4, -1])
  await logs.release()
  expect(await logs.published('acme')).toBe(4)
  expect(logs.telemetry.errors()).toEqual([])
  expect(logs.telemetry.sum('EntriesSequenced')).toBe(3)
})

it('those of a log that fails the next time, and the others now', async () => {
  logs.down.add('bad')
  logs.controllers = ['bad', 'good']
  const [bad, good] = [erased('bad', 's'), erased('good', 's')]
  await logs.entries.insert([bad, good])
  await expect(logs.release()).rejects.toThrow('1 logs')
  expect(logs.telemetry.errors()).toEqual([
    { level: 'error', event: 'not-released', count: 1, controller: 'bad', code: 'unavailable' },
  ])
  expect(await logs.indexOf(good)).toBe(1)
  logs.down.clear()
  await logs.release()
  expect([await logs.indexOf(bad), await logs.indexOf(good)]).toEqual([1, 1])
})
