/**
 * How a published record is stored: one insert of an immutable item, with the digest of the draft that it came from. Repeating a request
 * is harmless, because it returns the stored record. Another content under the same key is refused.
 */
import { digestOf } from '../../consent/published-leaf.ts'
import { LedgerError } from '../../errors.ts'
import type { Ledger } from '../ledger.ts'
import { type Attribute, type Item, insertOne, type Key } from '../store.ts'
import { readRecord } from './controller-snapshots.ts'

/** What was stored, and whether this request stored it. */
export interface PublishResult<T> {
  readonly record: T
  readonly created: boolean
}

/** An item of a DynamoDB table holds 400 KB at most. */
const maxRecordBytes = 380_000

/**
 * Inserts the record of a draft, or returns the stored one when it came from an equal draft.
 *
 * @throws `already-exists` when the key holds the record of another draft; `invalid-policy` when the record is too large.
 */
export async function publishOnce<T>(
  ledger: Ledger,
  key: Key,
  draft: unknown,
  record: T,
  values: Record<string, Attribute> = {},
): Promise<PublishResult<T>> {
  const json = JSON.stringify(record)
  if (Buffer.byteLength(json) > maxRecordBytes) {
    throw new LedgerError('invalid-policy', 'the record is too large to be stored', {
      given: `${Buffer.byteLength(json)} bytes`,
      allowed: `${maxRecordBytes} bytes, texts not counted`,
    })
  }
  const item: Item = { ...key, values: { record: json, draft: digestOf(draft), ...values } }
  if (await insertOne(ledger.entries, item)) return { record, created: true }
  const earlier = await findPublished<T>(ledger, key, draft)
  if (earlier === undefined) throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read')
  return earlier
}

/** The record stored under the key, if it came from an equal draft. */
export async function findPublished<T>(
  ledger: Ledger,
  key: Key,
  draft: unknown,
): Promise<PublishResult<T> | undefined> {
  const [stored] = await ledger.entries.get([key])
  if (stored === undefined) return undefined
  if (stored.values.draft !== digestOf(draft)) {
    throw new LedgerError(
      'already-exists',
      'this id was published before with different content; a published record never changes',
      {
        given: key.sk,
        allowed: 'a new id, or exactly the same content',
      },
    )
  }
  return { record: readRecord<T>(stored), created: false }
}
