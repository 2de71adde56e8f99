/**
 * Sequences what the stream of the entries table announces, and publishes checkpoints. The records of a controller that failed are reported:
 * Lambda then sends all records from the lowest of them again, and finished ones are recognised. A failed publication is not reported,
 * because the entries are sequenced and the sweep publishes.
 *
 * The leaf that a record carries is logged as it is. That trusts the stream no more than a read of the row would trust DynamoDB, and the
 * right to call this function no more than the right to insert entries: a leaf that its row does not have is `leaf-differs` or
 * `entry-missing` in the next self-audit, and a proof of it fails. Records have the shape of Lambda's documentation; never run against AWS.
 */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { controllerOf, isErasure } from '../../shared/ledger/log/log-items.ts'
import type { AnnouncedEntry } from '../../shared/ledger/log/sequencer.ts'
import { isKey, type LogJobDependencies, logExtender, reportFault } from './extend-logs.ts'

export function createSequenceHandler(job: LogJobDependencies) {
  const extendLogs = logExtender(job)
  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const entries = streamEntries(event.Records)
    if (entries.malformed > 0) reportFault(job, 'malformed-records', entries.malformed)
    if (entries.changed > 0) reportFault(job, 'entries-changed', entries.changed)
    const failed = await extendLogs(entries.announced)
    job.telemetry.log({ level: 'info', event: 'sequenced', count: entries.announced.length })
    return {
      batchItemFailures: entries.announced
        .filter(({ key }) => failed.has(controllerOf(key)))
        .map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })),
    }
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
} {
  const read = records.map(readRecord)
  return {
    announced: read.filter((record) => typeof record === 'object'),
    malformed: read.filter((record) => record === 'malformed').length,
    changed: read.filter((record) => record === 'changed').length,
  }
}

/** Items without a leaf, such as sites, are not logged. Erasures wait for their release. */
function readRecord({ eventName, dynamodb }: DynamoDBRecord): StreamEntry | 'no-entry' | 'changed' | 'malformed' {
  if (eventName === 'MODIFY' || eventName === 'REMOVE') return 'changed'
  const { Keys, NewImage, SequenceNumber } = dynamodb ?? {}
  const key = { pk: Keys?.pk?.S, sk: Keys?.sk?.S }
  if (eventName !== 'INSERT' || NewImage === undefined || !SequenceNumber) return 'malformed'
  if (NewImage.leaf === undefined) return 'no-entry'
  if (!isKey(key)) return 'malformed'
  if (isErasure(key)) return 'no-entry'
  const leaf = NewImage.leaf.S
  return leaf === undefined ? 'malformed' : { key, leaf, sequenceNumber: SequenceNumber }
}
