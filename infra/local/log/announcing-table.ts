/**
 * The entries table of a local ledger. It announces every entry before inserting it and reports the outcome afterwards, so that the log
 * runner knows what to sequence. On AWS the table's stream does this. Configuration items (without leaf bytes) are not announced, nor are
 * erasures, which the daily release finds by itself.
 */
import { isErasure } from '../../../shared/ledger/log/log-items.ts'
import type { Item, Key, Table } from '../../../shared/ledger/store.ts'

/** The listener's record of a key that is announced and not settled. */
interface Announced {
  readonly key: Key
}

export interface EntryListener<Record extends Announced> {
  /** Called before the inserts: from then on the keys survive a crash. Returns one record for each key, in order. */
  announce(keys: readonly Key[]): Record[]
  /** Called when the outcome of the inserts is known. */
  report(inserts: readonly AnnouncedInsert<Record>[]): void
}

export interface AnnouncedInsert<Record> {
  readonly announced: Record
  /** False after a failed call: the entry may be there, now or in a moment. */
  readonly isStored: boolean
  /** The leaf as inserted. Absent for an entry that existed before, because that one may have another content. */
  readonly leaf?: string
}

export function announcingTable<Record extends Announced>(entries: Table, listener: EntryListener<Record>): Table {
  let waiting: Key[] = []
  let announcing: Promise<Record[]> | undefined

  /** Announces the keys of one turn of the event loop together, before any of them is inserted. */
  async function announce(keys: readonly Key[]): Promise<Record[]> {
    const first = waiting.length
    waiting.push(...keys)
    announcing ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const all = waiting
        waiting = []
        announcing = undefined
        try {
          resolve(listener.announce(all))
        } catch (error) {
          reject(error)
        }
      })
    })
    return (await announcing).slice(first, first + keys.length)
  }

  return {
    async insert(items) {
      const keys = items.filter(isAnnounced).map(({ pk, sk }) => ({ pk, sk }))
      if (keys.length === 0) return entries.insert(items)
      const records = (await announce(keys)).values()
      const insertOf = (item: Item, outcome: string | undefined): AnnouncedInsert<Record>[] => {
        const announced = isAnnounced(item) ? records.next().value : undefined
        if (announced === undefined) return []
        const leaf = outcome === 'inserted' ? { leaf: String(item.values.leaf) } : {}
        return [{ announced, isStored: outcome !== 'error', ...leaf }]
      }
      try {
        const outcomes = await entries.insert(items)
        listener.report(items.flatMap((item, i) => insertOf(item, outcomes[i]?.outcome)))
        return outcomes
      } catch (error) {
        listener.report(items.flatMap((item) => insertOf(item, 'error')))
        throw error
      }
    },
    get: (keys) => entries.get(keys),
    query: (pk, options) => entries.query(pk, options),
  }
}

function isAnnounced(item: Item): boolean {
  return item.values.leaf !== undefined && !isErasure(item)
}
