/** The table's contract on the model of the tests, and on the engine that one machine runs by default. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { startDynoxide } from '../../infra/local/engine/dynoxide.ts'
import { type Item, queryAll } from '../../shared/ledger/store.ts'
import { openLocalTable } from '../support/local-table.ts'
import { memoryTable } from '../support/memory-table.ts'
import { templateTables } from '../support/template-tables.ts'
import { engineDurability } from './engine-durability.ts'
import { tableContract } from './table.ts'
import { tableFaults } from './table-faults.ts'
import { tableTransactions } from './table-transactions.ts'

tableContract('The model', async () => ({ table: memoryTable(), close: () => undefined }))

for (const [how, options] of [
  ['', {}],
  [', in transactions', { inTransactions: true }],
  [', keys of one partition by query', { readsRanges: true }],
] as const) {
  tableContract(`Dynoxide on disk${how}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'contract-'))
    const engine = await startDynoxide({ dataFile: join(folder, 'entries.db') })
    const { table, close } = await openLocalTable(engine.endpoint, options, templateTables)
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

tableFaults('Dynoxide', () => startDynoxide())
tableTransactions('Dynoxide', () => startDynoxide())
engineDurability('Dynoxide', startDynoxide)

/**
 * The disk fills up by a limit on the sizes of the running engine's files: no root and no file system of one's own is needed.
 * SQLite sees a failed write, as on a full disk.
 */
describe('Dynoxide on a full disk', () => {
  const setLimit = (pid: number, bytes: string): Promise<unknown> =>
    promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`])

  test('refuses writes, loses nothing that it acknowledged, and recovers without a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'full-'))
    const dataFile = join(folder, 'entries.db')
    const engine = await startDynoxide({ dataFile })
    const { table, close } = await openLocalTable(engine.endpoint, {}, templateTables)
    const hopeless = await openLocalTable(engine.endpoint, { deadlineMs: 300 }, templateTables)
    const acknowledged: Item[] = []
    const write = async (round: string, to = table): Promise<string[]> => {
      const items = Array.from({ length: 40 }, (_, n) => ({
        pk: 'c1#full',
        sk: `event#${round}#${String(n).padStart(2, '0')}`,
        values: { bytes: new Uint8Array(50_000).fill(n) },
      }))
      const outcomes = await Promise.all(items.map(async (item) => (await to.insert([item]))[0]?.outcome ?? 'none'))
      acknowledged.push(...items.filter((_, n) => outcomes[n] === 'inserted'))
      return outcomes
    }
    const stored = async (): Promise<Map<string, Item>> => {
      const found = new Map<string, Item>()
      for await (const item of queryAll(table, 'c1#full')) found.set(item.sk, item)
      return found
    }
    try {
      expect(new Set(await write('before'))).toEqual(new Set(['inserted']))
      await setLimit(engine.pid, '2500000')
      expect(await write('full', hopeless.table)).toContain('error')
      const whileFull = await stored()
      expect(acknowledged.filter(({ sk }) => !whileFull.has(sk))).toEqual([])
      await setLimit(engine.pid, 'unlimited')
      expect(new Set(await write('behind'))).toEqual(new Set(['inserted']))
      const atLast = await stored()
      expect(acknowledged.map(({ sk }) => atLast.get(sk))).toEqual(acknowledged)
    } finally {
      close()
      hopeless.close()
      await engine.stop()
      await rm(folder, { recursive: true })
    }
  })
})
