/**
 * A table as its only writer sees it: each partition is read once, and answered from memory with what was inserted since. An insert that
 * does not succeed makes it read the partition again. It is never emptied, so it is for a short job with little data.
 */
import {
  type InsertOutcome,
  type Item,
  type QueryOptions,
  type QueryPage,
  queryAll,
  type Table,
} from '../../shared/ledger/store.ts'

type Partition = Map<string, Item>

export function rememberingTable(stored: Table): Table {
  const known = new Map<string, Promise<Partition>>()

  function partition(pk: string): Promise<Partition> {
    const found = known.get(pk) ?? readPartition(stored, pk)
    known.set(pk, found)
    // A failed read is not remembered.
    found.catch(() => known.delete(pk))
    return found
  }

  async function remember(item: Item, { outcome }: InsertOutcome): Promise<void> {
    if (outcome !== 'inserted') known.delete(item.pk)
    else (await known.get(item.pk))?.set(item.sk, item)
  }

  return {
    async insert(items) {
      const outcomes = await stored.insert(items)
      await Promise.all(items.map((item, i) => remember(item, outcomes[i] ?? { outcome: 'exists' })))
      return outcomes
    },
    get: (keys) => Promise.all(keys.map(async ({ pk, sk }) => (await partition(pk)).get(sk))),
    query: async (pk, options) => pageOf([...(await partition(pk)).values()], options),
  }
}

async function readPartition(stored: Table, pk: string): Promise<Partition> {
  const items: Partition = new Map()
  for await (const item of queryAll(stored, pk)) items.set(item.sk, item)
  return items
}

/** Without a limit everything is in one page, because the partition is in memory anyway. */
function pageOf(partition: readonly Item[], options: QueryOptions = {}): QueryPage {
  const { prefix = '', after, descending = false, limit = Number.POSITIVE_INFINITY } = options
  const direction = descending ? -1 : 1
  const items = partition
    .filter(({ sk }) => sk.startsWith(prefix) && (after === undefined || compareBytes(sk, after) * direction > 0))
    .sort((a, b) => compareBytes(a.sk, b.sk) * direction)
    .slice(0, limit)
  const last = items.at(-1)
  return items.length < limit || last === undefined ? { items } : { items, next: last.sk }
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
