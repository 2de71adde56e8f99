/**
 * Variants of the log that each leave out one rule of `shared/ledger/log/README.md`; the fault suite must find violations in every one. The
 * ledger has no switches for them: rules 2 and 3 and the bounds are parameters of the sequencer, the rest are wrappers around a port.
 */
import { completeIndexRows, withoutRow } from '../../shared/ledger/log/index-rows.ts'
import { checkpointFolder, checkpointObject, checkpointPk } from '../../shared/ledger/log/log-items.ts'
import type { Objects, Table } from '../../shared/ledger/store.ts'
import { controller, type Weakness } from './run.ts'

export const sequencerWeaknesses: readonly Weakness[] = [
  {
    name: 'without rule 2',
    preparation: () => ({ pending: (log, _, keys) => withoutRow(log, keys) }),
  },
  {
    name: 'rule 3 before rule 2',
    preparation: () => ({
      async pending(log, unsettled, keys) {
        const pending = await withoutRow(log, keys)
        if (unsettled) await completeIndexRows(log, unsettled)
        return pending
      },
    }),
  },
  {
    name: 'a stale read in rule 3',
    preparation: ({ stale }) => ({
      async pending(log, unsettled, keys) {
        if (unsettled) await completeIndexRows(log, unsettled)
        return withoutRow(stale, keys)
      },
    }),
  },
  {
    name: "ignoring the statements' own errors",
    table: (table) => ({
      ...table,
      async insert(items) {
        const outcomes = await table.insert(items)
        return outcomes.map((each) => (each.outcome === 'error' && items.length > 1 ? { outcome: 'inserted' } : each))
      },
    }),
  },
  {
    name: 'unprocessed keys taken as absent',
    table: ({ lenient }) => lenient,
  },
  {
    name: 'no size cap',
    preparation: () => ({ maxEntries: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY }),
  },
]

export const publisherWeaknesses: readonly Weakness[] = [
  {
    name: 'signing before the tiles are written',
    objects: (objects) => tilesLast(objects),
  },
]

/** These show when a table is restored in place. */
export const restoreWeaknesses: readonly Weakness[] = [
  {
    name: 'a stale read of the newest checkpoint',
    objects: (objects) => ({
      ...objects,
      async first(prefix) {
        const newest = await objects.first(prefix)
        return newest && prefix === checkpointFolder(controller) ? checkpointObject(controller, 0) : newest
      },
    }),
  },
  {
    name: 'the newest checkpoint by the table, not by write-once storage',
    objects: (objects, table) => ({ ...objects, first: () => newestOfTable(table) }),
  },
]

function tilesLast(objects: Objects): Objects {
  let waiting: [name: string, bytes: Uint8Array][] = []
  return {
    ...objects,
    async put(name, bytes) {
      if (!name.startsWith(checkpointFolder(controller))) {
        waiting.push([name, bytes])
        return
      }
      await objects.put(name, bytes)
      const tiles = waiting
      waiting = []
      await Promise.all(tiles.map((tile) => objects.put(...tile)))
    },
  }
}

async function newestOfTable(table: Table): Promise<string | undefined> {
  const { items } = await table.query(checkpointPk(controller), { descending: true, limit: 1 })
  return items[0] && checkpointObject(controller, Number(items[0].sk))
}
