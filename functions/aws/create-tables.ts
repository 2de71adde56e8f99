/**
 * Makes the ledger's tables where no CloudFormation does: on a local engine. A table that exists is left as it is, so a restart
 * runs this again.
 */
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb'
import { LedgerError } from '../../shared/errors.ts'

export interface KeyAttribute {
  readonly name: string
  readonly type: 'S'
}

/** What `infra/tables.ts` says of a table. */
export interface TableShape {
  readonly name: string
  readonly partitionKey: KeyAttribute
  readonly sortKey: KeyAttribute
  readonly billingMode: 'PAY_PER_REQUEST'
}

const pollMs = 5
const patienceMs = 10_000

/** Returns when all of them can be written to. */
export async function createTables(client: DynamoDBClient, tables: readonly TableShape[], prefix = ''): Promise<void> {
  await Promise.all(
    tables.map(async (table) => {
      await create(client, table, prefix + table.name)
      await untilActive(client, prefix + table.name)
    }),
  )
}

async function create(client: DynamoDBClient, table: TableShape, tableName: string): Promise<void> {
  const { partitionKey, sortKey, billingMode } = table
  const command = new CreateTableCommand({
    TableName: tableName,
    BillingMode: billingMode,
    KeySchema: [
      { AttributeName: partitionKey.name, KeyType: 'HASH' },
      { AttributeName: sortKey.name, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [partitionKey, sortKey].map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
  })
  try {
    await client.send(command)
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
}

/** CreateTable answers before the table can be used. */
async function untilActive(client: DynamoDBClient, tableName: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }))
    if (Table?.TableStatus === 'ACTIVE') return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  throw new LedgerError('unavailable', `The table ${tableName} did not become active within ${patienceMs} ms.`)
}
