/**
 * Converts query options to DynamoDB's key condition, direction and start key.
 *
 * DynamoDB refuses a start key outside the prefix, so `after` is compared here: if it sorts before all keys of the prefix (in the direction
 * of reading), the query starts at the first; if after them, there is nothing to read. Sort keys compare by their UTF-8 bytes.
 */
import type { QueryCommandInput } from '@aws-sdk/client-dynamodb'
import type { QueryOptions } from '../../shared/ledger/store.ts'
import { toRawKey } from './attributes.ts'

/** `undefined` when no key can match. */
export function rangeOf(pk: string, options: QueryOptions): Partial<QueryCommandInput> | undefined {
  const { prefix = '', after, descending = false, limit } = options
  const inPrefix = after !== undefined && after !== '' && after.startsWith(prefix)
  if (after !== undefined && !inPrefix) {
    const isLower = Buffer.compare(Buffer.from(after), Buffer.from(prefix)) <= 0
    if (isLower === descending) return undefined
  }
  return {
    KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': { S: pk }, ...(prefix === '' ? {} : { ':prefix': { S: prefix } }) },
    ScanIndexForward: !descending,
    Limit: limit,
    ExclusiveStartKey: inPrefix ? toRawKey({ pk, sk: after }) : undefined,
  }
}
