/** Messages that come from a list, in a log of the same length: what deliveries need to run without keys and without a receiver. */
import { type DeliveryPlace, deliveryId } from '../../../../shared/ledger/fan-out/delivery-id.ts'
import type { Delivering } from '../../../../shared/ledger/fan-out/delivery-step.ts'
import {
  type MessageSource,
  type MessagesAnswer,
  messagesAtOnce,
  type ReadyMessage,
} from '../../../../shared/ledger/fan-out/message-source.ts'
import type { Attempt } from '../../../../shared/ledger/fan-out/send-lanes.ts'
import { batchItem } from '../../../../shared/ledger/log/log-items.ts'
import type { Table } from '../../../../shared/ledger/store.ts'
import { leafHash } from '../../../../shared/tlog/merkle.ts'
import { type MemoryTableOptions, memoryTable } from '../../../support/memory-table.ts'

export const listed = { endpoint: 'crm', change: 1, isEnabled: true }

export interface ListedMessages extends Delivering {
  readonly received: ReadyMessage[]
  /** Ids of messages that the receiver answered 2xx, once each, in the order of their first success. */
  accepted(): string[]
  advance(ms: number): void
  /** What the receiver answers. */
  answer: (message: ReadyMessage) => Attempt
  readonly closedLeaves: Set<number>
  settings: { change: number; isEnabled: boolean; completionHours?: number }
  redelivery: { from: number; to: number }
}

/** @param lanes the lane of each leaf, which makes one message */
export async function listedMessages(
  lanes: readonly string[],
  faults: MemoryTableOptions = {},
): Promise<ListedMessages> {
  const log = memoryTable()
  let nowMs = Date.parse('2026-12-01T10:00:00.000Z')
  const entry = { key: { pk: 'acme#x', sk: 'y' }, leafHash: leafHash(Buffer.from('')) }
  const range = { size: lanes.length, hashes: [] }
  const batch = { first: 0, id: Buffer.alloc(16), root: entry.leafHash, range, at: new Date(nowMs).toISOString() }
  await log.insert([batchItem('acme', { ...batch, entries: lanes.map(() => entry) })])
  const received: ReadyMessage[] = []
  const accepted = new Set<string>()
  const ready = (place: DeliveryPlace, sequence?: number): ReadyMessage => ({
    ...{ ...place, sequence, lane: lanes[place.leaf] ?? '', headers: {}, body: '{}' },
    id: deliveryId({ controller: 'acme', endpoint: 'crm', ...place }),
    completionHours: world.settings.completionHours,
  })
  const page = (from: number, end: number, first?: number) =>
    Array.from({ length: Math.max(0, end - from) }, (_, i) =>
      ready({ leaf: from + i, part: 0 }, first === undefined ? undefined : first + i),
    )
  const source: MessageSource = {
    endpoints: async () => [listed],
    async messages({ work }): Promise<MessagesAnswer> {
      const { change, isEnabled } = world.settings
      const common = { change, isEnabled, url: 'https://crm.example/', closed: [] }
      if (work.kind === 'again') {
        const isClosed = ({ leaf }: DeliveryPlace) => world.closedLeaves.has(leaf)
        const messages = work.places.filter((each) => !isClosed(each)).map((each) => ready(each, each.sequence))
        return { ...common, messages, closed: work.places.filter(isClosed), next: 0, isEnd: true }
      }
      const isNew = work.kind === 'new'
      const from = isNew ? work.from : Math.max(work.from, world.redelivery.from)
      const last = isNew ? lanes.length : Math.min(lanes.length, world.redelivery.to + 1)
      const end = Math.min(last, from + messagesAtOnce)
      return { ...common, messages: page(from, end, isNew ? work.sequence : undefined), next: end, isEnd: end >= last }
    },
  }
  const entries: Table = memoryTable(faults)
  const world: ListedMessages = {
    ...{ entries, log, source, received, clock: () => nowMs, jitter: () => 0.5 },
    async send(_url, message) {
      received.push(message)
      const attempt = world.answer(message)
      if (attempt.isDelivered) accepted.add(message.id)
      return attempt
    },
    accepted: () => [...accepted],
    advance: (ms) => {
      nowMs += ms
    },
    answer: () => ({ isDelivered: true, status: 200 }),
    closedLeaves: new Set(),
    settings: { change: 1, isEnabled: true },
    redelivery: { from: 0, to: 0 },
  }
  return world
}

export const idOf = (leaf: number): string => deliveryId({ controller: 'acme', endpoint: 'crm', leaf, part: 0 })
