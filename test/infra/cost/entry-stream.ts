/** The stream of the entries table, which the engine does not have: what was inserted since the stream was read last, as records. */
import type { DynamoDBRecord } from 'aws-lambda'
import { isEvent, isRead, storedItems } from '../../support/stored-items.ts'

export interface EntryStream {
  read(): Promise<DynamoDBRecord[]>
}

/** Begins behind the world: only events and reads come. */
export function entryStream(engineEndpoint: string): EntryStream {
  const known = new Set<string>()
  return {
    async read() {
      const stored = await storedItems(engineEndpoint, 'entries')
      const fresh = stored.filter((item) => (isEvent(item) || isRead(item)) && !known.has(item.pk + item.sk))
      for (const { pk, sk } of fresh) known.add(pk + sk)
      return fresh.map(({ pk, sk, values }, i) => ({
        eventName: 'INSERT',
        dynamodb: {
          Keys: { pk: { S: pk }, sk: { S: sk } },
          NewImage: { pk: { S: pk }, sk: { S: sk }, leaf: { S: String(values.leaf) } },
          SequenceNumber: String(i + 1),
        },
      }))
    },
  }
}
