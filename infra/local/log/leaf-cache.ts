/**
 * Leaves that were inserted moments ago, in front of the entries: the publisher bundles most of them a second later, and need not
 * read them back. What it takes from here it holds against the leaf hash that was logged, as it does with what is stored.
 */
import type { Item, Key, Table } from '../../../shared/ledger/store.ts'

/** Some 4 MB at most. */
const maxLeaves = 4_096

export interface RecentLeaves extends Pick<Table, 'get' | 'query'> {
  add(key: Key, leaf: string): void
}

export function recentLeaves(entries: Pick<Table, 'get' | 'query'>): RecentLeaves {
  const leaves = new Map<string, string>()

  return {
    add(key, leaf) {
      leaves.set(nameOf(key), leaf)
      const [oldest] = leaves.keys()
      if (leaves.size > maxLeaves && oldest !== undefined) leaves.delete(oldest)
    },
    async get(keys) {
      const known = keys.map((key): Item | undefined => {
        const leaf = leaves.get(nameOf(key))
        return leaf === undefined ? undefined : { ...key, values: { leaf } }
      })
      const others = keys.filter((_, i) => known[i] === undefined)
      const read = (others.length === 0 ? [] : await entries.get(others)).values()
      return known.map((item) => item ?? read.next().value)
    },
    query: (pk, options) => entries.query(pk, options),
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`
