/** What the stream could not deliver, and what is named by hand, gets its place in the log: as often as it takes, and nothing else does. */
import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { createRedriveHandler, type ObjectCreated, type ReadFailure } from '../../../functions/jobs/redrive.ts'
import { LedgerError } from '../../../shared/errors.ts'
import type { Item } from '../../../shared/ledger/store.ts'
import { objectCreated } from '../../support/failed-delivery.ts'
import { logEntry as entry, type KeptLogs, keptLogs } from '../../support/kept-logs.ts'
import { streamEvent, streamRecord } from '../../support/stream-records.ts'

let logs: KeptLogs
/** The bucket of failures. */
let failures: Map<string, Uint8Array>
let redrive: ReturnType<typeof createRedriveHandler>

beforeEach(() => {
  logs = keptLogs()
  failures = new Map()
  start()
})

function start(readFailure: ReadFailure = async (name) => failures.get(name), logWriter = logs.logWriter): void {
  redrive = createRedriveHandler(logs.dependencies(logWriter), readFailure)
}

const lines = () => logs.telemetry.errors()
const indexesOf = (items: readonly Item[]) => Promise.all(items.map(logs.indexOf))
const keysOf = (items: readonly Item[]) => items.map(({ pk, sk }) => ({ pk, sk }))
const malformed = (count: number) => ({ level: 'error', event: 'malformed-records', count })

function fail(name: string, content: unknown): void {
  failures.set(name, Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)))
}

describe('by hand', () => {
  it('reads the entries of its keys, as often as it takes', async () => {
    const items = [entry('acme', 1), entry('other', 2), entry('acme', 3)]
    await logs.entries.insert(items)
    const keys = keysOf(items)
    await redrive({ keys })
    const report = await redrive({ keys: [...keys, ...keys] })
    expect(report).toEqual({
      v: 1,
      ...{
        job: 'redrive',
        dryRun: false,
        startedBy: 'command',
        startedAt: logs.now,
        endedAt: logs.now,
        outcome: 'done',
      },
      ...{ counts: { keys: 6 }, changes: [], findings: [] },
    })
    expect(await indexesOf(items)).toEqual([1, 1, 2])
    expect([await logs.published('acme'), await logs.published('other')]).toEqual([3, 2])
    expect(lines()).toEqual([])
    expect(logs.telemetry.logged.at(-1)?.line).toEqual({
      level: 'info',
      event: 'sequenced',
      count: 6,
      report,
    })
    expect(logs.telemetry.sum('EntriesSequenced')).toBe(3)
  })

  it('counts keys of nothing, and fails only for logs that could not be extended', async () => {
    const items = [entry('acme', 1), entry('bad', 2)]
    await logs.entries.insert(items)
    await redrive({ keys: [entry('acme', 9), { pk: 'acme', sk: '' }] })
    expect(lines()).toEqual([malformed(1), { level: 'error', event: 'entries-skipped', count: 1, controller: 'acme' }])
    logs.down.add('bad')
    await expect(redrive({ keys: items })).rejects.toMatchObject({ code: 'unavailable' })
    expect(await logs.indexOf(entry('acme', 1))).toBe(1)
    logs.down.clear()
    await redrive({ keys: items })
    expect(await logs.indexOf(entry('bad', 2))).toBe(1)
  })

  it('is logged without a key or a value', async () => {
    await redrive({ keys: [entry('other', 7)] })
    const text = JSON.stringify(logs.telemetry.logged)
    for (const word of ['pseudonym', 'event#', 'leaf']) expect(text).not.toContain(word)
  })
})

describe('from the bucket of failures', () => {
  const name = 'aws/lambda/0f1e2d3c/shardId-00000001795867200000-0a1b2c3d/2026/11/28/2026-11-28T12.00.00-9b8a7c6d'

  it.each([
    ['a string, as Lambda writes it', (event: object) => ({ version: '1.0', payload: JSON.stringify(event) })],
    ['an object, should it ever', (event: object) => ({ version: '1.0', payload: event })],
  ])('the payload is %s', async (_what, recordOf) => {
    const items = [entry('acme', 1), entry('other', 2)]
    await logs.entries.insert(items)
    fail(name, recordOf(streamEvent(items)))
    await redrive(objectCreated(name))
    await redrive(objectCreated(name))
    expect(await indexesOf(items)).toEqual([1, 1])
    expect(lines()).toEqual([])
  })

  it('names are as they are', async () => {
    const items = [entry('acme', 1)]
    await logs.entries.insert(items)
    fail('aws/a name+with%odd é', { payload: JSON.stringify(streamEvent(items)) })
    await redrive(objectCreated('aws/a name+with%odd é'))
    expect(await indexesOf(items)).toEqual([1])
  })

  it('believes no leaf in it: entries are read from their table', async () => {
    const items = [entry('acme', 1), entry('acme', 2)]
    await logs.entries.insert(items.slice(0, 1))
    const forged = { ...entry('acme', 1), values: { leaf: '{"kind":"event","sub":"forged","v":1}' } }
    fail(name, { payload: JSON.stringify(streamEvent([forged, entry('acme', 2)])) })
    await redrive(objectCreated(name))
    expect(await indexesOf(items)).toEqual([1, undefined])
    expect(lines()).toEqual([{ level: 'error', event: 'entries-skipped', count: 1, controller: 'acme' }])
  })

  it('reports malformed records and changed entries, and does the rest', async () => {
    const items = [entry('acme', 1)]
    await logs.entries.insert(items)
    const [good] = items
    const removed = streamRecord(entry('acme', 5), 5, { eventName: 'REMOVE' })
    fail(name, { payload: JSON.stringify({ Records: [{}, removed, good && streamRecord(good, 1)] }) })
    await redrive(objectCreated(name))
    expect(lines()).toEqual([malformed(1), { level: 'error', event: 'entries-changed', count: 1 }])
    expect(await indexesOf(items)).toEqual([1])
  })

  it.each<[string, unknown]>([
    ['gone', undefined],
    ['empty', ''],
    ['no JSON', '{"payload": '],
    ['null', 'null'],
    ['without a payload', { version: '1.0' }],
    ['with a payload that is cut', { payload: '{"Records":[{' }],
    ['with a payload of another service', { payload: JSON.stringify({ messages: [] }) }],
    ['with records that are none', { payload: JSON.stringify({ Records: [null, 7] }) }],
  ])('an object that is %s is counted, and the others are redriven', async (_what, content) => {
    const items = [entry('acme', 1)]
    await logs.entries.insert(items)
    if (content !== undefined) fail('aws/bad', content)
    fail(name, { payload: JSON.stringify(streamEvent(items)) })
    await redrive(objectCreated('aws/bad'))
    await redrive(objectCreated(name))
    expect(lines()).toEqual([malformed(1)])
    expect(await indexesOf(items)).toEqual([1])
  })

  it('a bucket that cannot be read fails the call, and Lambda comes again', async () => {
    start(async () => {
      throw new LedgerError('unavailable', 'no bucket today')
    })
    await expect(redrive(objectCreated(name))).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('an event of another kind is counted', async () => {
    const { detail: _, ...other } = objectCreated(name)
    await redrive(other as ObjectCreated)
    expect(lines()).toEqual([malformed(1)])
  })
})

it('a log that is forked fails no redrive: a retry would not help, and a person is called', async () => {
  const items = [entry('acme', 1), entry('other', 2)]
  await logs.entries.insert(items)
  await redrive({ keys: keysOf(items) })
  for (const { pk, sk } of (await logs.log.scan()).items) if (pk.startsWith('acme#')) logs.log.remove({ pk, sk })
  start(undefined, { ...logs.logWriter, random: randomBytes })
  await redrive({ keys: keysOf(items) })
  expect(lines()).toEqual([
    { level: 'error', event: 'not-sequenced', count: 1, controller: 'acme', code: 'log-forked' },
  ])
})
