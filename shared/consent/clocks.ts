/**
 * Decides which of several clocks to trust when they disagree. Pure functions; times are milliseconds since 1970. Two clocks agree when
 * they are at most 5 minutes apart. Any clock may be wrong, in either direction and by years: that of the recording instance, the
 * client, the sequencer or the publisher. An idle log has an old time, so only a log that is ahead contradicts a clock.
 */

export const clockToleranceMs = 5 * 60_000

/** Whether a stated time of something past lies in this clock's future, by more than the tolerance. */
export function isAhead(statedMs: number, nowMs: number): boolean {
  return statedMs - nowMs > clockToleranceMs
}

/**
 * The time by which an entry of a log existed. It is the entry's stated time, unless a later entry states a time that is more than 5 minutes
 * earlier: then the clock of the first was ahead, and the time of the later entry counts.
 */
export function thereBy(statedMs: number, laterMs: readonly number[]): number {
  return Math.min(statedMs, ...laterMs.filter((later) => isAhead(statedMs, later)))
}

export interface RecordingClocks {
  readonly nowMs: number
  /** Time of the newest batch of the log; absent while there is none. */
  readonly loggedUntilMs?: number
  /** By the client's clock: when it sent the event or, when that is not stated, when the event occurred. */
  readonly clientMs: number
}

export interface RecordingTime {
  readonly atMs: number
  /** The log is ahead, and the client agrees with this instance: so the log's clock was wrong, and its sequencer may go back. */
  readonly refutesLog: boolean
}

/**
 * The time at which an event is recorded. It is never before the log's time, or a no could come before the yes that it takes back;
 * the exception is a log that is ahead while the client agrees with this instance. Returns `undefined` when the client agrees with the
 * log, so that this instance's clock is slow: the caller refuses, and the client's next attempt may reach another instance. A client
 * that agrees with neither changes nothing.
 */
export function recordingTime({ nowMs, loggedUntilMs, clientMs }: RecordingClocks): RecordingTime | undefined {
  if (loggedUntilMs === undefined) return { atMs: nowMs, refutesLog: false }
  if (!isAhead(loggedUntilMs, nowMs)) return { atMs: Math.max(nowMs, loggedUntilMs), refutesLog: false }
  const fromUs = Math.abs(clientMs - nowMs)
  const fromLog = Math.abs(clientMs - loggedUntilMs)
  if (Math.min(fromUs, fromLog) > clockToleranceMs) return { atMs: loggedUntilMs, refutesLog: false }
  return fromUs <= fromLog ? { atMs: nowMs, refutesLog: true } : undefined
}

/**
 * The time of the next addition to a log: now, but never before the log's latest time, unless a third clock refutes that time.
 * `isRefuted` counts only when the log is ahead of `nowMs`.
 */
export function timeAfter(latestMs: number, nowMs: number, isRefuted: boolean): number {
  return isAhead(latestMs, nowMs) && isRefuted ? nowMs : Math.max(latestMs, nowMs)
}
