/**
 * The stream of hand-overs with Lambda's pollers. Lambda starts up to ten invocations at a time for a shard, and keeps the order of each item:
 * one at a time has the records of a log. Which items share one of the ten is not documented; here a hash decides.
 */
import type { DynamoDBRecord } from 'aws-lambda'
import { handoverBatchSize, handoverLanesOfShard, newTableShards, streamDelayMs } from './aws-figures.ts'
import { placeOf } from './capacity.ts'
import type { RawItem } from './dynamodb-model.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface HandoverLanes {
  /** An item was put. */
  arrived(item: RawItem): void
  /** Resolves when all that arrived was taken by an invocation that succeeded. */
  idle(): Promise<void>
}

/** @param invoke resolves to false when the records are to be sent again */
export function handoverLanes(
  time: VirtualTime,
  invoke: (records: DynamoDBRecord[]) => Promise<boolean>,
): HandoverLanes {
  const waiting = new Map<number, DynamoDBRecord[]>()
  const running = new Map<number, Promise<void>>()
  let sequenceNumber = 0

  async function drain(lane: number, records: DynamoDBRecord[]): Promise<void> {
    await time.sleep(streamDelayMs)
    while (records.length > 0) {
      const taken = records.slice(0, handoverBatchSize)
      if (await invoke(taken)) records.splice(0, taken.length)
    }
    running.delete(lane)
  }

  return {
    arrived({ pk = { S: '' }, keys = { S: '' } }) {
      const lane = Math.floor(placeOf(pk.S ?? '') * newTableShards * handoverLanesOfShard)
      const records = waiting.get(lane) ?? []
      waiting.set(lane, records)
      const image = (value: { readonly S?: string | undefined }) => ({ S: value.S ?? '' })
      const Keys = { pk: image(pk) }
      const NewImage = { ...Keys, keys: image(keys) }
      records.push({
        eventName: 'INSERT',
        dynamodb: { Keys, NewImage, SequenceNumber: String(sequenceNumber++) },
      })
      if (!running.has(lane)) running.set(lane, drain(lane, records))
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}
