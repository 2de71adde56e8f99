/** The scan's contract on AWS's own DynamoDB Local; asked for by name, as `dynamodb-local.suite.ts`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { startDynamoDbLocal } from '../../infra/local/engine/dynamodb-local.ts'
import type { Engine } from '../../infra/local/engine/process.ts'
import { openScannedTable } from '../support/scanned-table.ts'
import { scanContract, tablePrefixes } from './scan.ts'

let engine: Engine
let folder = ''
const nextPrefix = tablePrefixes()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scan-'))
  engine = await startDynamoDbLocal({ dataFile: join(folder, 'entries.db') })
})
afterAll(async () => {
  await engine.stop()
  await rm(folder, { recursive: true })
})

scanContract('DynamoDB Local on disk', () => openScannedTable(engine.endpoint, nextPrefix()))
