/**
 * Inserts in transactions, on a real engine behind a proxy that fails: each item keeps an outcome of its own, whatever becomes of
 * the transaction that it shared.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../infra/local/engine/process.ts'
import type { Item } from '../../shared/ledger/store.ts'
import { type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { type LocalTable, openLocalTable } from '../support/local-table.ts'
import { warmEngine } from '../support/warm-engine.ts'

export function tableTransactions(name: string, startEngine: () => Promise<Engine>): void {
  describe(`${name}, inserts in transactions`, () => {
    let engine: Engine
    let proxy: FaultProxy
    let local: LocalTable
    let pk = ''

    beforeAll(async () => {
      engine = await startEngine()
      await warmEngine(engine)
      proxy = await startFaultProxy(engine.endpoint)
      local = await openLocalTable(proxy.endpoint, { inTransactions: true, deadlineMs: 2_000 })
    })
    afterAll(async () => {
      local?.close()
      await proxy?.stop()
      await engine?.stop()
    })
    beforeEach(() => {
      pk = `c1#${randomUUID()}`
      proxy.seen.length = 0
      proxy.decide = () => undefined
    })

    const items = (count: number): Item[] =>
      Array.from({ length: count }, (_, n) => ({ pk, sk: String(n).padStart(3, '0'), values: { text: 'x' } }))
    const insert = async (given: readonly Item[]) => (await local.table.insert(given)).map(({ outcome }) => outcome)
    const count = async () => (await local.table.query(pk)).items.length
    const operations = () => proxy.seen.map(({ operation }) => operation)
    const failOnce = (fault: Fault): void => {
      proxy.decide = ({ operation, earlier }) =>
        operation === 'ExecuteTransaction' && earlier === 0 ? fault : undefined
    }

    test('a hundred go as one', async () => {
      expect(new Set(await insert(items(150)))).toEqual(new Set(['inserted']))
      expect(operations()).toEqual(['ExecuteTransaction', 'ExecuteTransaction'])
      expect(await count()).toBe(150)
    })

    test('one that exists takes nothing from the others', async () => {
      await insert(items(1))
      expect(await insert(items(40))).toEqual(['exists', ...Array(39).fill('inserted')])
      expect(await count()).toBe(40)
    })

    test('one that the engine refuses takes nothing from the others', async () => {
      const [bad, ...good] = items(5)
      const tooLong = { ...bad, sk: 'x'.repeat(1025) } as Item
      expect(await insert([tooLong, ...good])).toEqual(['error', ...Array(4).fill('inserted')])
      expect(await count()).toBe(4)
    })

    test('a lost answer: all exist, once', async () => {
      failOnce({ fault: 'lose-answer' })
      expect(await insert(items(30))).toEqual(Array(30).fill('exists'))
      expect(await count()).toBe(30)
    })

    const passing: readonly Fault[] = [
      { fault: 'drop' },
      { fault: 'status', status: 500 },
      { fault: 'refuse', type: 'ThrottlingException' },
      { fault: 'refuse', type: 'TransactionConflictException' },
    ]
    test.each(passing)('%o: tried again, and inserted', async (fault) => {
      failOnce(fault)
      expect(await insert(items(3))).toEqual(Array(3).fill('inserted'))
      expect(operations()).toEqual(['ExecuteTransaction', 'ExecuteTransaction'])
    })
  })
}
