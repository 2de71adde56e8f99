/** A vault of its own on a running engine that can also forget, with the client that the deployed code uses. */

import type { AttemptOptions } from '../../functions/aws/attempts.ts'
import { createTables } from '../../functions/aws/create-tables.ts'
import { createDynamoClient, dynamoTable } from '../../functions/aws/dynamodb.ts'
import { dynamoRetentionVault } from '../../functions/aws/retention-vault.ts'
import { dynamoSubjectFinder } from '../../functions/aws/subject-finder.ts'
import { tables } from '../../infra/tables.ts'
import type { RetentionVault, SubjectFinder, Table } from '../../shared/ledger/store.ts'

export async function openLocalVault(
  endpoint: string,
  prefix: string,
  options: AttemptOptions = {},
): Promise<{
  readonly table: Table
  readonly eraser: RetentionVault
  readonly finder: SubjectFinder
  close(): void
}> {
  const client = createDynamoClient({ region: 'eu-north-1', endpoint })
  const vault = tables.filter(({ name }) => name === 'vault')
  await createTables(client, vault, prefix)
  const table = dynamoTable(client, `${prefix}vault`)
  const eraser = dynamoRetentionVault(table, client, `${prefix}vault`, options)
  const finder = dynamoSubjectFinder(client, `${prefix}vault`, options)
  return { table, eraser, finder, close: () => client.destroy() }
}
