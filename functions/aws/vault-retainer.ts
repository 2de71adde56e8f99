/**
 * The `VaultRetainer` port on DynamoDB: what the eraser has, a scan, and UpdateItem to take single wrapped keys out of a row. An update
 * would make a row that is not there, so it has the condition that it is.
 */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { Table, VaultRetainer } from '../../shared/ledger/store.ts'
import { type AttemptOptions, attempts, refusedBy, type Service } from './attempts.ts'
import { toRawKey } from './attributes.ts'
import { dynamoScan } from './scan.ts'
import { dynamoVaultEraser } from './vault-eraser.ts'

const service: Service = { name: 'The vault' }

export function dynamoVaultRetainer(
  table: Pick<Table, 'get' | 'query'>,
  client: DynamoDBClient,
  tableName: string,
  options: AttemptOptions = {},
): VaultRetainer {
  const ask = attempts(service, options)
  return {
    ...dynamoVaultEraser(table, client, tableName, options),
    ...dynamoScan(client, tableName, options),
    async strike(key, names) {
      if (names.length === 0) return
      const command = new UpdateItemCommand({
        TableName: tableName,
        Key: toRawKey(key),
        UpdateExpression: `REMOVE ${names.map((_, i) => `#v${i}`).join(', ')}`,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#v${i}`, name])),
      })
      await ask((abortSignal) => client.send(command, { abortSignal })).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw refusedBy(service, error)
      })
    },
  }
}
