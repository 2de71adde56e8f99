/**
 * Leaves of entries that were sequenced moments ago, kept in memory in front of the entries table: the publisher bundles most of them soon
 * after and need not read them back, which on AWS costs a read unit each. It compares each with the leaf hash in the log, as it does with
 * a stored leaf. So a bundle holds what the log committed to; that the table holds the same is checked by the self-audit, by `fsck` and
 * by every proof.
 */
import type { Item, Key, Table } from '../store.ts'

export interface LeafCache extends Pick<Table, 'get' | 'query'> {
  /** Leaves beyond the bound push out the oldest. */
  add(key: Key, leaf: string): void
}

/** @param maxBytes of leaves, in UTF-8; keys and the map take about half as much again */
export function leafCache(entries: Pick<Table, 'get' | 'query'>, maxBytes: number): LeafCache {
  const leaves = new Map<string, string>()
  let bytes = 0

  function remove(name: string): void {
    bytes -= Buffer.byteLength(leaves.get(name) ?? '')
    leaves.delete(name)
  }

  return {
    add(key, leaf) {
      const name = nameOf(key)
      remove(name)
      leaves.set(name, leaf)
      bytes += Buffer.byteLength(leaf)
      for (const oldest of leaves.keys()) {
        if (bytes <= maxBytes) break
        remove(oldest)
      }
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
