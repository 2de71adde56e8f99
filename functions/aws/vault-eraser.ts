/**
 * The `VaultEraser` port on DynamoDB: the reads of the table's adapter, and DeleteItem for one row at a time, on the condition that the row
 * still has the values that were read, because a new subject's row may have taken its key. Only the eraser's role may delete, and only
 * in the vault. A delete that is retried after a lost answer finds no row and succeeds.
 */
import { ConditionalCheckFailedException, DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Item, Table, VaultEraser } from '../../shared/ledger/store.ts'
import { type AttemptOptions, attempts, refusedBy, type Service } from './attempts.ts'
import { toAttributeValue, toRawKey } from './attributes.ts'

const service: Service = { name: 'The vault' }

export function dynamoVaultEraser(
  { get, query }: Pick<Table, 'get' | 'query'>,
  client: DynamoDBClient,
  tableName: string,
  options: AttemptOptions = {},
): VaultEraser {
  const ask = attempts(service, options)
  return {
    get,
    query,
    async remove(rows) {
      const removals = rows.map((row) => {
        const command = new DeleteItemCommand({ TableName: tableName, Key: toRawKey(row), ...asRead(row) })
        return ask((abortSignal) => client.send(command, { abortSignal })).catch(refuseUnlessOther)
      })
      // Attempts all deletions before throwing the first error.
      const failed = (await Promise.allSettled(removals)).find((one) => one.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}

/** The condition that the row exists with all of these values. */
export function asRead({ values }: Item) {
  const all = Object.entries(values)
  return {
    ConditionExpression: ['attribute_exists(pk)', ...all.map((_, i) => `#c${i} = :c${i}`)].join(' AND '),
    ...(all.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(all.map(([name], i) => [`#c${i}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        all.map(([name, value], i) => [`:c${i}`, toAttributeValue(name, value)]),
      ),
    }),
  }
}

/** Ignores a failed condition: the row is gone or replaced, so nothing is left to do. */
export function refuseUnlessOther(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw refusedBy(service, error)
}
