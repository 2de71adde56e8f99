/** The contract of a vault that forgets on AWS's own DynamoDB Local; asked for by name, as `dynamodb-local.suite.ts`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { startDynamoDbLocal } from '../../infra/local/engine/dynamodb-local.ts'
import type { Engine } from '../../infra/local/engine/process.ts'
import { openLocalVault } from '../support/local-vault.ts'
import { tablePrefixes } from './scan.ts'
import { vaultEraserContract } from './vault-eraser.ts'

let engine: Engine
let folder = ''
const nextPrefix = tablePrefixes()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-'))
  engine = await startDynamoDbLocal({ dataFile: join(folder, 'vault.db') })
})
afterAll(async () => {
  await engine.stop()
  await rm(folder, { recursive: true })
})

vaultEraserContract('DynamoDB Local on disk', () => openLocalVault(engine.endpoint, nextPrefix()))
