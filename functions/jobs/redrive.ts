/**
 * Sequences entries whose announcement never came or could not be delivered. Events that start it:
 *
 *   EventBridge notice     of an object in the failures bucket: Lambda's record of a stream batch that it gave up. `payload` is the event
 *   `{detail}`             sent by an operator: the part of such a notice that names the object
 *   `{keys}`               sent by an operator, from an export or a self-audit
 *
 * The two that an operator sends may have a `dryRun` (`job-request.ts`). Only keys are taken from an event: the entries are read from their
 * table. The same event may be redriven any number of times. Throws when a log could not be extended, so that Lambda tries again and an
 * alarm goes off. Never run against AWS.
 */
import type { DynamoDBRecord, EventBridgeEvent } from 'aws-lambda'
import { LedgerError } from '../../shared/errors.ts'
import type { Key } from '../../shared/ledger/store.ts'
import { isKey, type LogJobDependencies, logExtender, reportFault } from './extend-logs.ts'
import { type JobRequest, readJobRequest } from './job-request.ts'
import { createLogJobHandler } from './log-job-handler.ts'
import { streamEntries } from './sequence.ts'

/** Reads an object of the failures bucket; `undefined` when it does not exist. */
export type ReadFailure = (name: string) => Promise<Uint8Array | undefined>

/** S3's notice by way of EventBridge, which does not encode the object's name. */
export type ObjectCreated = EventBridgeEvent<'Object Created', { readonly object: { readonly key: string } }>

type RedriveEvent = ObjectCreated | Pick<ObjectCreated, 'detail'> | { readonly keys: readonly Key[] }

export function createRedriveHandler(job: LogJobDependencies, readFailure: ReadFailure) {
  return createLogJobHandler(
    'redrive',
    job,
    async (forRun, run, event: RedriveEvent & { readonly dryRun?: boolean }) => {
      const keys =
        'keys' in event
          ? wellFormed(forRun, event.keys)
          : keysIn(forRun, await bytesOf(readFailure, event.detail?.object?.key))
      const failed = await logExtender(forRun)(keys.map(({ pk, sk }) => ({ key: { pk, sk } })))
      run.counted('keys', keys.length)
      run.done('sequenced', keys.length)
      if (failed.size === 0) return
      run.left(failed.size, 'logs', 'the same event takes them again')
      throw new LedgerError('unavailable', `${failed.size} logs could not be extended.`)
    },
    readRedriveRequest,
  )
}

/** @throws `invalid-request` */
function readRedriveRequest(event: unknown): JobRequest {
  if (isNotice(event)) return { dryRun: false, startedBy: 'failure' }
  const request = readJobRequest(event, ['keys', 'detail'])
  const { keys, detail } = Object(event)
  if (Array.isArray(keys) ? detail === undefined : keys === undefined && typeof detail === 'object') return request
  throw new LedgerError('invalid-request', 'a redrive takes a list of keys, or the detail of a notice')
}

/**
 * Whether EventBridge sent the event, which then has a `detail-type`. A whole notice to which an operator added a dry run is none, and is
 * refused: its `detail` is enough.
 */
function isNotice(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'detail-type' in event && !('dryRun' in event)
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
