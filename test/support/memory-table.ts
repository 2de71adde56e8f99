/**
 * The model of the `Table` port: what a table does, without a database. It polices its callers (a call with equal keys throws),
 * copies bytes in and out, and keeps DynamoDB's limits: 400 KB an item, 1 MB a page. Faults are scripted, never random.
 */
import { hash } from 'node:crypto'
import { LedgerError } from '../../shared/errors.ts'
import type {
  Attribute,
  InsertOutcome,
  Item,
  Key,
  QueryOptions,
  QueryPage,
  ScanPage,
  Table,
  TableScan,
  TableSlice,
} from '../../shared/ledger/store.ts'

/** `before`: nothing was done. `after`: an insert took place, and its answer was lost. */
export type ScriptedFault = 'before' | 'after'

export interface MemoryTableOptions {
  /** Asked for each item inserted, each key got (and for a query, with an empty sort key). */
  readonly fault?: (operation: 'insert' | 'get' | 'query', key: Key) => ScriptedFault | undefined
}

/** With what no role is allowed to do, for tests of what finds out. */
export interface MemoryTable extends Table, TableScan {
  replace(item: Item): void
  remove(key: Key): void
}

const maxItemBytes = 400 * 1024
const maxPageBytes = 1024 * 1024

export function memoryTable({ fault = () => undefined }: MemoryTableOptions = {}): MemoryTable {
  const partitions = new Map<string, Map<string, Item>>()

  function insertOne(item: Item): InsertOutcome {
    const refused = reasonToRefuse(item)
    if (refused !== undefined) return { outcome: 'error', error: new LedgerError('internal', refused) }
    const struck = fault('insert', item)
    if (struck === 'before') return { outcome: 'error', error: unavailable() }
    const partition = partitions.get(item.pk) ?? new Map<string, Item>()
    partitions.set(item.pk, partition)
    const isNew = !partition.has(item.sk)
    if (isNew) partition.set(item.sk, copyOf(item))
    if (struck === 'after') return { outcome: 'error', error: unavailable() }
    return { outcome: isNew ? 'inserted' : 'exists' }
  }

  function getOne(key: Key): Item | undefined {
    if (fault('get', key) !== undefined) throw unavailable()
    const item = partitions.get(key.pk)?.get(key.sk)
    return item && copyOf(item)
  }

  return {
    async insert(items) {
      const keys = new Set(items.map((item) => JSON.stringify([item.pk, item.sk])))
      if (keys.size !== items.length) throw new Error('The keys of one insert call must be distinct.')
      return items.map(insertOne)
    },
    async get(keys) {
      return keys.map(getOne)
    },
    async query(pk, options = {}) {
      if (fault('query', { pk, sk: '' }) !== undefined) throw unavailable()
      return pageOf([...(partitions.get(pk)?.values() ?? [])], options)
    },
    async scan(after, slice) {
      const items = [...partitions].flatMap(([pk, partition]) => (isInSlice(pk, slice) ? [...partition.values()] : []))
      return scanPage(items, after)
    },
    replace(item) {
      partitions.get(item.pk)?.set(item.sk, copyOf(item))
    },
    remove({ pk, sk }) {
      partitions.get(pk)?.delete(sk)
    },
  }
}

function pageOf(items: readonly Item[], options: QueryOptions): QueryPage {
  const { prefix = '', after, descending = false, limit = Number.POSITIVE_INFINITY } = options
  const direction = descending ? -1 : 1
  const page: Item[] = []
  let bytes = 0
  const range = items
    .filter(({ sk }) => sk.startsWith(prefix))
    .filter(({ sk }) => after === undefined || compareBytes(sk, after) * direction > 0)
    .sort((a, b) => compareBytes(a.sk, b.sk) * direction)
  for (const item of range) {
    page.push(copyOf(item))
    bytes += bytesOf(item)
    if (page.length === limit || bytes >= maxPageBytes) return { items: page, next: item.sk }
  }
  return { items: page }
}

function scanPage(items: readonly Item[], after: Key | undefined): ScanPage {
  const isBehind = (item: Item) => after === undefined || compareKeys(item, after) > 0
  const page: Item[] = []
  let bytes = 0
  for (const item of items.filter(isBehind).sort(compareKeys)) {
    page.push(copyOf(item))
    bytes += bytesOf(item)
    if (bytes >= maxPageBytes) return { items: page, next: { pk: item.pk, sk: item.sk } }
  }
  return { items: page }
}

function isInSlice(pk: string, slice: TableSlice | undefined): boolean {
  return slice === undefined || hash('sha256', pk, 'buffer').readUInt32BE() % slice.of === slice.index
}

function compareKeys(a: Key, b: Key): number {
  return compareBytes(a.pk, b.pk) || compareBytes(a.sk, b.sk)
}

function reasonToRefuse(item: Item): string | undefined {
  if (item.pk === '' || Buffer.byteLength(item.pk) > 2048) return 'A partition key has 1 to 2,048 bytes.'
  if (item.sk === '' || Buffer.byteLength(item.sk) > 1024) return 'A sort key has 1 to 1,024 bytes.'
  for (const [name, value] of Object.entries(item.values)) {
    if (name === 'pk' || name === 'sk') return 'A value may not be named pk or sk.'
    if (typeof value === 'number' && !Number.isSafeInteger(value)) return 'A number must be a safe integer.'
  }
  return bytesOf(item) > maxItemBytes ? 'An item has at most 400 KB.' : undefined
}

function bytesOf(item: Item): number {
  const attributes: [string, Attribute][] = [['pk', item.pk], ['sk', item.sk], ...Object.entries(item.values)]
  return attributes.reduce((sum, [name, value]) => {
    const bytes = typeof value === 'number' ? 21 : typeof value === 'string' ? Buffer.byteLength(value) : value.length
    return sum + Buffer.byteLength(name) + bytes
  }, 0)
}

function copyOf({ pk, sk, values }: Item): Item {
  const copies = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'object' ? value.slice() : value,
  ])
  return { pk, sk, values: Object.fromEntries(copies) }
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function unavailable(): LedgerError {
  return new LedgerError('unavailable', 'The table failed, as scripted.')
}
