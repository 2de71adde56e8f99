/**
 * What DynamoDB lets through: partitions that each have units for a second and no more, over which the partition keys are spread. A table
 * on demand begins with as many partitions as its throughput needs. A hot partition is split, unless its heat is one partition key:
 * adaptive capacity gives a key a partition of its own, and cannot give it more than one.
 */
import { newTable, partitionLimits, splitAfterMs, splitAgainAfterMs, type Throughput } from './aws-figures.ts'

export interface Capacity {
  /** Takes the units, or refuses: a throttled request takes none. */
  take(kind: 'write' | 'read', pk: string, units: number, nowMs: number): boolean
  partitionCount(): number
  throttled(): number
}

interface Bucket {
  tokens: number
  at: number
}

interface Partition {
  /** It has the keys whose hashes lie from here to `to`, 0 to 1. */
  readonly from: number
  readonly to: number
  readonly write: Bucket
  readonly read: Bucket
  hotSince: number | undefined
  lastThrottledAt: number
  readonly bornAt: number
  /** The keys that it refused since it became hot; at most two are kept. */
  readonly refused: Set<string>
}

/** A partition that refuses nothing for so long is no longer hot. */
const coolAfterMs = 5_000

export function tableCapacity(warm: Throughput = newTable): Capacity {
  const count = Math.ceil(
    Math.max(
      warm.writeUnitsPerSecond / partitionLimits.writeUnitsPerSecond,
      warm.readUnitsPerSecond / partitionLimits.readUnitsPerSecond,
    ),
  )
  let partitions = Array.from({ length: count }, (_, i) => newPartition(i / count, (i + 1) / count, Number.NaN))
  let throttled = 0

  return {
    take(kind, pk, units, nowMs) {
      const place = placeOf(pk)
      const partition = partitions.find(({ to }) => place < to)
      if (partition === undefined) throw new Error('a hash of 1 or more')
      const perSecond = kind === 'write' ? partitionLimits.writeUnitsPerSecond : partitionLimits.readUnitsPerSecond
      if (draw(partition[kind], units, perSecond, nowMs)) return true
      throttled++
      heat(partition, pk, nowMs)
      if (isToSplit(partition, nowMs)) {
        const middle = (partition.from + partition.to) / 2
        const halves = [newPartition(partition.from, middle, nowMs), newPartition(middle, partition.to, nowMs)]
        partitions = partitions.flatMap((each) => (each === partition ? halves : [each]))
      }
      return false
    },
    partitionCount: () => partitions.length,
    throttled: () => throttled,
  }
}

function newPartition(from: number, to: number, bornAt: number): Partition {
  const full = { write: { tokens: Number.NaN, at: 0 }, read: { tokens: Number.NaN, at: 0 } }
  return { from, to, bornAt, ...full, hotSince: undefined, lastThrottledAt: 0, refused: new Set() }
}

/** A request of more units than are left goes through, and those after it wait for the debt. */
function draw(bucket: Bucket, units: number, perSecond: number, nowMs: number): boolean {
  const earned = Number.isNaN(bucket.tokens) ? perSecond : bucket.tokens + ((nowMs - bucket.at) / 1_000) * perSecond
  bucket.tokens = Math.min(perSecond, earned)
  bucket.at = nowMs
  if (bucket.tokens <= 0) return false
  bucket.tokens -= units
  return true
}

function heat(partition: Partition, pk: string, nowMs: number): void {
  if (partition.hotSince === undefined || nowMs - partition.lastThrottledAt > coolAfterMs) {
    partition.hotSince = nowMs
    partition.refused.clear()
  }
  partition.lastThrottledAt = nowMs
  if (partition.refused.size < 2) partition.refused.add(pk)
}

function isToSplit({ hotSince = Number.NaN, bornAt, refused }: Partition, nowMs: number): boolean {
  const isOld = Number.isNaN(bornAt) || nowMs - bornAt >= splitAgainAfterMs
  return isOld && refused.size > 1 && nowMs - hotSince >= splitAfterMs
}

/** FNV-1a with a final mix, as a number from 0 up to but not including 1. DynamoDB's own hash is not public. */
export function placeOf(pk: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < pk.length; i++) hash = Math.imul(hash ^ pk.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
