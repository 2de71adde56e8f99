/** A table of its own on a running engine, with the client that the deployed code uses. */
import { createTables, type TableShape } from '../../functions/aws/create-tables.ts'
import { createDynamoClient, type DynamoTableOptions, dynamoTable } from '../../functions/aws/dynamodb.ts'
import { type TableName, tables } from '../../infra/tables.ts'
import type { Table } from '../../shared/ledger/store.ts'

export interface LocalTable {
  readonly table: Table
  /** Closes the client's connections; the engine is not ours. */
  close(): void
}

/** `prefix` keeps tests apart that share an engine. */
export async function openLocalTable(
  endpoint: string,
  options: DynamoTableOptions & { readonly prefix?: string; readonly name?: TableName } = {},
  /** The contract suites give what would be deployed. */
  shapes: readonly TableShape[] = tables,
): Promise<LocalTable> {
  const { prefix = 'test-', name = 'entries', ...tableOptions } = options
  const client = createDynamoClient({ region: 'eu-north-1', endpoint })
  await createTables(
    client,
    shapes.filter((table) => table.name === name),
    prefix,
  )
  return { table: dynamoTable(client, prefix + name, tableOptions), close: () => client.destroy() }
}
