/**
 * Corrects the times of checkpoints in a log whose clock may have been wrong. A smaller tree existed when a larger one was signed. So a
 * checkpoint existed by its own time, or by the earlier time of a larger checkpoint that contradicts it: the first one after a later
 * set-back. Corrected times grow with sizes.
 */
import { thereBy } from '../../consent/clocks.ts'
import {
  checkpointAfter,
  checkpointBefore,
  checkpointSeconds,
  type LogReader,
  type PublishedCheckpoint,
} from './log-reader.ts'
import { type SetBack, setBacksIfAny } from './set-backs.ts'

export interface TimedCheckpoint extends PublishedCheckpoint {
  readonly seconds: number
}

/** Checkpoints that correct the times of earlier ones. */
export interface LogClock {
  /** The first checkpoint after each set-back, smallest first. */
  readonly afterSetBacks: readonly TimedCheckpoint[]
  readonly newest: TimedCheckpoint
  /** RFC 3339: the latest time that the log had before a set-back; empty when there was none. */
  readonly wasUntil: string
  /** Other checkpoints read so far. When several clocks are wrong at once they may correct what no set-back does. */
  readonly noted: readonly TimedCheckpoint[]
}

/**
 * One key, and two queries or more where the clock was set back.
 *
 * @param newest read before
 * @param known set-backs of the controller's snapshot
 */
export async function logClock(
  reader: LogReader,
  controller: string,
  { size, note, seconds }: TimedCheckpoint,
  known: readonly SetBack[],
): Promise<LogClock> {
  const setBacks = await setBacksIfAny(reader.log, controller, known)
  const afterSetBacks = await checkpointsAfterSetBacks(reader, controller, setBacks, size)
  return {
    afterSetBacks,
    newest: { size, note, seconds },
    wasUntil: setBacks.reduce((latest, { until }) => (until > latest ? until : latest), ''),
    noted: [],
  }
}

/** The first checkpoint after each set-back, up to `size`, smallest first; only those that no later one corrects further. */
async function checkpointsAfterSetBacks(
  reader: LogReader,
  controller: string,
  setBacks: readonly SetBack[],
  size: number,
): Promise<TimedCheckpoint[]> {
  const found = await Promise.all(setBacks.map((setBack) => checkpointAfter(reader, controller, setBack.size - 1)))
  const timed = found
    .filter((checkpoint) => checkpoint !== undefined)
    .filter((checkpoint) => checkpoint.size <= size)
    .map((checkpoint): TimedCheckpoint => ({ ...checkpoint, seconds: checkpointSeconds(reader, checkpoint) }))
  return timed.filter(
    ({ size: own, seconds }, i) =>
      timed.findIndex((other) => other.size === own) === i &&
      timed.every((later) => later.size <= own || later.seconds > seconds),
  )
}

/** By when a tree of this size existed, given the time that its checkpoint states; both in seconds since 1970. */
export function existedBy({ afterSetBacks, newest, noted }: LogClock, size: number, seconds: number): number {
  const later = [...afterSetBacks, newest, ...noted].filter((checkpoint) => checkpoint.size > size)
  return (
    thereBy(
      seconds * 1000,
      later.map((checkpoint) => checkpoint.seconds * 1000),
    ) / 1000
  )
}

/**
 * The newest checkpoint made at or before the instant, older than `newest`; found by bisection: sizes grow with time, as far as the
 * log's clock corrects itself.
 */
export async function checkpointAt(
  reader: LogReader,
  controller: string,
  instantMs: number,
  newest: PublishedCheckpoint,
  clock: LogClock,
): Promise<PublishedCheckpoint | undefined> {
  let early: PublishedCheckpoint | undefined
  let floor = 0
  let tooLate = newest.size
  while (floor < tooLate) {
    const middle = Math.floor((floor + tooLate) / 2)
    const found = await checkpointBefore(reader, controller, middle)
    if (found && existedBy(clock, found.size, checkpointSeconds(reader, found)) * 1000 > instantMs) tooLate = found.size
    else {
      early = found ?? early
      floor = middle + 1
    }
  }
  return early
}
