/**
 * A model of the tables and objects for simulations: as strict as the real ones about what counts here (insert-only, write-once,
 * strongly consistent, a limit for items), fast, and without copies. What it holds is a value: a log's beginnings are built once
 * and shared by thousands of runs. The ports that actors get go through a scheduler, and a call of many items is several steps.
 */
import { LedgerError } from '../../shared/errors.ts'
import type {
  InsertOutcome,
  Item,
  Key,
  Objects,
  QueryOptions,
  QueryPage,
  ServedCopy,
  Table,
} from '../../shared/ledger/store.ts'
import type { Actor, Scheduler } from './scheduler.ts'

interface Stored {
  readonly item: Item
  /** When it was inserted, for stale reads and restores. */
  readonly tick: number
}

export interface SimulatedTable {
  readonly partitions: Map<string, Map<string, Stored>>
  /** An item with more bytes in one attribute is refused: 400 KB, at the scale of a simulation. */
  readonly maxBytes: number
}

export interface SimulatedObjects {
  readonly stored: Map<string, Buffer>
  /** Called with the name of each object at the moment when it is stored. */
  onPut: (name: string) => void
}

export function simulatedTable(maxBytes: number, from?: Pick<SimulatedTable, 'partitions'>): SimulatedTable {
  const partitions = new Map<string, Map<string, Stored>>()
  for (const [pk, partition] of from?.partitions ?? []) partitions.set(pk, new Map(partition))
  return { partitions, maxBytes }
}

export function simulatedObjects(from?: SimulatedObjects): SimulatedObjects {
  return { stored: new Map(from?.stored), onPut: () => {} }
}

/** The table with all of it inserted before the first tick. */
export function longAgo(table: SimulatedTable): SimulatedTable {
  const copy = simulatedTable(table.maxBytes, table)
  for (const partition of copy.partitions.values()) {
    for (const [sk, { item }] of partition) partition.set(sk, { item, tick: 0 })
  }
  return copy
}

/** The table as it was after this tick: a restore in place. */
export function restored(table: SimulatedTable, tick: number): SimulatedTable {
  const copy = simulatedTable(table.maxBytes, table)
  for (const partition of copy.partitions.values()) {
    for (const [sk, stored] of partition) if (stored.tick > tick) partition.delete(sk)
  }
  return copy
}

function insertInto(table: SimulatedTable, item: Item, tick: number): InsertOutcome {
  const isTooLarge = Object.values(item.values).some(
    (value) => typeof value === 'object' && value.length > table.maxBytes,
  )
  if (isTooLarge) return { outcome: 'error', error: new LedgerError('internal', 'Item size has exceeded the limit') }
  const partition = table.partitions.get(item.pk) ?? new Map<string, Stored>()
  table.partitions.set(item.pk, partition)
  if (partition.has(item.sk)) return { outcome: 'exists' }
  partition.set(item.sk, { item, tick })
  return { outcome: 'inserted' }
}

const readFrom = (table: SimulatedTable, { pk, sk }: Key): Item | undefined => table.partitions.get(pk)?.get(sk)?.item

function queryOf(table: SimulatedTable, pk: string, options: QueryOptions): QueryPage {
  const { prefix = '', after, descending = false, limit = Number.POSITIVE_INFINITY } = options
  const found = [...(table.partitions.get(pk)?.values() ?? [])]
    .map(({ item }) => item)
    .filter(({ sk }) => sk.startsWith(prefix) && (after === undefined || (descending ? sk < after : sk > after)))
    .sort((a, b) => (a.sk < b.sk ? -1 : 1) * (descending ? -1 : 1))
  const items = found.slice(0, limit)
  const next = found.length > items.length ? items.at(-1)?.sk : undefined
  return next === undefined ? { items } : { items, next }
}

/** Straight to what is stored. */
export function directTable(table: SimulatedTable): Table {
  return {
    insert: async (items) => items.map((item) => insertInto(table, item, 0)),
    get: async (keys) => keys.map((key) => readFrom(table, key)),
    query: async (pk, options = {}) => queryOf(table, pk, options),
  }
}

export interface TableFaults {
  /** That one statement of several has an error of its own, or one key is left unprocessed. */
  readonly itemFault: number
}

export interface ActorsTable extends Table {
  /** Reads that may be older than what was written. */
  readonly stale: Table
  /** Reads that take keys which were left unprocessed for absent. */
  readonly lenient: Table
}

const maxPerCall = 6
const maxLag = 40

export function actorsTable(
  table: SimulatedTable,
  scheduler: Scheduler,
  actor: Actor,
  faults: TableFaults,
): ActorsTable {
  const { random } = scheduler

  function insertSome(items: readonly Item[]): InsertOutcome[] {
    return items.map((item): InsertOutcome => {
      const isFaulty = items.length > 1 && random.chance(faults.itemFault)
      if (isFaulty && random.chance(0.7)) return { outcome: 'error', error: throttled() }
      const outcome = insertInto(table, item, scheduler.tick())
      return isFaulty ? { outcome: 'error', error: throttled() } : outcome
    })
  }

  /** The real port sends a call again when its answer is lost, and may then find its own items. */
  function insertCall(items: readonly Item[]): Promise<InsertOutcome[]> {
    const send = () => scheduler.step(actor, () => insertSome(items))
    return random.chance(0.5) ? send() : send().catch(send)
  }

  const get = (read: (key: Key) => Item | undefined, isLenient: boolean) => async (keys: readonly Key[]) => {
    const calls = chunks(keys, 1 + random.below(maxPerCall)).map((some) =>
      scheduler.step(actor, () =>
        some.map((key): Item | Error | undefined => {
          const isUnprocessed = some.length > 1 && random.chance(faults.itemFault)
          return isUnprocessed ? (isLenient ? undefined : throttled()) : read(key)
        }),
      ),
    )
    return (await Promise.all(calls)).flat().map((answer) => {
      if (answer instanceof Error) throw answer
      return answer
    })
  }

  const strong: Table = {
    async insert(items) {
      const calls = chunks(items, 1 + random.below(maxPerCall)).map((some) =>
        insertCall(some).catch((error: LedgerError) => some.map((): InsertOutcome => ({ outcome: 'error', error }))),
      )
      return (await Promise.all(calls)).flat()
    },
    get: get((key) => readFrom(table, key), false),
    query: (pk, options = {}) => scheduler.step(actor, () => queryOf(table, pk, options)),
  }

  function readStale({ pk, sk }: Key): Item | undefined {
    const stored = table.partitions.get(pk)?.get(sk)
    return stored && stored.tick <= scheduler.tick() - random.below(maxLag) ? stored.item : undefined
  }

  return {
    ...strong,
    stale: { ...strong, get: get(readStale, false) },
    lenient: { ...strong, get: get((key) => readFrom(table, key), true) },
  }
}

export function directObjects(objects: SimulatedObjects): Objects {
  return {
    async put(name, bytes) {
      putInto(objects, name, bytes)
    },
    get: async (name) => objects.stored.get(name),
    first: async (prefix) => firstOf(objects, prefix),
    readServed: async (name) => servedOf(objects, name),
    replaceServed: async (name, bytes, tag) => replaceIn(objects, name, bytes, tag),
  }
}

function servedOf({ stored }: SimulatedObjects, name: string): ServedCopy | undefined {
  const bytes = stored.get(name)
  return bytes && { bytes, tag: bytes.toString() }
}

function replaceIn({ stored }: SimulatedObjects, name: string, bytes: Uint8Array, tag: string | undefined): boolean {
  if (stored.get(name)?.toString() !== tag) return false
  stored.set(name, Buffer.from(bytes))
  return true
}

function firstOf({ stored }: SimulatedObjects, prefix: string): string | undefined {
  let first: string | undefined
  for (const name of stored.keys()) if (name.startsWith(prefix) && (first === undefined || name < first)) first = name
  return first
}

function putInto(objects: SimulatedObjects, name: string, bytes: Uint8Array): void {
  const earlier = objects.stored.get(name)
  if (earlier && !earlier.equals(bytes)) throw new LedgerError('already-exists', 'other bytes have this name')
  if (earlier) return
  objects.stored.set(name, Buffer.from(bytes))
  objects.onPut(name)
}

export function actorsObjects(objects: SimulatedObjects, scheduler: Scheduler, actor: Actor): Objects {
  return {
    async put(name, bytes) {
      const refusal = await scheduler.step(actor, () => {
        try {
          putInto(objects, name, bytes)
          return undefined
        } catch (error) {
          return error
        }
      })
      if (refusal) throw refusal
    },
    get: (name) => scheduler.step(actor, () => objects.stored.get(name)),
    first: (prefix) => scheduler.step(actor, () => firstOf(objects, prefix)),
    readServed: (name) => scheduler.step(actor, () => servedOf(objects, name)),
    replaceServed: (name, bytes, tag) => scheduler.step(actor, () => replaceIn(objects, name, bytes, tag)),
  }
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, i * size + size))
}

function throttled(): LedgerError {
  return new LedgerError('unavailable', 'throttled, as scheduled')
}
