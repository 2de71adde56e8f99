/** Records as DynamoDB Streams hands them to Lambda, and the event that has them; of a shape that Lambda's documentation gives. */
import type { AttributeValue, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import type { Attribute, Item } from '../../shared/ledger/store.ts'

/** Sequence numbers have more digits than a number holds. */
export const sequenceNumber = (n: number): string => `44215845000000000174504390${String(n).padStart(2, '0')}`

export function streamRecord(item: Item, n: number, more: Partial<DynamoDBRecord> = {}): DynamoDBRecord {
  const Keys = { pk: { S: item.pk }, sk: { S: item.sk } }
  const values = Object.entries(item.values).map(([name, value]) => [name, rawOf(value)] as const)
  return {
    eventID: 'c4ca4238a0b923820dcc509a6f75849b',
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-north-1',
    dynamodb: {
      ApproximateCreationDateTime: 1795348800,
      Keys,
      NewImage: { ...Keys, ...Object.fromEntries(values) },
      SequenceNumber: sequenceNumber(n),
      SizeBytes: 1126,
      StreamViewType: 'NEW_IMAGE',
    },
    eventSourceARN: 'arn:aws:dynamodb:eu-north-1:111122223333:table/entries/stream/2026-11-22T00:00:00.000',
    ...more,
  }
}

export function streamEvent(items: readonly Item[]): DynamoDBStreamEvent {
  return { Records: items.map((item, i) => streamRecord(item, i + 1)) }
}

function rawOf(value: Attribute): AttributeValue {
  if (typeof value === 'string') return { S: value }
  return typeof value === 'number' ? { N: String(value) } : { B: Buffer.from(value).toString('base64') }
}
