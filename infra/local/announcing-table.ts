/**
 * The entries table of one machine, that rings at each insert of an entry. On AWS this is the table's stream. Items without leaf
 * bytes are configuration and not entries: they are not announced.
 */
import type { Announced } from '../../shared/ledger/log/sequencer.ts'
import type { Item, Key, Table } from '../../shared/ledger/store.ts'

export interface Bell {
  /** Before the inserts: from here on the keys are not forgotten. Returns what to call when their outcome is known. */
  announce(keys: readonly Key[]): (rung: readonly Rung[]) => void
}

/** `sure`: the entry is stored. Else nothing is known: the call failed, and the entry may be there, now or in a moment. */
export interface Rung extends Announced {
  readonly sure: boolean
}

export function announcingTable(entries: Table, bell: Bell): Table {
  return {
    async insert(items) {
      const announced = items.filter(isEntry)
      if (announced.length === 0) return entries.insert(items)
      const ring = bell.announce(announced.map(({ pk, sk }) => ({ pk, sk })))
      const outcomes = await entries.insert(items).catch((error: unknown) => {
        ring(announced.map(({ pk, sk }) => ({ key: { pk, sk }, sure: false })))
        throw error
      })
      ring(
        items.flatMap((item, i): Rung[] => {
          if (!isEntry(item)) return []
          const { pk, sk, values } = item
          const outcome = outcomes[i]?.outcome
          // What exists may be another's content: its leaf is read where it is stored.
          const leaf = outcome === 'inserted' ? { leaf: String(values.leaf) } : {}
          return [{ key: { pk, sk }, sure: outcome !== 'error', ...leaf }]
        }),
      )
      return outcomes
    },
    get: (keys) => entries.get(keys),
    query: (pk, options) => entries.query(pk, options),
  }
}

function isEntry({ values }: Item): boolean {
  return values.leaf !== undefined
}
