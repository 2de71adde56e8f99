/**
 * Whether the log contradicts the time that a leaf states.
 *
 *   postdated   The log had the leaf more than 5 minutes before that time. The leaf counts as known from when the log had it.
 *   backdated   The newest checkpoint without the leaf was made more than the promised delay after that time; or an earlier position of the
 *               log has a `time` leaf whose hour begins more than 5 minutes after that time. The leaf counts as known only from the first
 *               checkpoint that has it.
 */
import { isAhead } from '../../consent/clocks.ts'
import { promisedDelaySeconds, timeLeafToleranceMs } from '../../consent/promised-delay.ts'
import { LedgerError } from '../../errors.ts'
import type { QueryPage } from '../store.ts'
import { existedBy, type LogClock, type TimedCheckpoint } from './log-clock.ts'
import { timePk } from './log-items.ts'
import { checkpointAfter, checkpointBefore, checkpointSeconds, type LogReader } from './log-reader.ts'
import type { LogPosition } from './log-view.ts'

/**
 * A leaf that got its index within this time is not late, and needs no further read: any checkpoint without it was made before its batch, and
 * no earlier `time` leaf has a later hour, unless the log's clock was set back afterwards. It is half of the promised delay; the other half
 * allows for clocks that differ.
 */
const promptMs = (promisedDelaySeconds * 1000) / 2

/** The evidence against the time that a leaf states. */
export interface TimeContradiction {
  /** RFC 3339: when the first checkpoint that has the leaf was made. */
  readonly knownFrom: string
  readonly has: TimedCheckpoint
  /** Absent when the log had the leaf before the time that it states. */
  readonly late?: LateEvidence
}

/** Has at least one of its two members. */
export interface LateEvidence {
  /** The newest checkpoint without the leaf, if it was made too late. */
  readonly lacks?: TimedCheckpoint
  /** The hour and index of an earlier `time` leaf, if its hour is too late. */
  readonly time?: { readonly hour: string; readonly index: number }
}

/**
 * Finds the evidence against the time that a leaf states; `undefined` when there is none.
 *
 * @param place position of a leaf that a published checkpoint has
 * @param isOutOfOrder whether an earlier leaf of the log states a later hour
 */
export async function contradictionOf(
  reader: LogReader,
  controller: string,
  statedAt: string,
  place: LogPosition,
  clock: LogClock,
  isOutOfOrder = false,
): Promise<TimeContradiction | undefined> {
  const stated = Date.parse(statedAt)
  const { index, loggedAt } = place
  if (mayBePostdated(stated, place, clock)) {
    const { has, seconds } = await firstWith(reader, controller, index, clock)
    if (isAhead(stated, seconds * 1000)) return { has, knownFrom: isoOf(seconds) }
  }
  const isPrompt = Date.parse(loggedAt) - stated <= promptMs && !isOutOfOrder
  if (isPrompt && isTimeSure(stated, index, clock)) return undefined
  const [lacking, { has, seconds }] = await Promise.all([
    checkpointBefore(reader, controller, index),
    firstWith(reader, controller, index, clock),
  ])
  const lacks = lacking && { ...lacking, seconds: checkpointSeconds(reader, lacking) }
  if (isAhead(stated, seconds * 1000)) return { has, knownFrom: isoOf(seconds) }
  const time = await hourBefore(reader, controller, stated + timeLeafToleranceMs, index, clock)
  const lackingMs = lacks && existedBy(clock, lacks.size, lacks.seconds) * 1000
  const isLate = lackingMs !== undefined && lackingMs > stated + promisedDelaySeconds * 1000
  if (!isLate && time === undefined) return undefined
  return { has, knownFrom: isoOf(seconds), late: { ...(isLate && { lacks }), ...(time && { time }) } }
}

/** Whether the `time` leaf that an earlier leaf implies is of an hour too late for a leaf that states `statedAt`. */
export function isLaterHour(earlierLeafStates: string, statedAt: string): boolean {
  const hour = Math.floor((Date.parse(earlierLeafStates) - timeLeafToleranceMs) / 3_600_000) * 3_600_000
  return hour > Date.parse(statedAt) + timeLeafToleranceMs
}

/** The first instant at which a leaf shows that its hour has begun. */
export function withinHour(hour: string): string {
  return new Date(Date.parse(`${hour}:00:00.000Z`) + timeLeafToleranceMs).toISOString()
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString()

/** A check without a read. False when the log got the leaf after the time that it states, unless the log's clock was set back. */
function mayBePostdated(stated: number, { index, loggedAt }: LogPosition, clock: LogClock): boolean {
  const later = [...clock.afterSetBacks, ...clock.noted, clock.newest].filter(({ size }) => size > index)
  return [Date.parse(loggedAt), ...later.map(({ seconds }) => seconds * 1000)].some((ms) => isAhead(stated, ms))
}

/** Whether no known checkpoint casts doubt on the time of the leaf's batch. */
function isTimeSure(stated: number, index: number, { afterSetBacks, noted }: LogClock): boolean {
  const isLate = ({ size, seconds }: TimedCheckpoint) =>
    size <= index && seconds * 1000 > stated + promisedDelaySeconds * 1000
  return afterSetBacks.every(({ size }) => size <= index) && !noted.some(isLate)
}

/** The first checkpoint that has the leaf, and by when it was made. */
async function firstWith(reader: LogReader, controller: string, index: number, clock: LogClock) {
  const found = await checkpointAfter(reader, controller, index)
  if (found === undefined) throw new LedgerError('internal', 'no published checkpoint has the leaf')
  const has: TimedCheckpoint = { ...found, seconds: checkpointSeconds(reader, found) }
  return { has, seconds: existedBy(clock, has.size, has.seconds) }
}

const hoursAtOnce = 1000

/**
 * Finds a `time` leaf before the index whose hour begins after the instant and was not stamped by a wrong clock. Hours grow with indexes, so
 * the first one found decides, except for hours up to the latest time that the log had before its clock was set back.
 */
async function hourBefore(
  reader: LogReader,
  controller: string,
  instantMs: number,
  index: number,
  clock: LogClock,
): Promise<{ hour: string; index: number } | undefined> {
  let after: string | undefined = new Date(instantMs).toISOString().slice(0, 13)
  while (after !== undefined) {
    const limit = after < clock.wasUntil ? hoursAtOnce : 1
    const page: QueryPage = await reader.log.query(timePk(controller), { after, limit })
    for (const { sk: hour, values } of page.items) {
      const time = { hour, index: Number(values.index) }
      const startSeconds = Date.parse(`${hour}:00:00.000Z`) / 1000
      if (time.index < index && existedBy(clock, time.index, startSeconds) * 1000 > instantMs) return time
      if (hour > clock.wasUntil) return undefined
    }
    after = page.items.length === 0 ? undefined : page.next
  }
  return undefined
}
