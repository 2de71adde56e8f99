/**
 * Leaves inserted moments ago, kept in memory in front of the entries table: the publisher bundles most of them a second later and need
 * not read them back. It compares each with the leaf hash in the log, as it does with a stored leaf.
 */
import type { Item, Key, Table } from '../../../shared/ledger/store.ts'

/** About 4 MB. */
const maxLeaves = 4_096

export interface LeafCache extends Pick<Table, 'get' | 'query'> {
  add(key: Key, leaf: string): void
}

export function leafCache(entries: Pick<Table, 'get' | 'query'>): LeafCache {
  const leaves = new Map<string, string>()

  return {
    add(key, leaf) {
      leaves.set(nameOf(key), leaf)
      const [oldest] = leaves.keys()
      if (leaves.size > maxLeaves && oldest !== undefined) leaves.delete(oldest)
    },
    async get(keys) {
      const cached = keys.map((key): Item | undefined => {
        const leaf = leaves.get(nameOf(key))
        return leaf === undefined ? undefined : { ...key, values: { leaf } }
      })
      const others = keys.filter((_, i) => cached[i] === undefined)
      const stored = (others.length === 0 ? [] : await entries.get(others)).values()
      return cached.map((item) => item ?? stored.next().value)
    },
    query: (pk, options) => entries.query(pk, options),
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`
