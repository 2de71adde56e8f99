/**
 * What the DynamoDB adapter does when calls fail, on a real engine behind a proxy that fails as DynamoDB and networks do. The
 * rule: an item that is reported as inserted is stored once, and a failure is reported within the deadline.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../infra/local/engine/process.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { InsertOutcome, Item, Table } from '../../shared/ledger/store.ts'
import { type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { type LocalTable, openLocalTable } from '../support/local-table.ts'
import { warmEngine } from '../support/warm-engine.ts'

/** Deadline of the calls that cannot succeed, so that they fail soon. Others have the adapter's own deadline, so a slow machine does not fail them. */
const shortDeadlineMs = 600

export function tableFaults(name: string, startEngine: () => Promise<Engine>): void {
  describe(`${name} behind failing calls`, () => {
    let engine: Engine
    let proxy: FaultProxy
    /** Through the proxy. */
    let failing: LocalTable
    let hopeless: LocalTable
    /** Straight to the engine: what is really there. */
    let direct: LocalTable
    let table: Table
    let pk = ''

    beforeAll(async () => {
      engine = await startEngine()
      await warmEngine(engine)
      proxy = await startFaultProxy(engine.endpoint)
      direct = await openLocalTable(engine.endpoint)
      failing = await openLocalTable(proxy.endpoint)
      hopeless = await openLocalTable(proxy.endpoint, { deadlineMs: shortDeadlineMs })
      table = failing.table
    })
    afterAll(async () => {
      failing?.close()
      hopeless?.close()
      direct?.close()
      await proxy?.stop()
      await engine?.stop()
    })
    afterEach(() => {
      proxy.decide = () => undefined
    })

    const item = (sk: string): Item => ({ pk, sk, values: { text: sk } })
    const items = (count: number): Item[] => Array.from({ length: count }, (_, n) => item(`event#${n}`))
    const stored = async (): Promise<string[]> => (await direct.table.query(pk)).items.map(({ sk }) => sk)
    const words = (answers: readonly InsertOutcome[]): string[] => answers.map(({ outcome }) => outcome)
    const isolated = (what: string, run: () => Promise<void>): void => {
      test(what, async () => {
        pk = `c1#${randomUUID()}`
        proxy.seen.length = 0
        await run()
      })
    }
    /** The first `count` requests of this operation fail. */
    const failFirst = (count: number, operation: string, fault: Fault): void => {
      proxy.decide = (request) => (request.operation === operation && request.earlier < count ? fault : undefined)
    }

    const passing: readonly Fault[] = [
      { fault: 'refuse', type: 'ThrottlingException' },
      { fault: 'refuse', type: 'ProvisionedThroughputExceededException' },
      { fault: 'refuse', type: 'RequestLimitExceeded' },
      { fault: 'status', status: 500 },
      { fault: 'status', status: 503 },
      { fault: 'drop' },
    ]
    for (const fault of passing) {
      isolated(`three calls fail by ${JSON.stringify(fault)}, the fourth is carried out`, async () => {
        failFirst(3, 'ExecuteStatement', fault)
        expect(await table.insert([item('one')])).toEqual([{ outcome: 'inserted' }])
        failFirst(3, 'BatchExecuteStatement', fault)
        expect(words(await table.insert(items(5)))).toEqual(Array(5).fill('inserted'))
        expect(proxy.seen.map(({ size }) => size)).toEqual([1, 1, 1, 1, 5, 5, 5, 5])
        failFirst(3, 'GetItem', fault)
        expect(await table.get([item('one')])).toEqual([item('one')])
        failFirst(3, 'BatchGetItem', fault)
        expect(await table.get(items(5))).toEqual(items(5))
        failFirst(3, 'Query', fault)
        expect((await table.query(pk)).items).toHaveLength(6)
      })
    }

    // No engine on one machine ever answers stale, so only the request can show it.
    isolated('every read asks to be strongly consistent', async () => {
      await table.get([item('one')])
      await table.get(items(3))
      await table.query(pk, { prefix: 'event#', limit: 1 })
      expect(proxy.seen.map(({ operation, consistent }) => [operation, consistent])).toEqual([
        ['GetItem', true],
        ['BatchGetItem', true],
        ['Query', true],
      ])
    })

    isolated('a lost answer: exists, and the item is there once', async () => {
      failFirst(1, 'ExecuteStatement', { fault: 'lose-answer' })
      expect(await table.insert([item('one')])).toEqual([{ outcome: 'exists' }])
      failFirst(1, 'BatchExecuteStatement', { fault: 'lose-answer' })
      expect(words(await table.insert(items(3)))).toEqual(['exists', 'exists', 'exists'])
      expect(await stored()).toEqual(['event#0', 'event#1', 'event#2', 'one'])
      expect(await direct.table.get([item('one')])).toEqual([item('one')])
    })

    for (const code of [
      'ThrottlingError',
      'ProvisionedThroughputExceeded',
      'InternalServerError',
      'TransactionConflict',
    ]) {
      isolated(`statements that fail by ${code} are tried again without the others`, async () => {
        failFirst(2, 'BatchExecuteStatement', { fault: 'statements', code, at: [1, 2, 3] })
        expect(words(await table.insert(items(6)))).toEqual(Array(6).fill('inserted'))
        expect(proxy.seen.map(({ size }) => size)).toEqual([6, 3, 2])
        expect(await stored()).toHaveLength(6)
      })
    }

    isolated('a statement refused for good fails only its own item', async () => {
      failFirst(1, 'BatchExecuteStatement', { fault: 'statements', code: 'AccessDenied', at: [1] })
      const answers = await table.insert(items(3))
      expect(words(answers)).toEqual(['inserted', 'error', 'inserted'])
      expect(answers[1]).toMatchObject({ error: { code: 'internal' } })
      expect(await stored()).toEqual(['event#0', 'event#2'])
    })

    isolated('a batch refused as a whole is taken apart: each item gets an answer of its own', async () => {
      proxy.decide = ({ operation, size }) =>
        operation === 'BatchExecuteStatement' && size > 1 ? { fault: 'refuse', type: 'ValidationException' } : undefined
      expect(words(await table.insert(items(4)))).toEqual(Array(4).fill('inserted'))
      expect(proxy.seen.map(({ size }) => size)).toEqual([4, 1, 1, 1, 1])
      expect(await stored()).toHaveLength(4)
    })

    isolated('unprocessed keys are asked for again, and never taken as absent', async () => {
      await direct.table.insert(items(6))
      failFirst(2, 'BatchGetItem', { fault: 'unprocessed', at: [0, 1, 2, 3] })
      expect(await table.get([...items(6), item('absent')])).toEqual([...items(6), undefined])
      expect(proxy.seen.map(({ size }) => size)).toEqual([7, 4, 4])
    })

    const lasting: readonly Fault[] = [...passing, { fault: 'hang' }]
    for (const fault of lasting) {
      isolated(`nothing but ${JSON.stringify(fault)}: unavailable at the deadline, and nothing is there`, async () => {
        proxy.decide = () => fault
        const { table } = hopeless
        const answers = await Promise.all([
          table.insert([item('one')]),
          table.insert(items(30)),
          table.get([item('one')]).catch((error: unknown) => error),
          table.get(items(30)).catch((error: unknown) => error),
          table.query(pk).catch((error: unknown) => error),
        ])
        for (const outcome of [...answers[0], ...answers[1]])
          expect(outcome).toMatchObject({ outcome: 'error', error: { code: 'unavailable' } })
        for (const error of answers.slice(2)) {
          expect(error).toBeInstanceOf(LedgerError)
          expect(error).toMatchObject({ code: 'unavailable' })
        }
        expect(await stored()).toEqual([])
      })
    }

    isolated('every answer lost: never reported as inserted more than is there', async () => {
      proxy.decide = ({ operation }) => (operation === 'ExecuteStatement' ? { fault: 'lose-answer' } : undefined)
      const [outcome] = words(await hopeless.table.insert([item('one')]))
      expect(outcome).toBe('error')
      expect(await stored()).toEqual(['one'])
    })

    isolated('faults of all kinds among 40 writers: inserted means there, once, with its own content', async () => {
      const faults: readonly (Fault | undefined)[] = [
        { fault: 'lose-answer' },
        undefined,
        { fault: 'drop' },
        { fault: 'statements', code: 'ThrottlingError', at: [0, 2] },
        { fault: 'status', status: 500 },
        undefined,
      ]
      proxy.decide = ({ operation, earlier }) => {
        const fault = faults[earlier % faults.length]
        return fault?.fault === 'statements' && operation === 'ExecuteStatement' ? undefined : fault
      }
      const mine = items(40)
      const answers = await Promise.all(mine.map(async (each) => (await table.insert([each]))[0]))
      const acknowledged = mine.filter((_, n) => answers[n]?.outcome !== 'error')
      expect(acknowledged.length).toBeGreaterThan(0)
      expect(await direct.table.get(acknowledged)).toEqual(acknowledged)
      expect(new Set(await stored()).size).toBe((await stored()).length)
    })
  })
}
