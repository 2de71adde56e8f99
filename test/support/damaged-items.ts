/** Items written and removed past the ledger, as an operator with full rights to the database can: no role of the ledger may. */
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { TableName } from '../../infra/tables.ts'
import type { Attribute, Item, Key } from '../../shared/ledger/store.ts'

export async function putItem(client: DynamoDBClient, table: TableName, item: Item): Promise<void> {
  const values = Object.entries(item.values).map(([name, value]) => [name, rawOf(value)] as const)
  const raw = { pk: { S: item.pk }, sk: { S: item.sk }, ...Object.fromEntries(values) }
  await client.send(new PutItemCommand({ TableName: table, Item: raw }))
}

export async function removeItem(client: DynamoDBClient, table: TableName, { pk, sk }: Key): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } } }))
}

function rawOf(value: Attribute) {
  if (typeof value === 'string') return { S: value }
  return typeof value === 'number' ? { N: String(value) } : { B: value }
}
