/** A table of its own on a running engine that can also be scanned, with the client that the deployed code uses. */
import { createTables } from '../../functions/aws/create-tables.ts'
import { createDynamoClient, dynamoTable } from '../../functions/aws/dynamodb.ts'
import { dynamoScan } from '../../functions/aws/scan.ts'
import type { Table, TableScan } from '../../shared/ledger/store.ts'
import { templateTables } from './template-tables.ts'

export async function openScannedTable(
  endpoint: string,
  prefix: string,
): Promise<{ readonly table: Table & TableScan; close(): void }> {
  const client = createDynamoClient({ region: 'eu-north-1', endpoint })
  await createTables(client, templateTables.slice(0, 1), prefix)
  const name = `${prefix}entries`
  return { table: { ...dynamoTable(client, name), ...dynamoScan(client, name) }, close: () => client.destroy() }
}
