/** What an engine on disk owes the ledger: what it acknowledged survives `kill -9`, and is there once. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Engine, EngineOptions } from '../../infra/local/engine/process.ts'
import { type Item, queryAll, type Table } from '../../shared/ledger/store.ts'
import { openLocalTable } from '../support/local-table.ts'
import { warmEngine } from '../support/warm-engine.ts'

const writers = 16

export function engineDurability(name: string, startEngine: (options: EngineOptions) => Promise<Engine>): void {
  describe(`${name} on disk`, () => {
    test('killed by -9 under concurrent inserts, three times: no acknowledged item is missing', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'engine-'))
      const dataFile = join(folder, 'ledger.db')
      const acknowledged: Item[] = []
      try {
        for (let round = 0; round < 3; round++) {
          const engine = await startEngine({ dataFile })
          await warmEngine(engine)
          const opened = await openLocalTable(engine.endpoint, { deadlineMs: 2_000 })
          const enough = acknowledged.length + 200
          await writeUntilItFails(opened.table, round, acknowledged, () => {
            if (acknowledged.length >= enough) kill(engine.pid)
          })
          opened.close()
          await engine.stop()
          expect(acknowledged.length).toBeGreaterThanOrEqual(enough)
          await expectAllThere(startEngine, dataFile, acknowledged)
        }
      } finally {
        await rm(folder, { recursive: true })
      }
    })
  })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Dead already: several writers get here.
  }
}

/** Writers insert item after item, single and several at once, until the engine is gone. */
async function writeUntilItFails(
  table: Table,
  round: number,
  acknowledged: Item[],
  afterEach: () => void,
): Promise<void> {
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const items = Array.from({ length: (writer % 3) + 1 }, (_unused, part) => ({
          pk: 'c1#durability',
          sk: `event#${round}#${writer}#${n}#${part}`,
          values: { writer, n, bytes: new Uint8Array(500).fill(n) },
        }))
        const outcomes = await table.insert(items)
        acknowledged.push(...items.filter((_item, part) => outcomes[part]?.outcome === 'inserted'))
        afterEach()
        if (outcomes.some(({ outcome }) => outcome === 'error')) return
      }
    }),
  )
}

async function expectAllThere(
  startEngine: (options: EngineOptions) => Promise<Engine>,
  dataFile: string,
  acknowledged: readonly Item[],
): Promise<void> {
  const engine = await startEngine({ dataFile })
  const { table, close } = await openLocalTable(engine.endpoint)
  const found = new Map<string, Item>()
  let rows = 0
  for await (const item of queryAll(table, 'c1#durability')) {
    found.set(item.sk, item)
    rows++
  }
  close()
  await engine.stop()
  expect(rows).toBe(found.size)
  expect(acknowledged.map(({ sk }) => found.get(sk))).toEqual(acknowledged)
}
