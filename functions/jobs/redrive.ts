/**
 * Sequences entries whose announcement never came or could not be delivered. Events that start it:
 *
 *   EventBridge notice     of an object in the failures bucket: Lambda's record of a stream batch that it gave up. `payload` is the event
 *   `{keys}`               sent by an operator, from an export or a self-audit
 *
 * Only keys are taken from either: the entries are read from their table. The same event may be redriven any number of times. Throws when a
 * log could not be extended, so that Lambda tries again and an alarm goes off. Never run against AWS.
 */
import type { DynamoDBRecord, EventBridgeEvent } from 'aws-lambda'
import { LedgerError } from '../../shared/errors.ts'
import type { Key } from '../../shared/ledger/store.ts'
import { isKey, type LogJobDependencies, logExtender, reportFault } from './extend-logs.ts'
import { streamEntries } from './sequence.ts'

/** Reads an object of the failures bucket; `undefined` when it does not exist. */
export type ReadFailure = (name: string) => Promise<Uint8Array | undefined>

/** S3's notice by way of EventBridge, which does not encode the object's name. */
export type ObjectCreated = EventBridgeEvent<'Object Created', { readonly object: { readonly key: string } }>

export function createRedriveHandler(job: LogJobDependencies, readFailure: ReadFailure) {
  const extendLogs = logExtender(job)
  return async (event: ObjectCreated | { readonly keys: readonly Key[] }): Promise<void> => {
    const keys =
      'keys' in event ? wellFormed(job, event.keys) : keysIn(job, await bytesOf(readFailure, event.detail?.object?.key))
    const failed = await extendLogs(keys.map(({ pk, sk }) => ({ key: { pk, sk } })))
    job.telemetry.log({ level: 'info', event: 'sequenced', count: keys.length })
    if (failed.size > 0) throw new LedgerError('unavailable', `${failed.size} logs could not be extended.`)
  }
}

async function bytesOf(readFailure: ReadFailure, name: string | undefined): Promise<Uint8Array | undefined> {
  return name === undefined ? undefined : readFailure(name)
}

function wellFormed(job: LogJobDependencies, given: readonly Key[]): readonly Key[] {
  const keys = given.filter(isKey)
  if (keys.length < given.length) reportFault(job, 'malformed-records', given.length - keys.length)
  return keys
}

function keysIn(job: LogJobDependencies, bytes: Uint8Array | undefined): readonly Key[] {
  const records = bytes && recordsIn(Buffer.from(bytes).toString())
  if (records === undefined) {
    reportFault(job, 'malformed-records', 1)
    return []
  }
  const { announced, malformed, changed } = streamEntries(records)
  if (malformed > 0) reportFault(job, 'malformed-records', malformed)
  if (changed > 0) reportFault(job, 'entries-changed', changed)
  return announced.map(({ key }) => key)
}

/** Records of the undelivered event. `payload` is JSON in a JSON string; `undefined` when the text has another form. */
function recordsIn(text: string): readonly DynamoDBRecord[] | undefined {
  try {
    const { payload } = JSON.parse(text)
    const { Records } = typeof payload === 'string' ? JSON.parse(payload) : payload
    return Array.isArray(Records) && Records.every((record) => typeof record === 'object' && record !== null)
      ? Records
      : undefined
  } catch {
    return undefined
  }
}
