/**
 * The `VaultEraser` port on DynamoDB: the reads of the table's own adapter, and DeleteItem, one row at a time. Only the eraser's role
 * may do it, and only in the vault. A delete that is tried again after a lost answer finds nothing, which is what was asked for.
 */
import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Table, VaultEraser } from '../../shared/ledger/store.ts'
import { type AttemptOptions, attempts, refusedBy, type Service } from './attempts.ts'
import { toRawKey } from './attributes.ts'

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
    async remove(keys) {
      const removals = keys.map((key) => {
        const command = new DeleteItemCommand({ TableName: tableName, Key: toRawKey(key) })
        return ask((abortSignal) => client.send(command, { abortSignal }))
      })
      // All are tried before any error is thrown.
      const failed = (await Promise.allSettled(removals)).find((one) => one.status === 'rejected')
      if (failed) throw refusedBy(service, failed.reason)
    },
  }
}
