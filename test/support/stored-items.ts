/** Everything that is stored in a table, read past the ledger: what a thief of the database would hold. */
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { type RawItem, toItem } from '../../functions/aws/attributes.ts'
import { createDynamoClient } from '../../functions/aws/dynamodb.ts'
import type { Item } from '../../shared/ledger/store.ts'

/** Ordered by key, so that two readings compare. */
export async function storedItems(endpoint: string, table: string): Promise<Item[]> {
  const client = createDynamoClient({ region: 'eu-north-1', endpoint })
  const items: Item[] = []
  let after: RawItem | undefined
  try {
    do {
      const page = await client.send(
        new ScanCommand({ TableName: table, ConsistentRead: true, ...(after && { ExclusiveStartKey: after }) }),
      )
      items.push(...(page.Items ?? []).map(toItem))
      after = page.LastEvaluatedKey
    } while (after !== undefined)
  } finally {
    client.destroy()
  }
  return items.sort((a, b) => (a.pk + a.sk < b.pk + b.sk ? -1 : 1))
}

/** Events, reads, controllers and policies share a table; the sort key of an event identifies it. */
export const isEvent = (item: Item) => item.sk.startsWith('event#')
export const isRead = (item: Item) => /#read#\d{4}-\d\d-\d\d$/.test(item.pk)
