/** Where the leaves of a range went. Each leaf is counted once, so the counts of a range add up to its length. */
import { integer, record, type TypeOf } from '../consent/schema.ts'

export const leafCounts = record({
  exported: integer,
  filtered: integer,
  elsewhere: integer,
  erased: integer,
  lapsed: integer,
  unreadable: integer,
  unreachable: integer,
  other: integer,
})
export interface LeafCounts extends TypeOf<typeof leafCounts> {}
export type LeafFate = keyof LeafCounts

const fates = Object.keys(leafCounts.members) as LeafFate[]

function countsBy(count: (fate: LeafFate) => number): LeafCounts {
  // `fates` has every member.
  return Object.fromEntries(fates.map((fate) => [fate, count(fate)])) as Record<LeafFate, number>
}

export const noLeaves: LeafCounts = countsBy(() => 0)
export const addCounts = (a: LeafCounts, b: LeafCounts): LeafCounts => countsBy((fate) => a[fate] + b[fate])
export const oneMore = (counts: LeafCounts, fate: LeafFate): LeafCounts => ({ ...counts, [fate]: counts[fate] + 1 })
export const totalOf = (counts: LeafCounts): number => fates.reduce((sum, fate) => sum + counts[fate], 0)
