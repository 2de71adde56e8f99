/**
 * Sequences what the stream of the entries table announces, and publishes checkpoints. The records of a controller that failed are reported:
 * Lambda then sends all records from the lowest of them again, and finished ones are recognised. A failed publication is not reported,
 * because the entries are sequenced and the sweep publishes. With `putHandover`, what is announced is handed over (`hand-over.ts`), and
 * sequenced when it comes back by the stream of hand-overs. An instance without it still takes what was handed over before.
 *
 * The leaf that a record carries is logged as it is. That trusts the stream no more than a read of the row would trust DynamoDB, and the
 * right to call this function no more than the right to insert entries: a leaf that its row does not have is `leaf-differs` or
 * `entry-missing` in the next self-audit, and a proof of it fails. Records have the shape of Lambda's documentation; never run against AWS.
 */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { controllerOf, isErasure } from '../../shared/ledger/log/log-items.ts'
import type { AnnouncedEntry } from '../../shared/ledger/log/sequencer.ts'
import { isKey, type LogJobDependencies, logExtender, reportFault } from './extend-logs.ts'
import { handedOverKeys, handsOver } from './hand-over.ts'

export function createSequenceHandler(job: LogJobDependencies) {
  const { putHandover } = job
  const extendAnnounced = putHandover ? handsOver(job, putHandover) : logExtender(job)
  const extendHandedOver = logExtender(job, false)
  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const entries = streamEntries(event.Records)
    if (entries.malformed > 0) reportFault(job, 'malformed-records', entries.malformed)
    if (entries.changed > 0) reportFault(job, 'entries-changed', entries.changed)
    const failed = await (entries.areHandedOver ? extendHandedOver : extendAnnounced)(entries.announced)
    const done = putHandover && !entries.areHandedOver ? 'handed-over' : 'sequenced'
    job.telemetry.log({ level: 'info', event: done, count: entries.announced.length })
    const records = entries.announced.filter(({ key }) => failed.has(controllerOf(key)))
    const numbers = new Set(records.map(({ sequenceNumber }) => sequenceNumber))
    return { batchItemFailures: [...numbers].map((itemIdentifier) => ({ itemIdentifier })) }
  }
}

interface StreamEntry extends AnnouncedEntry {
  readonly sequenceNumber: string
}

/** The entries that stream records announce, and how many records are malformed or show a changed entry. */
export function streamEntries(records: readonly DynamoDBRecord[]): {
  readonly announced: readonly StreamEntry[]
  readonly malformed: number
  readonly changed: number
  /** Whether they are records of the stream of hand-overs: an invocation has records of one stream. */
  readonly areHandedOver: boolean
} {
  const read = records.map(readRecord)
  return {
    announced: read.flatMap((record) => (typeof record === 'string' ? [] : record)),
    malformed: read.filter((record) => record === 'malformed').length,
    changed: read.filter((record) => record === 'changed').length,
    areHandedOver: records.some(isHandover),
  }
}

/** Their table has no sort key, which every item of the entries has: no entry can be taken for a hand-over, whatever its attributes. */
function isHandover({ dynamodb }: DynamoDBRecord): boolean {
  return dynamodb?.Keys?.sk === undefined && dynamodb?.NewImage?.keys !== undefined
}

function readHandover({ dynamodb }: DynamoDBRecord): readonly StreamEntry[] | 'malformed' {
  const { Keys, NewImage, SequenceNumber: sequenceNumber } = dynamodb ?? {}
  const keys = handedOverKeys(Keys?.pk?.S ?? '', NewImage?.keys?.S ?? '')
  if (!sequenceNumber || !keys?.every((key) => isKey(key) && !isErasure(key))) return 'malformed'
  return keys.map((key) => ({ key, sequenceNumber }))
}

/** Items without a leaf, such as sites, are not logged. Erasures wait for their release. */
function readRecord(record: DynamoDBRecord): readonly StreamEntry[] | 'no-entry' | 'changed' | 'malformed' {
  if (isHandover(record)) return readHandover(record)
  const { eventName, dynamodb } = record
  if (eventName === 'MODIFY' || eventName === 'REMOVE') return 'changed'
  const { Keys, NewImage, SequenceNumber: sequenceNumber } = dynamodb ?? {}
  if (eventName !== 'INSERT' || NewImage === undefined || !sequenceNumber) return 'malformed'
  if (NewImage.leaf === undefined) return 'no-entry'
  const key = { pk: Keys?.pk?.S, sk: Keys?.sk?.S }
  if (!isKey(key)) return 'malformed'
  if (isErasure(key)) return 'no-entry'
  const leaf = NewImage.leaf.S
  return leaf === undefined ? 'malformed' : [{ key, leaf, sequenceNumber }]
}
