/**
 * Whether the log contradicts the time that a leaf states.
 *
 *   postdated   the log had the leaf more than 5 minutes before that time; it is known from when the log had it
 *   backdated   the newest checkpoint that lacks the leaf was made more than the promised delay after that time, or a `time` leaf of an hour that
 *               begins more than 5 minutes after it stands before it; it is known only from the first checkpoint that has it
 */
import { isAhead } from '../../consent/clocks.ts'
import { promisedDelaySeconds, timeLeafToleranceMs } from '../../consent/proof-file.ts'
import { LedgerError } from '../../errors.ts'
import type { QueryPage } from '../store.ts'
import { existedBy, type LogClock, type TimedCheckpoint } from './log-clock.ts'
import { timePk } from './log-items.ts'
import { checkpointAfter, checkpointBefore, checkpointSeconds, type LogReader } from './log-reader.ts'
import type { LogPosition } from './log-view.ts'

/**
 * A leaf that got its index this soon is not late, and no further read is needed: a checkpoint that lacks it was made before its batch, and
 * no `time` leaf before it is of a later hour, unless the log's clock was set back later. The other half of the promised delay allows for
 * clocks that differ.
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

/** At least one of the two. */
export interface LateEvidence {
  /** The newest checkpoint that lacks the leaf, when it is late itself. */
  readonly lacks?: TimedCheckpoint
  /** The hour and index of a `time` leaf that stands before it, when that is too late. */
  readonly time?: { readonly hour: string; readonly index: number }
}

/**
 * @param place position of a leaf that a published checkpoint has
 * @param isOutOfOrder a leaf before it in the log states a later hour
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

/** Whether a leaf that states one time stands after the `time` leaf of its hour, which is too late for the other. */
export function isLaterHour(earlierLeafStates: string, statedAt: string): boolean {
  const hour = Math.floor((Date.parse(earlierLeafStates) - timeLeafToleranceMs) / 3_600_000) * 3_600_000
  return hour > Date.parse(statedAt) + timeLeafToleranceMs
}

/** The first instant at which a leaf shows that its hour has begun. */
export function withinHour(hour: string): string {
  return new Date(Date.parse(`${hour}:00:00.000Z`) + timeLeafToleranceMs).toISOString()
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString()

/** Makes no call. False when the log got the leaf after the time that it states, unless the log's clock was set back. */
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
  if (found === undefined) throw new LedgerError('internal', 'a leaf that no published checkpoint has')
  const has: TimedCheckpoint = { ...found, seconds: checkpointSeconds(reader, found) }
  return { has, seconds: existedBy(clock, has.size, has.seconds) }
}

const hoursAtOnce = 1000

/**
 * A `time` leaf before the index, of an hour that begins after the instant and that the log's clock really had. Hours grow with indexes, so
 * the first one decides, except up to the latest time that the log had before its clock was set back.
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
