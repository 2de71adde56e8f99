/**
 * The entries table of one machine, that rings at each insert of an entry. On AWS this is the table's stream. Items without leaf
 * bytes are configuration and not entries: they are not announced. Erasures are, by the daily release.
 */
import { isErasure } from '../../../shared/ledger/log/log-items.ts'
import type { Item, Key, Table } from '../../../shared/ledger/store.ts'

/** What stands for a key until it is settled. */
interface Announced {
  readonly key: Key
}

export interface Bell<Line extends Announced> {
  /** Before the inserts: from here on the keys are not forgotten. One line for each, in order. */
  announce(keys: readonly Key[]): Line[]
  /** When the outcome of the inserts is known. */
  ring(rung: readonly Rung<Line>[]): void
}

export interface Rung<Line> {
  readonly line: Line
  /** The entry is stored. Else nothing is known: the call failed, and the entry may be there, now or in a moment. */
  readonly sure: boolean
  /** As it was inserted. */
  readonly leaf?: string
}

export function announcingTable<Line extends Announced>(entries: Table, bell: Bell<Line>): Table {
  let announced: Key[] = []
  let isAnnounced: Promise<Line[]> | undefined

  /** What one turn of the event loop inserts is announced in one go, before any of it is sent. */
  async function announce(keys: readonly Key[]): Promise<Line[]> {
    const first = announced.length
    announced.push(...keys)
    isAnnounced ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const all = announced
        announced = []
        isAnnounced = undefined
        try {
          resolve(bell.announce(all))
        } catch (error) {
          reject(error)
        }
      })
    })
    return (await isAnnounced).slice(first, first + keys.length)
  }

  return {
    async insert(items) {
      const keys = items.filter(isEntry).map(({ pk, sk }) => ({ pk, sk }))
      if (keys.length === 0) return entries.insert(items)
      const lines = (await announce(keys)).values()
      const rung = (item: Item, outcome: string | undefined): Rung<Line>[] => {
        const line = isEntry(item) ? lines.next().value : undefined
        if (line === undefined) return []
        // What exists may be another's content: its leaf is read where it is stored.
        return [{ line, sure: outcome !== 'error', ...(outcome === 'inserted' && { leaf: String(item.values.leaf) }) }]
      }
      try {
        const outcomes = await entries.insert(items)
        bell.ring(items.flatMap((item, i) => rung(item, outcomes[i]?.outcome)))
        return outcomes
      } catch (error) {
        bell.ring(items.flatMap((item) => rung(item, 'error')))
        throw error
      }
    },
    get: (keys) => entries.get(keys),
    query: (pk, options) => entries.query(pk, options),
  }
}

function isEntry(item: Item): boolean {
  return item.values.leaf !== undefined && !isErasure(item)
}
