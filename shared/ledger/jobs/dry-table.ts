/**
 * A table for a dry run: inserts are kept in memory, and reads see them beside what is stored. The code that runs over it is that of the
 * real run and takes the same decisions. Nothing is written. Memory: what the run would insert.
 */
import type { Item, Key, QueryOptions, QueryPage, Table } from '../store.ts'

export function dryTable(stored: Pick<Table, 'get' | 'query'>): Table {
  const inserted = new Map<string, Map<string, Item>>()
  const own = ({ pk, sk }: Key) => inserted.get(pk)?.get(sk)

  async function get(keys: readonly Key[]): Promise<readonly (Item | undefined)[]> {
    const others = keys.filter((key) => own(key) === undefined)
    const read = others.length === 0 ? [] : await stored.get(others)
    const items = read.values()
    return keys.map((key) => own(key) ?? items.next().value)
  }

  return {
    get,
    async insert(items) {
      const taken = await get(items)
      return items.map((item, i) => {
        if (taken[i] !== undefined) return { outcome: 'exists' }
        const partition = inserted.get(item.pk) ?? new Map<string, Item>()
        inserted.set(item.pk, partition.set(item.sk, item))
        return { outcome: 'inserted' }
      })
    },
    async query(pk, options = {}) {
      const page = await stored.query(pk, options)
      const partition = inserted.get(pk)
      return partition ? merged(page, [...partition.values()], options) : page
    },
  }
}

/** The page with those inserted items that belong between its ends. */
function merged(page: QueryPage, items: readonly Item[], options: QueryOptions): QueryPage {
  const { prefix = '', after, descending = false, limit = Number.POSITIVE_INFINITY } = options
  const order = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) * (descending ? -1 : 1)
  const between = items.filter(
    ({ sk }) =>
      sk.startsWith(prefix) &&
      (after === undefined || order(sk, after) > 0) &&
      (page.next === undefined || order(sk, page.next) <= 0),
  )
  if (between.length === 0) return page
  const all = [...page.items, ...between].sort((a, b) => order(a.sk, b.sk))
  if (all.length <= limit) return { ...page, items: all }
  return { items: all.slice(0, limit), next: String(all[limit - 1]?.sk) }
}
