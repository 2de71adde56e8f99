/**
 * Lambda handler: gives entries that no doorbell announced, or whose announcement failed for good, their places in the log.
 *
 *   EventBridge's notice   of an object in the bucket of failures: Lambda's record of a batch of the stream that it gave up, whose
 *                          `payload` is the event it could not deliver
 *   `{keys}`               by hand: of an export, or of a self-audit
 *
 * Only keys are taken from what is redriven: the entries are read again from their table. The same may be redriven as often as it takes;
 * throws when a log could not be extended, so that Lambda tries again and an alarm goes off. Never run against AWS.
 */
import type { DynamoDBRecord, EventBridgeEvent } from 'aws-lambda'
import { LedgerError } from '../../shared/errors.ts'
import type { Key } from '../../shared/ledger/store.ts'
import { isKey, type LogJobDependencies, logExtender, reportFault } from './extend-logs.ts'
import { streamEntries } from './sequence.ts'

/** Bytes of an object in the bucket of failures; `undefined` when it is gone. */
export type ReadFailure = (name: string) => Promise<Uint8Array | undefined>

/** S3's, as EventBridge hands it on: the object's name is not encoded. */
export type ObjectCreated = EventBridgeEvent<'Object Created', { readonly object: { readonly key: string } }>

export function createRedriveHandler(keeping: LogJobDependencies, readFailure: ReadFailure) {
  const extendLogs = logExtender(keeping)
  return async (event: ObjectCreated | { readonly keys: readonly Key[] }): Promise<void> => {
    const keys =
      'keys' in event
        ? wellFormed(keeping, event.keys)
        : keysIn(keeping, await bytesOf(readFailure, event.detail?.object?.key))
    const failed = await extendLogs(keys.map(({ pk, sk }) => ({ key: { pk, sk } })))
    keeping.telemetry.log({ level: 'info', event: 'sequenced', count: keys.length })
    if (failed.size > 0) throw new LedgerError('unavailable', `${failed.size} logs could not be extended.`)
  }
}

async function bytesOf(readFailure: ReadFailure, name: string | undefined): Promise<Uint8Array | undefined> {
  return name === undefined ? undefined : readFailure(name)
}

function wellFormed(keeping: LogJobDependencies, given: readonly Key[]): readonly Key[] {
  const keys = given.filter(isKey)
  if (keys.length < given.length) reportFault(keeping, 'malformed-records', given.length - keys.length)
  return keys
}

function keysIn(keeping: LogJobDependencies, bytes: Uint8Array | undefined): readonly Key[] {
  const records = bytes && recordsIn(Buffer.from(bytes).toString())
  if (records === undefined) {
    reportFault(keeping, 'malformed-records', 1)
    return []
  }
  const { announced, malformed, changed } = streamEntries(records)
  if (malformed > 0) reportFault(keeping, 'malformed-records', malformed)
  if (changed > 0) reportFault(keeping, 'entries-changed', changed)
  return announced.map(({ key }) => key)
}

/** `payload` is the undelivered event, as JSON within the JSON. */
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
