/** The part of the time that the picture shows, and the ticks of its axis. Instants are milliseconds since 1970. */
import type { Span } from '../question/version-spans.ts'

/** Shortest time that the picture shows: less than that, and two records of one second would still not be told apart. */
export const shortestMs = 2_000

/**
 * @param factor below 1 shows less time, above 1 more
 * @param around the instant that stays in its place
 */
export function zoomed(window: Span, factor: number, around: number, whole: Span): Span {
  const length = window.until - window.from
  const wanted = Math.max(shortestMs, length * factor)
  if (wanted >= whole.until - whole.from) return whole
  const share = (Math.min(Math.max(around, window.from), window.until) - window.from) / length
  const from = around - wanted * share
  return within({ from, until: from + wanted }, whole)
}

/** @param share part of the shown time by which to move: positive is later */
export function moved(window: Span, share: number, whole: Span): Span {
  const by = (window.until - window.from) * share
  return within({ from: window.from + by, until: window.until + by }, whole)
}

/** The window, moved as little as shows the instant. */
export function showing(window: Span, at: number, whole: Span): Span {
  if (at >= window.from && at <= window.until) return window
  return moved(window, (at - (window.from + window.until) / 2) / (window.until - window.from), whole)
}

function within({ from, until }: Span, whole: Span): Span {
  const shift = Math.max(0, whole.from - from) - Math.max(0, until - whole.until)
  return { from: from + shift, until: until + shift }
}

export type TickUnit = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year'

interface Step {
  readonly unit: TickUnit
  readonly count: number
  readonly ms: number
}

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000]
const steps: readonly Step[] = [
  ...[1, 5, 15, 30].map((count) => ({ unit: 'second' as const, count, ms: count * second })),
  ...[1, 5, 15, 30].map((count) => ({ unit: 'minute' as const, count, ms: count * minute })),
  ...[1, 3, 6, 12].map((count) => ({ unit: 'hour' as const, count, ms: count * hour })),
  ...[1, 2, 7, 14].map((count) => ({ unit: 'day' as const, count, ms: count * day })),
  ...[1, 3, 6].map((count) => ({ unit: 'month' as const, count, ms: count * 30 * day })),
  ...[1, 2, 5, 10, 25, 100].map((count) => ({ unit: 'year' as const, count, ms: count * 365 * day })),
]

export interface Ticks {
  readonly unit: TickUnit
  readonly at: readonly number[]
}

/** Ticks at round times of the reader's calendar and clock, at most `most`. */
export function ticksOf({ from, until }: Span, most: number): Ticks {
  const step = steps.find(({ ms }) => (until - from) / ms <= most) ?? steps.at(-1)
  if (step === undefined) return { unit: 'year', at: [] }
  const at: number[] = []
  for (let tick = firstTick(from, step); tick <= until; tick = nextTick(tick, step)) if (tick >= from) at.push(tick)
  return { unit: step.unit, at }
}

/** The last round time that is not after `from`. */
function firstTick(from: number, { unit, count, ms }: Step): number {
  const date = new Date(from)
  const [year, month] = [date.getFullYear(), date.getMonth()]
  if (unit === 'year') return new Date(year - (year % count), 0).getTime()
  if (unit === 'month') return new Date(year, month - (month % count)).getTime()
  if (unit === 'day') return new Date(year, month, date.getDate() - ((date.getDate() - 1) % count)).getTime()
  const midnight = new Date(year, month, date.getDate()).getTime()
  return midnight + Math.floor((from - midnight) / ms) * ms
}

/** Days, months and years differ in length, also by a change to summer time; shorter steps do not. */
function nextTick(tick: number, { unit, count, ms }: Step): number {
  const date = new Date(tick)
  if (unit === 'year') return new Date(date.getFullYear() + count, 0).getTime()
  if (unit === 'month') return new Date(date.getFullYear(), date.getMonth() + count).getTime()
  // Hours are counted from midnight, on a day of 23 or 25 hours, too.
  if (unit === 'hour' && new Date(tick + ms).getDate() !== date.getDate())
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
  if (unit !== 'day') return tick + ms
  const next = new Date(date.getFullYear(), date.getMonth(), date.getDate() + count)
  // Every month begins with a tick. One that would be close before it is left out.
  const isNextMonth = next.getMonth() !== date.getMonth() || next.getDate() > 31 - count / 2
  const begin = new Date(date.getFullYear(), date.getMonth() + 1)
  return (count > 1 && isNextMonth ? begin : next).getTime()
}
