/** DynamoDB calls and write units of an event. Exact numbers, so that any change of the cost fails here. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type CallCounts, countCalls, itemSize } from './calls.ts'
import { countReadCalls } from './read-calls.ts'
import { controller } from './visits.ts'

let counts: CallCounts

beforeAll(async () => {
  counts = await countCalls()
})

const insert = 'ExecuteStatement'
const keys = 'BatchGetItem'
const query = 'Query'
const twoInserts = 'ExecuteTransaction'

describe('one event with three decisions on a served notice', () => {
  it.each([
    ['known', [keys, insert], 1, 0],
    ['announcedNew', [insert, insert], 3, 0],
    ['wronglyAnnounced', [insert, keys, insert], 1, 1],
    ['notAnnounced', [keys, insert, insert], 3, 0],
    ['replay', [keys, insert, 'GetItem'], 0, 1],
    ['replayOfAnnounced', [insert, keys, insert, 'GetItem'], 0, 2],
  ] as const)('%s: %j, %d write units, %d refused inserts', (kind, operations, writeUnits, refusedInserts) => {
    expect(counts[kind]).toMatchObject({ operations, writeUnits, refusedInserts })
  })

  it('leaves 2.2 write units of the budget of 3.2 to the log, see log-sequencer.test.ts', () => {
    expect(counts.known.writeUnits + 2.2).toBeLessThanOrEqual(3.2)
    // A new subject's row is written to the vault and to its index.
    expect(counts.announcedNew.writeUnits + 2.2).toBeLessThanOrEqual(5.2)
  })

  it('is an item of at most 1 KB, and a subject a row of at most 290 bytes and the name of its controller', () => {
    expect(counts.itemBytes.event).toBe(1_018)
    expect(counts.itemBytes.subject).toBeLessThanOrEqual(290 + 'controller'.length + controller.length)
  })

  it('takes another write unit with a fourth decision, as the README of the costs says', () => {
    expect(counts.fourDecisions).toMatchObject({ operations: [keys, insert], writeUnits: 2, refusedInserts: 0 })
  })

  it('shares its calls with others under load', () => {
    expect(counts.callsPerEventAtConcurrency32).toBeLessThan(1)
  })
})

/** The audit's read is an insert of two items; the vault's rows of reader and subject come in one call. The last query is for links; a timeline's is for endpoints. */
it('a state is two calls, an audit of it four, its timeline five, a proof of what the log covers eight', async () => {
  const audited = [keys, twoInserts, query]
  expect(await countReadCalls()).toEqual({
    state: [keys, query],
    auditState: [...audited, query],
    timeline: [...audited, query, query],
    // It has no changes, so it needs no links.
    laterPage: [...audited, query],
    // And receivers' reports, the checkpoint with its cosignatures, then the index rows with the mark of set-backs.
    proof: [keys, ...audited, query, query, query, query],
  })
})

it.each([
  [{ pk: 'a', sk: 'b', values: {} }, 6],
  [{ pk: 'å', sk: 'b', values: { text: 'ö' } }, 13],
  [{ pk: 'a', sk: 'b', values: { bytes: new Uint8Array(100) } }, 111],
  [{ pk: 'a', sk: 'b', values: { year: 2026 } }, 13],
])('sizes are those that DynamoDB bills by: %j', (item, bytes) => {
  expect(itemSize(item)).toBe(bytes)
})
