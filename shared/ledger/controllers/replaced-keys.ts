/**
 * Applies the changes of a controller's keys (`change-keys.ts`) to the secrets of its creation.
 *
 *   data key     that of the creation
 *   peppers      all that there ever were, because rows of the vault keep their names. A new one names new rows from 60 s after its change on:
 *                by then each instance looks under it too, since snapshots are at most 30 s old
 *   notice key   the newest. Tokens of one that was replaced count if they were issued before every instance knew of the change; for 31 days,
 *                because a decision may come 30 days late and rest on a token of its own day. None counts once a change says `stolen`: a
 *                thief can state any time of issue
 *
 * A change that is missing or cannot be read makes the controller unreadable. Without its pepper people would be taken for new, and without
 * its notice key stolen tokens would count again.
 */
import { hash } from 'node:crypto'
import { isKeyChange, type KeyChange, madeKeysOf } from '../../consent/key-change.ts'
import { LedgerError } from '../../errors.ts'
import { type ControllerSecrets, keyBytes, readKeys } from '../derived-keys.ts'
import type { Clock } from '../store.ts'

/** From a change until its pepper names rows, and until no instance issues tokens by the notice key before it. */
const changeDelayMs = 60_000
const lateTokensMs = 31 * 24 * 3600 * 1000

/** A change as it is stored. */
export interface StoredKeyChange {
  /** In the key of its item. */
  readonly number: number
  /** JSON. */
  readonly record: string
  /** What the keyring unwrapped; empty when the change made no key. */
  readonly keys: Uint8Array
}

/**
 * @param clock asked whenever a row is named, so that instances take up a new pepper as nearly at once as their clocks agree
 * @throws `keys-unreadable`
 */
export function withChanges(
  first: ControllerSecrets,
  changes: readonly StoredKeyChange[],
  clock: Clock,
): ControllerSecrets {
  const nowMs = clock()
  const peppers = [{ pepper: first.pepper, fromMs: Number.NEGATIVE_INFINITY }]
  let { noticeKey, earlierNoticeKeys } = first
  const inOrder = [...changes].sort((a, b) => a.number - b.number)
  for (const [i, stored] of inOrder.entries()) {
    if (stored.number !== i + 1) throw unreadable()
    const record = recordOf(stored)
    const { stolen, changedAt } = record
    const keys = madeKeysOf(record)
    const values = readKeys(stored.keys)
    const [notice, pepper] = (['notice', 'pepper'] as const).map((name) => values[keys.indexOf(name)])
    const effectiveMs = Date.parse(changedAt) + changeDelayMs
    if (pepper) peppers.push({ pepper, fromMs: effectiveMs })
    if (notice === undefined) continue
    const before = { key: noticeKey, issuedUntilMs: effectiveMs }
    earlierNoticeKeys = stolen ? [] : [...earlierNoticeKeys, ...(nowMs < effectiveMs + lateTokensMs ? [before] : [])]
    noticeKey = notice
  }
  return {
    dataKey: first.dataKey,
    peppers: peppers.map(({ pepper }) => pepper),
    get pepper() {
      const now = clock()
      return peppers.findLast(({ fromMs }) => fromMs <= now)?.pepper ?? first.pepper
    },
    noticeKey,
    earlierNoticeKeys,
  }
}

function recordOf({ number, record: json, keys }: StoredKeyChange): KeyChange {
  const record = parsed(json)
  const isWhole =
    isKeyChange(record) && record.change === number && keys.length === madeKeysOf(record).length * keyBytes
  if (!isWhole || record.sha256 !== (keys.length > 0 ? hash('sha256', keys, 'hex') : undefined)) throw unreadable()
  return record
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw unreadable()
  }
}

function unreadable(): LedgerError {
  return new LedgerError('keys-unreadable', 'a change of the keys of this controller is missing or cannot be read')
}
