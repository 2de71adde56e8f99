/** What is left of a batch of the stream that Lambda gave up: its record in the bucket of failures, and EventBridge's notice of it. */
import { randomUUID } from 'node:crypto'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import type { ObjectCreated } from '../../functions/jobs/redrive.ts'
import type { S3Double } from './s3-double.ts'

export const failuresBucket = 'ledger-failures'

/** As Lambda names them: by mapping, shard and time, and a UUID at the end. */
const folder = 'aws/lambda/0f1e2d3c/shardId-00000001795867200000-0a1b2c3d/2026/11/28'

/** Puts the record into its bucket; returns the event that follows. */
export function giveUp(s3: S3Double, event: DynamoDBStreamEvent): ObjectCreated {
  const name = `${folder}/2026-11-28T12.00.00-${randomUUID()}`
  const bytes = Buffer.from(JSON.stringify(invocationRecord(JSON.stringify(event))))
  const object = { bytes, etag: '"0"', contentType: undefined, cacheControl: undefined }
  s3.buckets.get(failuresBucket)?.set(name, object)
  return objectCreated(name)
}

/** From Lambda's documentation, "Adding an on-failure destination": `payload` is there for S3 only, the event as a string. */
function invocationRecord(payload: string) {
  return {
    requestContext: {
      requestId: '316aa6d0-8154-4b3e-9af7-85d5f4a6bc81',
      functionArn: 'arn:aws:lambda:eu-north-1:111122223333:function:ledger-sequence',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 6,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-11-28T12:00:00.000Z',
    DDBStreamBatchInfo: {
      shardId: 'shardId-00000001795867200000-0a1b2c3d',
      startSequenceNumber: '800000000003126276362',
      endSequenceNumber: '800000000003126276363',
      approximateArrivalOfFirstRecord: '2026-11-28T11:59:00Z',
      approximateArrivalOfLastRecord: '2026-11-28T11:59:00Z',
      batchSize: 2,
      streamArn: 'arn:aws:dynamodb:eu-north-1:111122223333:table/entries/stream/2026-11-28T00:00:00.000',
    },
    payload,
  }
}

/** From S3's documentation, "EventBridge event message structure"; names come as they are. */
export function objectCreated(key: string): ObjectCreated {
  const detail = {
    version: '0',
    bucket: { name: failuresBucket },
    object: { key, size: 1024, etag: 'd41d8cd98f00b204e9800998ecf8427e', sequencer: '0055AED6DCD9' },
    'request-id': 'C3D13FE58DE4C810',
    requester: '111122223333',
    reason: 'PutObject',
  }
  return {
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111122223333',
    time: '2026-11-28T12:00:01Z',
    region: 'eu-north-1',
    resources: [`arn:aws:s3:::${failuresBucket}`],
    detail,
  }
}
