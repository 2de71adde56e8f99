/**
 * Writes once in each way before a test with a short deadline begins: DynamoDB Local's first answers take seconds on a busy machine,
 * while Java compiles.
 */
import type { Engine } from '../../infra/local/engine/process.ts'
import { openLocalTable } from './local-table.ts'

export async function warmEngine({ endpoint }: Engine): Promise<void> {
  for (const inTransactions of [false, true]) {
    const { table, close } = await openLocalTable(endpoint, { inTransactions })
    for (const count of [1, 100]) {
      const name = `${inTransactions}#${count}`
      await table.insert(Array.from({ length: count }, (_, n) => ({ pk: 'c1#warm', sk: `${name}#${n}`, values: {} })))
    }
    close()
  }
}
