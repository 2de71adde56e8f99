/**
 * The table's contract on AWS's own DynamoDB Local, because emulators differ. Asked for by name, since it needs Java 17 and an
 * AWS account: `vitest run --config test/contract/vitest.config.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDynamoDbLocal } from '../../infra/local/engine/dynamodb-local.ts'
import { openLocalTable } from '../support/local-table.ts'
import { templateTables } from '../support/template-tables.ts'
import { engineDurability } from './engine-durability.ts'
import { tableContract } from './table.ts'
import { tableFaults } from './table-faults.ts'
import { tableTransactions } from './table-transactions.ts'

for (const inTransactions of [false, true]) {
  tableContract(`DynamoDB Local on disk${inTransactions ? ', in transactions' : ''}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'contract-'))
    const engine = await startDynamoDbLocal({ dataFile: join(folder, 'entries.db') })
    const { table, close } = await openLocalTable(engine.endpoint, { inTransactions }, templateTables)
    return {
      table,
      async close() {
        close()
        await engine.stop()
        await rm(folder, { recursive: true })
      },
    }
  })
}

tableFaults('DynamoDB Local', () => startDynamoDbLocal())
tableTransactions('DynamoDB Local', () => startDynamoDbLocal())
engineDurability('DynamoDB Local', startDynamoDbLocal)
