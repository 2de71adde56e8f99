/**
 * The `RetentionVault` port on DynamoDB: the eraser's operations, a scan, and UpdateItem to remove single wrapped keys from a row. UpdateItem
 * creates a missing row, so it has the same condition as a deletion.
 */
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { RetentionVault, Table } from '../../shared/ledger/store.ts'
import { type AttemptOptions, attempts } from './attempts.ts'
import { toRawKey } from './attributes.ts'
import { dynamoScan } from './scan.ts'
import { asRead, dynamoVaultEraser, refuseUnlessOther } from './vault-eraser.ts'

export function dynamoRetentionVault(
  table: Pick<Table, 'get' | 'query'>,
  client: DynamoDBClient,
  tableName: string,
  options: AttemptOptions = {},
): RetentionVault {
  const ask = attempts({ name: 'The vault' }, options)
  return {
    ...dynamoVaultEraser(table, client, tableName, options),
    ...dynamoScan(client, tableName, options),
    async removeValues(row, names) {
      if (names.length === 0) return
      const { ExpressionAttributeNames, ...condition } = asRead(row)
      const struck = Object.fromEntries(names.map((name, i) => [`#v${i}`, name]))
      const command = new UpdateItemCommand({
        TableName: tableName,
        Key: toRawKey(row),
        UpdateExpression: `REMOVE ${Object.keys(struck).join(', ')}`,
        ...condition,
        ExpressionAttributeNames: { ...ExpressionAttributeNames, ...struck },
      })
      await ask((abortSignal) => client.send(command, { abortSignal })).catch(refuseUnlessOther)
    },
  }
}
