/**
 * What every implementation of the `Table` port does. Each test works in partitions of its own.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Attribute, type Item, type QueryOptions, queryAll, type Table } from '../../shared/ledger/store.ts'

export interface TableUnderTest {
  readonly table: Table
  close(): Promise<void> | void
}

const kib = 1024

export function tableContract(name: string, makeTable: () => Promise<TableUnderTest>): void {
  describe(`${name} keeps the contract of a table`, () => {
    let opened: TableUnderTest
    let table: Table
    let pk = ''

    beforeAll(async () => {
      opened = await makeTable()
      table = opened.table
    })
    afterAll(() => opened?.close())

    const item = (sk: string, values: Record<string, Attribute> = {}): Item => ({ pk, sk, values })
    const outcomes = async (items: readonly Item[]): Promise<string[]> =>
      (await table.insert(items)).map(({ outcome }) => outcome)
    const sortKeys = async (options: QueryOptions): Promise<string[]> => {
      const found: string[] = []
      for await (const { sk } of queryAll(table, pk, options)) found.push(sk)
      return found
    }
    const isolated = (what: string, run: () => Promise<void>): void => {
      test(what, async () => {
        pk = `c1#${randomUUID()}`
        await run()
      })
    }

    isolated('inserts once; a second insert says exists and changes nothing', async () => {
      const first = item('event#1', { text: 'first' })
      expect(await table.insert([first])).toEqual([{ outcome: 'inserted' }])
      expect(await table.insert([item('event#1', { text: 'second', more: 1 })])).toEqual([{ outcome: 'exists' }])
      expect(await table.get([first])).toEqual([first])
    })

    isolated('gives back what it was given: bytes, empty values, unicode, numbers', async () => {
      const whole = item('å#🍪#\u{10ffff}', {
        bytes: new Uint8Array(randomBytes(300)),
        noBytes: new Uint8Array(0),
        noText: '',
        text: 'Samtycke — 同意 🍪 \u0000 "quoted" \'single\' ? {}',
        zero: 0,
        negative: -42,
        largest: Number.MAX_SAFE_INTEGER,
        smallest: Number.MIN_SAFE_INTEGER,
        'with-dash': 'x',
      })
      expect(await outcomes([whole])).toEqual(['inserted'])
      expect(await table.get([whole])).toEqual([whole])
      expect((await table.query(pk)).items).toEqual([whole])
    })

    isolated('an item may have no values at all', async () => {
      expect(await outcomes([item('bare')])).toEqual(['inserted'])
      expect(await table.get([{ pk, sk: 'bare' }])).toEqual([item('bare')])
    })

    isolated('a call may mix new items with ones that exist, and answers in order', async () => {
      await table.insert([item('b'), item('d')])
      expect(await outcomes(['a', 'b', 'c', 'd', 'e'].map((sk) => item(sk)))).toEqual([
        'inserted',
        'exists',
        'inserted',
        'exists',
        'inserted',
      ])
    })

    isolated('one call takes more items than any batch', async () => {
      const items = Array.from({ length: 60 }, (_, n) => item(`event#${String(n).padStart(3, '0')}`, { n }))
      expect(new Set(await outcomes(items))).toEqual(new Set(['inserted']))
      expect(await table.get(items)).toEqual(items)
      expect(await sortKeys({})).toEqual(items.map(({ sk }) => sk))
    })

    isolated('of equal keys from concurrent calls exactly one is inserted, and its content is what stays', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, async (_, n) => ({ n, outcome: (await outcomes([item('same', { n })]))[0] })),
      )
      const winners = answers.filter(({ outcome }) => outcome === 'inserted')
      expect(winners).toHaveLength(1)
      expect(answers.filter(({ outcome }) => outcome === 'exists')).toHaveLength(49)
      expect(await table.get([{ pk, sk: 'same' }])).toEqual([item('same', { n: winners[0]?.n ?? -1 })])
    })

    isolated('50 concurrent writers read their own writes at once, by get and by query', async () => {
      await Promise.all(
        Array.from({ length: 50 }, async (_, n) => {
          const mine = item(`event#${n}`, { n })
          expect(await outcomes([mine])).toEqual(['inserted'])
          expect(await table.get([mine])).toEqual([mine])
          expect((await table.query(pk, { prefix: mine.sk })).items).toContainEqual(mine)
        }),
      )
      expect(await sortKeys({})).toHaveLength(50)
    })

    isolated('gets 150 keys in order, absent ones as undefined, repeated ones each time', async () => {
      const items = Array.from({ length: 75 }, (_, n) => item(`event#${n}`, { n }))
      await table.insert(items)
      const keys = Array.from({ length: 150 }, (_, n) => ({ pk, sk: `event#${n}` }))
      const again = { pk, sk: 'event#3' }
      const found = await table.get([...keys, again])
      expect(found).toEqual([...items, ...Array.from({ length: 75 }, () => undefined), items[3]])
    })

    isolated('no keys, no items: no answers', async () => {
      expect(await table.get([])).toEqual([])
      expect(await table.insert([])).toEqual([])
      expect(await table.query(pk)).toEqual({ items: [] })
    })

    // DynamoDB and DynamoDB Local refuse a start key outside the prefix; Dynoxide takes it. The port takes it everywhere.
    const stored = ['event#1', 'event#2', 'event#3', 'link#1', 'link#2']
    test.each<[QueryOptions, string[]]>([
      [{}, stored],
      [{ descending: true }, stored.toReversed()],
      [{ prefix: 'link#' }, ['link#1', 'link#2']],
      [{ prefix: 'link#', descending: true }, ['link#2', 'link#1']],
      [{ prefix: 'none#' }, []],
      [{ after: 'event#2' }, ['event#3', 'link#1', 'link#2']],
      [{ after: 'event#2', descending: true }, ['event#1']],
      [{ after: 'event#25' }, ['event#3', 'link#1', 'link#2']],
      [{ after: '' }, stored],
      [{ after: '', descending: true }, []],
      [{ prefix: 'event#', after: 'event#1' }, ['event#2', 'event#3']],
      [{ prefix: 'event#', after: 'event#3' }, []],
      [{ prefix: 'event#', after: 'event#3', descending: true }, ['event#2', 'event#1']],
      [{ prefix: 'link#', after: 'event#2' }, ['link#1', 'link#2']],
      [{ prefix: 'link#', after: 'event#2', descending: true }, []],
      [{ prefix: 'event#', after: 'link#1' }, []],
      [{ prefix: 'event#', after: 'link#1', descending: true }, ['event#3', 'event#2', 'event#1']],
      [{ limit: 2 }, stored],
      [{ limit: 1, descending: true }, stored.toReversed()],
      [{ limit: 2, prefix: 'event#', after: 'event#1' }, ['event#2', 'event#3']],
    ])('reads a partition by %j', async (options, expected) => {
      pk = `c1#${randomUUID()}`
      await table.insert(stored.toReversed().map((sk) => item(sk)))
      expect(await sortKeys(options)).toEqual(expected)
      const page = await table.query(pk, options)
      expect(page.items.length).toBeLessThanOrEqual(options.limit ?? stored.length)
      if (options.limit !== undefined && expected.length > options.limit) expect(page.next).toBe(page.items.at(-1)?.sk)
    })

    isolated('orders by the bytes of UTF-8, not by UTF-16 units', async () => {
      // U+FF01 is one unit above the surrogates of U+1F36A, but fewer bytes' worth: EF.. comes before F0...
      const ordered = ['A', 'a', 'å', '\uff01', '\u{1f36a}']
      await table.insert(ordered.toReversed().map((sk) => item(sk)))
      expect(await sortKeys({})).toEqual(ordered)
      expect(await sortKeys({ after: '\uff01' })).toEqual(['\u{1f36a}'])
    })

    isolated('a partition of more than 1 MB takes several pages, and none is lost or repeated', async () => {
      const items = Array.from({ length: 12 }, (_, n) =>
        item(`event#${String(n).padStart(2, '0')}`, { bytes: new Uint8Array(300 * kib).fill(n) }),
      )
      expect(new Set(await outcomes(items))).toEqual(new Set(['inserted']))
      const first = await table.query(pk)
      // Dynoxide stops before 1 MB, DynamoDB Local and DynamoDB after the item that passes it: three or four of these.
      expect([3, 4]).toContain(first.items.length)
      expect(first.next).toBe(first.items.at(-1)?.sk)
      const read: Item[] = []
      for await (const found of queryAll(table, pk)) read.push(found)
      expect(read).toEqual(items)
    })

    isolated('takes an item of 399 KB; one of more than 400 KB fails alone', async () => {
      const large = item('large', { bytes: new Uint8Array(399 * kib).fill(7) })
      const tooLarge = item('too-large', { bytes: new Uint8Array(401 * kib) })
      const answers = await table.insert([item('before'), large, tooLarge, item('behind')])
      expect(answers.map(({ outcome }) => outcome)).toEqual(['inserted', 'inserted', 'error', 'inserted'])
      expect(await outcomes([{ ...tooLarge, sk: 'too-large-alone' }])).toEqual(['error'])
      expect(await table.get([large, tooLarge])).toEqual([large, undefined])
    })

    isolated('an item that cannot be stored fails alone, among others and in company of other calls', async () => {
      const bad = [item('', { n: 1 }), item('fraction', { n: 0.5 }), item('named', { pk: 'x' }), item('k'.repeat(1025))]
      const calls = await Promise.all([
        ...bad.map((each) => outcomes([each])),
        ...['a', 'b', 'c'].map((sk) => outcomes([item(sk)])),
        outcomes([item('d'), ...bad.slice(0, 2), item('e')]),
      ])
      expect(calls.slice(0, bad.length)).toEqual(bad.map(() => ['error']))
      expect(calls.slice(bad.length, -1)).toEqual([['inserted'], ['inserted'], ['inserted']])
      expect(calls.at(-1)).toEqual(['inserted', 'error', 'error', 'inserted'])
      expect(await sortKeys({})).toEqual(['a', 'b', 'c', 'd', 'e'])
    })

    isolated('what a caller does to its bytes afterwards, or to bytes it got, does not reach the table', async () => {
      const bytes = new Uint8Array([1, 2, 3])
      await table.insert([item('kept', { bytes })])
      bytes.fill(9)
      const [got] = await table.get([{ pk, sk: 'kept' }])
      if (got?.values.bytes instanceof Uint8Array) got.values.bytes.fill(9)
      expect(await table.get([{ pk, sk: 'kept' }])).toEqual([item('kept', { bytes: new Uint8Array([1, 2, 3]) })])
    })
  })
}
