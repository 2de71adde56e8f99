/** The `SubjectFinder` port on DynamoDB: a query of the index `holders` of the vault (`infra/tables.ts`), the first page of it. */
import { QueryCommand } from '@aws-sdk/client-dynamodb'
import type { SubjectFinder } from '../../shared/ledger/store.ts'
import { type AttemptOptions, attempts, refusedBy, type Service } from './attempts.ts'
import { toItem } from './attributes.ts'
import type { CallSender } from './dynamodb.ts'

const service: Service = { name: 'The vault' }

export function dynamoSubjectFinder(
  client: CallSender,
  vaultName: string,
  options: AttemptOptions = {},
): SubjectFinder {
  const ask = attempts(service, options)
  return {
    async find(holder) {
      const command = new QueryCommand({
        TableName: vaultName,
        IndexName: 'holders',
        KeyConditionExpression: 'holder = :holder',
        ExpressionAttributeValues: { ':holder': { S: holder } },
      })
      const { Items = [] } = await ask((abortSignal) => client.send(command, { abortSignal })).catch(
        (error: unknown) => {
          throw refusedBy(service, error)
        },
      )
      return Items.map(toItem).map(({ pk, sk }) => ({ pk, sk }))
    },
  }
}
