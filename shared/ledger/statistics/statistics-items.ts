/**
 * Statistics as they are stored, insert-only, in a partition of their own. A number is inserted once, so of two runs at once one goes on.
 *
 *   day     PK `<controller>#statistics`   SK `day#2026-12-01`        payload  the record of a day that is complete (`DayRecord`)
 *   state   PK `<controller>#statistics`   SK `state#<number16>`      payload  all that the next run needs (`RunningState`)
 *
 * Both are compressed JSON, sealed under a key derived from the controller's data key: counts of one name nobody, and still are for nobody
 * else. They have no leaf, because the log says what they say.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { LedgerError } from '../../errors.ts'
import { deriveKey, openBytes, sealBytes } from '../derived-keys.ts'
import { numberSk } from '../log/log-items.ts'
import { type Item, insertOne, type Key, queryAll, type Randomness, type Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { type DayRecord, emptyState, type RunningState } from './running-counts.ts'

/** An item of DynamoDB has at most 400 KB. */
const maxSealedBytes = 390_000
const maxTextBytes = 64 * 2 ** 20

export const statisticsPk = (controller: string): string => `${controller}#statistics`
const dayPrefix = 'day#'
const statePrefix = 'state#'

/** One machine serves requests on the thread that compresses, and the default, 11, takes many times as long. Any quality is read alike. */
const params = { [constants.BROTLI_PARAM_QUALITY]: 4 }

function seal(scope: VaultScope, key: Key, content: object, random: Randomness): Item {
  const packed = brotliCompressSync(JSON.stringify(content), { params })
  const payload = sealBytes(sealingKey(scope), packed, contextOf(key), random)
  if (payload.length > maxSealedBytes)
    throw new LedgerError('internal', 'the statistics of a controller do not fit an item', { given: payload.length })
  return { ...key, values: { payload } }
}

function open(scope: VaultScope, { pk, sk, values: { payload } }: Item): unknown {
  if (!(payload instanceof Uint8Array)) throw new Error('statistics without payload')
  const packed = openBytes(sealingKey(scope), payload, contextOf({ pk, sk }))
  return JSON.parse(brotliDecompressSync(packed, { maxOutputLength: maxTextBytes }).toString())
}

const sealingKey = ({ controller, secrets }: VaultScope) => deriveKey(secrets.dataKey, 'statistics', controller)
const contextOf = ({ pk, sk }: Key) => `${pk}\n${sk}`

/** Nothing but this module seals under its key, so the forms are not checked: here and in the functions below. */
export async function newestState(
  entries: Pick<Table, 'query'>,
  scope: VaultScope,
): Promise<{ readonly number: number; readonly state: RunningState }> {
  const options = { prefix: statePrefix, descending: true, limit: 1 }
  const [item] = (await entries.query(statisticsPk(scope.controller), options)).items
  if (item === undefined) return { number: -1, state: emptyState }
  const number = Number(item.sk.slice(statePrefix.length))
  return { number, state: (openOrNothing(scope, item) as RunningState | undefined) ?? emptyState }
}

/** `undefined` for an item that was damaged. A state is then counted from the first leaf again, and a day is named as missing. */
function openOrNothing(scope: VaultScope, item: Item): unknown {
  try {
    return open(scope, item)
  } catch {
    return undefined
  }
}

/** @returns false when another run stored this number first */
export function storeState(
  { entries, random }: { readonly entries: Table; readonly random: Randomness },
  scope: VaultScope,
  number: number,
  state: RunningState,
): Promise<boolean> {
  const key = { pk: statisticsPk(scope.controller), sk: statePrefix + numberSk(number) }
  return insertOne(entries, seal(scope, key, state, random))
}

/** A day that is there already has the same record: it follows from the log. */
export async function storeDays(
  { entries, random }: { readonly entries: Table; readonly random: Randomness },
  scope: VaultScope,
  days: readonly DayRecord[],
): Promise<void> {
  const pk = statisticsPk(scope.controller)
  const items = days.map((day) => seal(scope, { pk, sk: dayPrefix + day.day }, day, random))
  if (items.length === 0) return
  for (const result of await entries.insert(items)) if (result.outcome === 'error') throw result.error
}

/** The complete days from one to another, in order. */
export async function daysBetween(
  entries: Pick<Table, 'query'>,
  scope: VaultScope,
  from: string,
  to: string,
): Promise<{ readonly days: readonly DayRecord[]; readonly unreadable: readonly string[] }> {
  const days: DayRecord[] = []
  const unreadable: string[] = []
  // A day's own key sorts after this text, and that of the day before it sorts before.
  const after = `${dayPrefix}${from.slice(0, -1)}${String.fromCharCode(from.charCodeAt(from.length - 1) - 1)}~`
  for await (const item of queryAll(entries, statisticsPk(scope.controller), { prefix: dayPrefix, after })) {
    if (item.sk > dayPrefix + to) break
    const day = openOrNothing(scope, item) as DayRecord | undefined
    if (day) days.push(day)
    else unreadable.push(item.sk.slice(dayPrefix.length))
  }
  return { days, unreadable }
}

export async function lastDay(entries: Pick<Table, 'query'>, scope: VaultScope): Promise<DayRecord | undefined> {
  const options = { prefix: dayPrefix, descending: true, limit: 1 }
  const [item] = (await entries.query(statisticsPk(scope.controller), options)).items
  return item && (openOrNothing(scope, item) as DayRecord | undefined)
}
