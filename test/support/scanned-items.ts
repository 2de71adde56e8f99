import type { Item, Key, TableScan } from '../../shared/ledger/store.ts'

/** Reads a whole table, page by page. */
export async function* scanPages(table: TableScan): AsyncGenerator<readonly Item[]> {
  let after: Key | undefined
  do {
    const page = await table.scan(after)
    yield page.items
    after = page.next
  } while (after !== undefined)
}

/** All items of a table, ordered by key, so that two readings compare. */
export async function scannedItems(table: TableScan): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of scanPages(table)) items.push(...page)
  return items.sort((a, b) => (a.pk + a.sk < b.pk + b.sk ? -1 : 1))
}
