/** The daily comparison of the logs: it costs what is new, finds what is damaged in it, and goes on wherever its runs end. */
import { beforeEach, describe, expect, it, test } from 'vitest'
import { auditNewLeaves } from '../../../../shared/ledger/audit/audit-new-leaves.ts'
import type { NewLeavesPosition } from '../../../../shared/ledger/audit/audit-position.ts'
import type { FindingCounts } from '../../../../shared/ledger/audit/finding-counts.ts'
import { sequenceKeys } from '../../../../shared/ledger/log/sequence-keys.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { Item } from '../../../../shared/ledger/store.ts'
import { submission } from '../../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../../support/memory-log-writer.ts'
import { openDrill } from './drill.ts'
import { batchesIn, change, type Drill, eventsIn, flipped, found } from './drill-items.ts'

const begun: NewLeavesPosition = { doneMs: 0, isUnderWay: true, after: '', findings: {}, standing: {} }

let d: Drill
beforeEach(async () => {
  d = await openDrill()
})

async function compare(ledger: Drill['audited'], mayGoOn = () => true, passStartedMs = 0): Promise<NewLeavesPosition> {
  const options = { share: 0, of: 1, isDryRun: false, passStartedMs, mayGoOn, store: async () => {} }
  return auditNewLeaves({ ...ledger, objects: d.ledger.objects }, begun, options)
}

const standing = async (...given: [passStartedMs?: number]) => (await compare(d.audited, undefined, ...given)).standing

async function record(now: string, count = 10): Promise<void> {
  d.ledger.setNow(now)
  const ids = Array.from({ length: count }, (_, i) => `${now}-${i}`)
  const events = ids.map((id) => submission({ eventId: id }, { identity: { type: 'device', id } }))
  await recordEvents(d.ledger, d.snapshot, events)
}

/** How many keys were asked for and queries made. */
function counting(ledger: Drill['audited']) {
  const counts = { entries: 0, rows: 0, queries: 0 }
  const { entries, log } = ledger
  const query: typeof log.query = (...given) => {
    counts.queries++
    return log.query(...given)
  }
  const get = (table: typeof log, name: 'entries' | 'rows'): typeof log.get => {
    return (keys) => {
      counts[name] += keys.length
      return table.get(keys)
    }
  }
  const refuse = () => Promise.reject(new Error('it reads a whole table'))
  const vault = { ...ledger.vault, get: refuse, query: refuse, scan: refuse }
  const counted = {
    ...{ entries: { ...entries, get: get(entries, 'entries'), scan: refuse }, vault },
    log: { ...log, query, get: get(log, 'rows'), scan: refuse },
  }
  return { counts, ledger: { ...ledger, ...counted } }
}

it('asks for what is new, and little where nothing is', async () => {
  expect(await standing()).toEqual({})
  const idle = counting(d.audited)
  await compare(idle.ledger)
  // The record of the controller; and the end of its log.
  expect(idle.counts).toEqual({ entries: 1, rows: 0, queries: 1 })
  await record('2026-11-22T14:10:00.000Z')
  await d.settle()
  const busy = counting(d.audited)
  expect((await compare(busy.ledger)).standing).toEqual({})
  // With the leaf of the hour, which has a row only.
  expect(busy.counts).toMatchObject({ entries: 11, rows: 11 })
  expect(busy.counts.queries).toBeLessThan(8)
})

let newest: Item
const lastBatch = async () => found((await batchesIn(d)).at(-1))

describe('damage to what is new', () => {
  test.each<[string, () => unknown, FindingCounts]>([
    ['an index row is missing', async () => d.log.remove(newest), { 'acme index-missing': 1 }],
    ['an entry is gone', async () => d.entries.remove(newest), { 'acme entry-missing': 1 }],
    [
      'a leaf is changed',
      async () => change(d.entries, newest, ({ leaf }) => ({ leaf: `${leaf} ` })),
      { 'acme leaf-differs': 1 },
    ],
    [
      'the root of a batch is another',
      async () => change(d.log, await lastBatch(), ({ root }) => ({ root: flipped(root, 3) })),
      { 'acme batch-root': 1 },
    ],
    [
      'the last checkpoint is gone',
      () => d.objects.delete(found([...d.objects.keys()].filter((name) => name.includes('checkpoints')).sort()[0])),
      { 'acme checkpoint-object-missing': 1, 'acme checkpoint-served-differs': 1 },
    ],
  ])('is found when %s, and stands until a pass has begun', async (_, damage, expected) => {
    expect(await standing()).toEqual({})
    await record('2026-11-22T14:10:00.000Z')
    newest = found((await eventsIn(d)).find(({ values }) => String(values.hour) > '2026-11-22T13'))
    await d.settle()
    // The last batch of a log may lack rows.
    await record('2026-11-22T14:11:00.000Z', 1)
    await d.settle()
    d.ledger.setNow('2026-11-22T15:00:00.000Z')
    await damage()
    expect(await standing()).toEqual(expected)
    expect(await standing()).toEqual(expected)
    const after = await standing(Date.parse('2026-11-22T15:00:01.000Z'))
    for (const check of Object.keys(after)) expect(check).toMatch(/served|verified/)
  })
})

it('waits for what is not published, and says so when it is late', async () => {
  expect(await standing()).toEqual({})
  await record('2026-11-22T14:10:00.000Z')
  const keys = (await eventsIn(d)).filter(({ values }) => String(values.hour) > '2026-11-22T13')
  await sequenceKeys(memoryLogWriter(d.ledger), 'acme', keys)
  expect(await standing()).toEqual({})
  d.ledger.setNow('2026-11-22T15:00:00.000Z')
  expect(await standing()).toEqual({ 'acme unpublished': 1 })
  await d.settle()
  expect(await standing()).toEqual({})
})

it('finds a log that was written again behind what was compared, until it is as it was', async () => {
  expect(await standing()).toEqual({})
  const last = await lastBatch()
  await change(d.log, last, ({ root }) => ({ root: flipped(root, 3) }))
  expect(await standing()).toEqual({ 'acme verified-differs': 1 })
  d.log.replace(last)
  expect(await standing()).toEqual({})
})

it('finds the same wherever its runs end', async () => {
  for (const each of (await eventsIn(d)).slice(0, 7)) d.log.remove(each)
  await change(d.log, found((await batchesIn(d))[4]), ({ root }) => ({ root: flipped(root, 3) }))
  const whole = await standing()
  expect(whole).toEqual({ 'acme index-missing': 7, 'acme batch-root': 1 })
  for (const name of [...d.objects.keys()]) if (name.startsWith('audit/')) d.objects.delete(name)
  let position = begun
  let runs = 0
  for (; position.isUnderWay; runs++) {
    let left = 3
    position = await compare(d.audited, () => left-- > 0)
  }
  expect(runs).toBeGreaterThan(3)
  expect(position.standing).toEqual(whole)
})
