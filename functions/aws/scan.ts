/** The `TableScan` port on DynamoDB: a strongly consistent Scan, page by page. On AWS only the jobs that audit or retain may scan. */
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import type { TableScan } from '../../shared/ledger/store.ts'
import { type AttemptOptions, attempts, refusedBy, type Service } from './attempts.ts'
import { toItem, toRawKey } from './attributes.ts'

const service: Service = { name: 'The database' }

export function dynamoScan(client: DynamoDBClient, tableName: string, options: AttemptOptions = {}): TableScan {
  const ask = attempts(service, options)
  return {
    async scan(after, slice) {
      const command = new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ...(after && { ExclusiveStartKey: toRawKey(after) }),
        ...(slice && { Segment: slice.index, TotalSegments: slice.of }),
      })
      const answer = await ask((abortSignal) => client.send(command, { abortSignal })).catch((error: unknown) => {
        throw refusedBy(service, error)
      })
      const items = (answer.Items ?? []).map(toItem)
      const { pk, sk } = answer.LastEvaluatedKey ?? {}
      return pk?.S === undefined || sk?.S === undefined ? { items } : { items, next: { pk: pk.S, sk: sk.S } }
    },
  }
}
