/** Which leaves a publication reads back from the entries table: none that its instance sequenced, and all that another one did. */
import { expect, it } from 'vitest'
import { createSequenceHandler } from '../../../functions/jobs/sequence.ts'
import { keptLogs, logEntry } from '../../support/kept-logs.ts'
import { streamEvent } from '../../support/stream-records.ts'

it.each([
  ['the same instance', 0],
  ['another instance', 255],
])('published by %s, a tile takes %i reads', async (by, expected) => {
  const logs = keptLogs()
  let reads = 0
  const { entries } = logs.logWriter
  const get: typeof entries.get = (keys) => {
    reads += keys.length
    return entries.get(keys)
  }
  const job = { ...logs.dependencies({ ...logs.logWriter, entries: { ...entries, get } }), publishEveryMs: 30_000 }
  const later = (seconds: number) => {
    logs.now = new Date(Date.parse(logs.now) + seconds * 1_000).toISOString()
  }
  const sequence = createSequenceHandler(job)
  const publishing = by === 'the same instance' ? sequence : createSequenceHandler(job)
  const items = Array.from({ length: 257 }, (_, n) => logEntry('acme', n))
  for (const item of items) await logs.entries.insert([item])
  await sequence(streamEvent(items.slice(0, 1)))
  later(10)
  await sequence(streamEvent(items.slice(1, 256)))
  later(30)
  reads = 0
  await publishing(streamEvent(items.slice(256)))
  // The entries, and the time leaf of their hour.
  expect(await logs.published('acme')).toBe(258)
  expect(reads).toBe(expected)
})
