/**
 * The `VaultEraser` port on DynamoDB: the reads of the table's own adapter, and DeleteItem, one row at a time, on the condition that
 * the row is the one that was read: another may have its key by now, of a subject who came since. Only the eraser's role may do it,
 * and only in the vault. A delete that is tried again after a lost answer finds nothing, which is what was asked for.
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
      // All are tried before any error is thrown.
      const failed = (await Promise.allSettled(removals)).find((one) => one.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}

/** The condition that a row is there with all of these values. */
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

/** It is not there, or it is another: nothing is to be done. */
export function refuseUnlessOther(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw refusedBy(service, error)
}
