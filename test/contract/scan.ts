/** What every implementation of the `TableScan` port does. Each test has a table of its own, since a scan reads all of it. */
import { describe, expect, test } from 'vitest'
import type { Item, Key, Table, TableScan } from '../../shared/ledger/store.ts'
import { scanPages } from '../support/scanned-items.ts'

export interface ScannedTable {
  readonly table: Table & TableScan
  close(): Promise<void> | void
}

export function scanContract(name: string, makeTable: () => Promise<ScannedTable>): void {
  const isolated = (what: string, run: (table: Table & TableScan) => Promise<void>): void => {
    test(what, async () => {
      const { table, close } = await makeTable()
      try {
        await run(table)
      } finally {
        await close()
      }
    })
  }

  async function pagesOf(table: TableScan): Promise<(readonly Item[])[]> {
    const pages: (readonly Item[])[] = []
    for await (const page of scanPages(table)) pages.push(page)
    return pages
  }

  const inOrder = (items: readonly Item[]): Item[] =>
    items.toSorted((a, b) => Buffer.compare(Buffer.from(`${a.pk}\n${a.sk}`), Buffer.from(`${b.pk}\n${b.sk}`)))

  describe(`${name} keeps the contract of a scan`, () => {
    isolated('an empty table is one page of nothing', async (table) => {
      expect(await table.scan()).toEqual({ items: [] })
      expect(await pagesOf(table)).toEqual([[]])
    })

    isolated('in slices it reads each item once, a partition in one slice, and page by page', async (table) => {
      const items = Array.from({ length: 60 }, (_, n) => ({
        pk: `c1#${n % 20}`,
        sk: `event#${n}`,
        values: { bytes: new Uint8Array(60_000).fill(n) },
      }))
      await table.insert(items)
      const slices = await Promise.all(
        Array.from({ length: 3 }, async (_, index) => {
          const found: Item[] = []
          let after: Key | undefined
          do {
            const page = await table.scan(after, { index, of: 3 })
            found.push(...page.items)
            after = page.next
          } while (after !== undefined)
          return found
        }),
      )
      expect(inOrder(slices.flat())).toEqual(inOrder(items))
      const partitions = slices.map((slice) => new Set(slice.map(({ pk }) => pk)))
      expect(partitions.reduce((sum, { size }) => sum + size, 0)).toBe(20)
      expect(Math.max(...partitions.map(({ size }) => size))).toBeLessThan(20)
    })

    isolated('reads every partition, with its values as they were given', async (table) => {
      const items: Item[] = [
        { pk: 'c1#a', sk: 'event#1', values: { bytes: new Uint8Array([0, 255]), text: 'Samtycke 🍪', number: -42 } },
        { pk: 'c1#a', sk: 'event#2', values: {} },
        { pk: 'c2#\u{1f36a}', sk: 'å#\uff01', values: { noText: '', noBytes: new Uint8Array(0), zero: 0 } },
        { pk: '#alone', sk: ' ', values: { text: 'x' } },
      ]
      await table.insert(items)
      expect(inOrder((await pagesOf(table)).flat())).toEqual(inOrder(items))
    })

    isolated(
      'more than 1 MB, in one partition and in many, takes several pages; none is lost or repeated',
      async (table) => {
        const items = Array.from({ length: 36 }, (_, n) => ({
          pk: n < 18 ? 'c1#large' : `c1#${n}`,
          sk: `event#${String(n).padStart(2, '0')}`,
          values: { bytes: new Uint8Array(120_000).fill(n) },
        }))
        await table.insert(items)
        const pages = await pagesOf(table)
        expect(pages.length).toBeGreaterThan(3)
        expect(Math.max(...pages.map((page) => page.length))).toBeLessThan(10)
        expect(inOrder(pages.flat())).toEqual(inOrder(items))
      },
    )

    isolated(
      'has the items of a partition one after the other, in the order of their keys, over its pages and slices',
      async (table) => {
        const items = Array.from({ length: 48 }, (_, n) => ({
          pk: `c1#${n % 4}`,
          sk: `event#${String(n).padStart(2, '0')}`,
          values: { bytes: new Uint8Array(60_000) },
        }))
        await table.insert(items.toReversed())
        const slices = [undefined, { index: 0, of: 2 }, { index: 1, of: 2 }]
        for (const slice of slices) {
          const found: Item[] = []
          let after: Key | undefined
          do {
            const page = await table.scan(after, slice)
            found.push(...page.items)
            after = page.next
          } while (after !== undefined)
          const partitions = [...new Set(found.map(({ pk }) => pk))]
          expect(found.map(({ pk, sk }) => `${pk} ${sk}`)).toEqual(
            partitions.flatMap((pk) => inOrder(found.filter((item) => item.pk === pk)).map(({ sk }) => `${pk} ${sk}`)),
          )
        }
      },
    )

    isolated('continues after the last key of a page, for any client', async (table) => {
      const items = Array.from({ length: 12 }, (_, n) => ({
        pk: `c1#${n % 3}`,
        sk: `event#${n}`,
        values: { bytes: new Uint8Array(300_000) },
      }))
      await table.insert(items)
      const first = await table.scan()
      expect(first.next).toBeDefined()
      const again = await table.scan(first.next)
      expect(await table.scan(first.next)).toEqual(again)
      const seen = new Set(first.items.map(({ pk, sk }) => `${pk} ${sk}`))
      expect(again.items.filter(({ pk, sk }) => seen.has(`${pk} ${sk}`))).toEqual([])
    })

    isolated('has what was acknowledged before it began', async (table) => {
      for (let n = 0; n < 5; n++) {
        await table.insert([{ pk: `c1#${n}`, sk: 'event', values: {} }])
        expect((await pagesOf(table)).flat()).toHaveLength(n + 1)
      }
    })
  })
}

/** A whole ledger's worth of tables on an engine costs little; a name of its own keeps each test's table apart. */
export function tablePrefixes(): () => string {
  let made = 0
  return () => `scan-${++made}-`
}
