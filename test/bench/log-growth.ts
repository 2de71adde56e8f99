/**
 * A log that grows from nothing, without engine and disk: leaf hashes, the tree behind each 1,000 leaves with its root, and all of its
 * tiles and entry bundles, by the publisher's own `tileWriter` into objects that count bytes and drop them. Keys and leaves are
 * made outside the measured time.
 */
import type { LoggedEntry } from '../../shared/ledger/log/log-items.ts'
import { tileWriter } from '../../shared/ledger/log/tile-writer.ts'
import type { Item, Objects } from '../../shared/ledger/store.ts'
import { appendLeaves, emptyRange, leafHash, rootOf } from '../../shared/tlog/merkle.ts'
import type { LogSample } from './log-sample.ts'

export interface GrowthFigures {
  readonly leaves: number
  readonly leafBytes: number
  readonly leavesPerSecond: number
  readonly objects: number
  /** Tiles and entry bundles, each width of a tile above level 0 by itself. */
  readonly objectBytesPerLeaf: number
}

const leavesPerBatch = 1_000
const controller = 'bench'

export async function measureGrowth(sample: LogSample, leaves: number): Promise<GrowthFigures> {
  await grow(sample, Math.min(leaves, 20 * leavesPerBatch))
  return grow(sample, leaves)
}

async function grow(sample: LogSample, leaves: number): Promise<GrowthFigures> {
  const { objects, dropped } = droppingObjects()
  /** Those that no bundle has yet. */
  const waiting = new Map<string, Item>()
  const get = async (keys: readonly { readonly sk: string }[]) =>
    keys.map(({ sk }) => {
      const item = waiting.get(sk)
      waiting.delete(sk)
      return item
    })
  const tiles = tileWriter({ objects, entries: { get } }, controller, emptyRange)
  let range = emptyRange
  let ms = 0
  for (let first = 0; first < leaves; first += leavesPerBatch) {
    const items = Array.from({ length: Math.min(leavesPerBatch, leaves - first) }, (_, i) =>
      sample.entryOf(sample.keyOf(controller, first + i)),
    )
    for (const item of items) waiting.set(item.sk, item)
    const startedAt = performance.now()
    const entries = items.map(
      (item): LoggedEntry => ({ key: item, leafHash: leafHash(Buffer.from(String(item.values.leaf))) }),
    )
    range = appendLeaves(
      range,
      entries.map((entry) => entry.leafHash),
    )
    rootOf(range)
    await tiles.append(entries)
    ms += performance.now() - startedAt
  }
  return {
    leaves,
    leafBytes: sample.leafBytes,
    leavesPerSecond: leaves / (ms / 1000),
    objects: dropped.objects,
    objectBytesPerLeaf: dropped.bytes / leaves,
  }
}

function droppingObjects(): { objects: Objects; dropped: { objects: number; bytes: number } } {
  const dropped = { objects: 0, bytes: 0 }
  const objects: Objects = {
    async put(_name, bytes) {
      dropped.objects++
      dropped.bytes += bytes.length
    },
    get: async () => undefined,
    first: async () => undefined,
    readServed: async () => undefined,
    replaceServed: async () => true,
  }
  return { objects, dropped }
}
