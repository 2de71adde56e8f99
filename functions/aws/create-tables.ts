/**
 * Creates the ledger's tables on a local engine; on AWS CloudFormation does. An existing table gets the indexes that it lacks and stays
 * otherwise unchanged, so every start may run it.
 */
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  ResourceInUseException,
  UpdateTableCommand,
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
  readonly indexes: readonly TableIndex[]
}

/** A global secondary index that holds keys only. */
export interface TableIndex {
  readonly name: string
  readonly partitionKey: KeyAttribute
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
  const { partitionKey, sortKey, billingMode, indexes } = table
  const command = new CreateTableCommand({
    TableName: tableName,
    BillingMode: billingMode,
    KeySchema: [
      { AttributeName: partitionKey.name, KeyType: 'HASH' },
      { AttributeName: sortKey.name, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: definitionsOf([partitionKey, sortKey, ...indexes.map((index) => index.partitionKey)]),
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes.map(indexOf) }),
  })
  try {
    await client.send(command)
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
    await addIndexes(client, table, tableName)
  }
}

/** A table from before its indexes. DynamoDB adds one at a time, and fills it with the rows that have its key. */
async function addIndexes(client: DynamoDBClient, { indexes }: TableShape, tableName: string): Promise<void> {
  if (indexes.length === 0) return
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }))
  const known = new Set(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName))
  for (const index of indexes) {
    if (known.has(index.name)) continue
    const command = new UpdateTableCommand({
      TableName: tableName,
      AttributeDefinitions: definitionsOf([index.partitionKey]),
      GlobalSecondaryIndexUpdates: [{ Create: indexOf(index) }],
    })
    await client.send(command)
    await untilActive(client, tableName)
  }
}

const definitionsOf = (keys: readonly KeyAttribute[]) =>
  keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type }))

function indexOf({ name, partitionKey }: TableIndex): GlobalSecondaryIndex {
  return {
    IndexName: name,
    KeySchema: [{ AttributeName: partitionKey.name, KeyType: 'HASH' }],
    Projection: { ProjectionType: 'KEYS_ONLY' },
  }
}

/** Polls, because CreateTable answers before the table is usable, and UpdateTable before its index is. */
async function untilActive(client: DynamoDBClient, tableName: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < maxWaitMs; waitedMs += pollMs) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }))
    const indexes = Table?.GlobalSecondaryIndexes ?? []
    // Local engines that make an index at once state no status.
    if (Table?.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus = 'ACTIVE' }) => IndexStatus === 'ACTIVE'))
      return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  throw new LedgerError('unavailable', `The table ${tableName} did not become active within ${maxWaitMs} ms.`)
}
