/**
 * The `PutHandover` port on DynamoDB, for the only table in which an item is replaced. All that the item holds is in the entries too, and each
 * put is a record of the table's stream, so the replaced item is not lost. A put that is repeated after a lost answer changes nothing, and has
 * one record.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { PutHandover } from '../../shared/ledger/store.ts'
import { type AttemptOptions, attempts, refusedBy, type Service } from './attempts.ts'
import { toAttributeValue } from './attributes.ts'
import type { CallSender } from './dynamodb.ts'

const service: Service = { name: 'The table of hand-overs' }

export function dynamoPutHandover(client: CallSender, tableName: string, options: AttemptOptions = {}): PutHandover {
  const ask = attempts(service, options)
  return async (controller, values) => {
    const attributes = Object.entries(values).map(([name, value]) => [name, toAttributeValue(name, value)])
    const command = new PutItemCommand({
      TableName: tableName,
      Item: { pk: { S: controller }, ...Object.fromEntries(attributes) },
    })
    await ask((abortSignal) => client.send(command, { abortSignal })).catch((error: unknown) => {
      throw refusedBy(service, error)
    })
  }
}
