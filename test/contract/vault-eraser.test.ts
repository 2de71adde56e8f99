/** The contract of a vault that forgets, on the model and on the engine of one machine; and what the adapter does when calls fail. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDynoxide } from '../../infra/local/engine/dynoxide.ts'
import type { Engine } from '../../infra/local/engine/process.ts'
import { type Fault, startFaultProxy } from '../support/fault-proxy.ts'
import { openLocalVault } from '../support/local-vault.ts'
import { memorySubjectFinder } from '../support/memory-finder.ts'
import { memoryTable } from '../support/memory-table.ts'
import { memoryRetentionVault } from '../support/memory-vault.ts'
import { tablePrefixes } from './scan.ts'
import { vaultEraserContract } from './vault-eraser.ts'

let engine: Engine
let folder = ''
const nextPrefix = tablePrefixes()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-'))
  engine = await startDynoxide({ dataFile: join(folder, 'vault.db') })
})
afterAll(async () => {
  await engine.stop()
  await rm(folder, { recursive: true })
})

vaultEraserContract('The model', async () => {
  const table = memoryTable()
  return {
    table,
    eraser: memoryRetentionVault(table),
    finder: memorySubjectFinder(table),
    close: () => undefined,
  }
})
vaultEraserContract('Dynoxide on disk', () => openLocalVault(engine.endpoint, nextPrefix()))

describe('DeleteItem behind failing calls', () => {
  const row = { pk: 'one', sk: 'subject', values: { year: 2026 } }

  async function removing(fault: Fault, failures: number): Promise<{ error: unknown; calls: number; left: number }> {
    const proxy = await startFaultProxy(engine.endpoint)
    const vault = await openLocalVault(proxy.endpoint, nextPrefix(), { deadlineMs: 400 })
    try {
      await vault.table.insert([row])
      proxy.decide = ({ operation, earlier }) => (operation === 'DeleteItem' && earlier < failures ? fault : undefined)
      const error = await vault.eraser.remove([row]).catch((thrown: unknown) => thrown)
      const calls = proxy.seen.filter(({ operation }) => operation === 'DeleteItem').length
      proxy.decide = () => undefined
      return { error, calls, left: (await vault.table.query('one')).items.length }
    } finally {
      vault.close()
      await proxy.stop()
    }
  }

  it.each<[string, Fault]>([
    ['throttled', { fault: 'refuse', type: 'ThrottlingException' }],
    ['answered 500', { fault: 'status', status: 500 }],
    ['dropped', { fault: 'drop' }],
    ['carried out, with the answer lost', { fault: 'lose-answer' }],
  ])('%s twice: tried again, and gone', async (_, fault) => {
    expect(await removing(fault, 2)).toEqual({ error: undefined, calls: 3, left: 0 })
  })

  it('lasting failures: unavailable', async () => {
    const { error, left } = await removing({ fault: 'status', status: 503 }, Number.POSITIVE_INFINITY)
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(left).toBe(1)
  })

  it('a refusal that no retry helps is reported at once, without the text of the database', async () => {
    const { error, calls } = await removing({ fault: 'refuse', type: 'AccessDeniedException' }, 9)
    expect(error).toMatchObject({ code: 'internal', message: 'The vault refused the request: AccessDeniedException.' })
    expect(calls).toBe(1)
  })
})
