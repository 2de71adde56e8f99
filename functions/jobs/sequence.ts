/**
 * Lambda handler: the stream of the entries table rings. What was inserted gets its leaf index, and a checkpoint is published.
 *
 * The records of a controller that fails are reported, and Lambda comes back with all from the lowest of them on: those that are done
 * are found done. A publication that fails is none of this: the entries have their places, and the sweep publishes.
 * The records of the tests have the shape that Lambda's documentation gives; it never ran against AWS.
 */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { controllerOf, isErasure } from '../../shared/ledger/log/log-items.ts'
import type { AnnouncedEntry } from '../../shared/ledger/log/sequencer.ts'
import { isKey, type LogJobDependencies, logExtender, reportFault } from './extend-logs.ts'

export function createSequenceHandler(keeping: LogJobDependencies) {
  const extendLogs = logExtender(keeping)
  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const rings = streamEntries(event.Records)
    if (rings.malformed > 0) reportFault(keeping, 'malformed-records', rings.malformed)
    if (rings.changed > 0) reportFault(keeping, 'entries-changed', rings.changed)
    const failed = await extendLogs(rings.announced)
    keeping.telemetry.log({ level: 'info', event: 'sequenced', count: rings.announced.length })
    return {
      batchItemFailures: rings.announced
        .filter(({ key }) => failed.has(controllerOf(key)))
        .map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })),
    }
  }
}

interface StreamEntry extends AnnouncedEntry {
  readonly sequenceNumber: string
}

/** What records of the stream announce, and how many of them are no announcement but should be. */
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

/** Sites and the like are items without a leaf, and none of the log's business. Erasures wait for their release. */
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
