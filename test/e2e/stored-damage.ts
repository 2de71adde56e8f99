import { digestOf } from '../../shared/consent/published-leaf.ts'
import { batchItem, batchPk, checkpointPk, type LoggedEntry, readBatch } from '../../shared/ledger/log/log-items.ts'
import type { Item } from '../../shared/ledger/store.ts'
import { controller, type DamagedCopy } from '../support/ledger-copies.ts'

export const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the ledger lacks what was to be damaged')
  return value
}
export const flipped = (bytes: unknown, at: number) =>
  Uint8Array.from(bytes instanceof Uint8Array ? bytes : [], (byte, i) => (i === at ? byte ^ 1 : byte))

export async function checkpointRows(copy: DamagedCopy): Promise<Item[]> {
  return (await copy.items('log')).filter(({ pk }) => pk === checkpointPk(controller))
}

export async function newestSize(copy: DamagedCopy): Promise<number> {
  return Math.max(...(await checkpointRows(copy)).map(({ sk }) => Number(sk)))
}

export async function rowOf(copy: DamagedCopy, index: number): Promise<Item> {
  const isOurs = ({ pk, values }: Item) => pk.startsWith(`${controller}#`) && values.index === index
  return found((await copy.items('log')).find(isOurs))
}

export async function entryAt(copy: DamagedCopy, index: number): Promise<Item> {
  const { pk, sk } = await rowOf(copy, index)
  return found((await copy.items('entries')).find((item) => item.pk === pk && item.sk === sk))
}

export async function changeEntry(
  copy: DamagedCopy,
  index: number,
  values: (stored: Item['values']) => Item['values'],
) {
  const entry = await entryAt(copy, index)
  await copy.put('entries', { ...entry, values: { ...entry.values, ...values(entry.values) } })
}

/** The leaf and the one behind it, in the batch that has both. */
export async function rebatch(
  copy: DamagedCopy,
  index: number,
  pair: (a: LoggedEntry, b: LoggedEntry) => LoggedEntry[],
) {
  const items = (await copy.items('log')).filter(({ pk }) => pk === batchPk(controller))
  const batches = items.map((item) => readBatch(controller, item))
  const batch = found(batches.find(({ first, range }) => first <= index && index + 1 < range.size))
  const entries = [...batch.entries]
  const [a, b] = entries.slice(index - batch.first)
  entries.splice(index - batch.first, 2, ...pair(found(a), found(b)))
  await copy.put('log', batchItem(controller, { ...batch, entries }))
}

export async function firstSize(copy: DamagedCopy): Promise<number> {
  return Math.min(...(await checkpointRows(copy)).map(({ sk }) => Number(sk)).filter((size) => size > 0))
}

export type JsonRecord = Record<string, unknown>
export async function changeRecord(copy: DamagedCopy, sk: string, changed: (record: JsonRecord) => JsonRecord) {
  const isIt = (item: Item) => item.pk === `${controller}#controller` && item.sk.startsWith(sk)
  const item = found((await copy.items('entries')).find(isIt))
  const record = JSON.stringify(changed(JSON.parse(String(item.values.record))))
  await copy.put('entries', { ...item, values: { ...item.values, record } })
}

export function olderDraft(record: unknown): string {
  const { createdAt: _, key: __, ...draft } = JSON.parse(String(record))
  return digestOf({ ...draft, site: 'older' })
}

export const tile = `log/${controller}/tile/0/000`
export const bundle = `log/${controller}/tile/entries/000`

export async function textObject(copy: DamagedCopy): Promise<string> {
  const isVersion = ({ pk, sk }: Item) => pk.startsWith(`${controller}#policy#`) && sk.startsWith('version#')
  const version = found((await copy.items('entries')).find(isVersion))
  return `texts/${JSON.parse(String(version.values.record)).texts[0].sha256}`
}
