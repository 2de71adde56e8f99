/** The scan's contract on the model of the tests, and on the engine that one machine runs by default. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { startDynoxide } from '../../infra/local/engine/dynoxide.ts'
import type { Engine } from '../../infra/local/engine/process.ts'
import { memoryTable } from '../support/memory-table.ts'
import { openScannedTable } from '../support/scanned-table.ts'
import { scanContract, tablePrefixes } from './scan.ts'

let engine: Engine
let folder = ''
const nextPrefix = tablePrefixes()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scan-'))
  engine = await startDynoxide({ dataFile: join(folder, 'entries.db') })
})
afterAll(async () => {
  await engine.stop()
  await rm(folder, { recursive: true })
})

scanContract('The model', async () => ({ table: memoryTable(), close: () => undefined }))
scanContract('Dynoxide on disk', () => openScannedTable(engine.endpoint, nextPrefix()))
