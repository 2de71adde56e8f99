/** Creates the ledger's tables on a local engine; on AWS CloudFormation does. Existing tables stay unchanged, so every start may run it. */
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

/** A table as `infra/tables.ts` describes it. */
export interface TableShape {
  readonly name: string
  readonly partitionKey: KeyAttribute
  readonly sortKey: KeyAttribute
  readonly billingMode: 'PAY_PER_REQUEST'
}

const pollMs = 5
const maxWaitMs = 10_000

/** Resolves when all tables can be written to. @throws LedgerError `unavailable` after 10 s */
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

/** Polls, because CreateTable answers before the table is usable. */
async function untilActive(client: DynamoDBClient, tableName: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < maxWaitMs; waitedMs += pollMs) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }))
    if (Table?.TableStatus === 'ACTIVE') return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  throw new LedgerError('unavailable', `The table ${tableName} did not become active within ${maxWaitMs} ms.`)
}
