/** Reads all rows of the vault that have one name: a subject's, its later years and its links. */
import { type Item, queryAll, type Table } from '../store.ts'

export async function rowsUnder(vault: Pick<Table, 'query'>, pk: string): Promise<Item[]> {
  const rows: Item[] = []
  for await (const row of queryAll(vault, pk)) rows.push(row)
  return rows
}
