/**
 * Which of several clocks counts when they disagree: pure functions, milliseconds since 1970. Two clocks agree when they are at most
 * 5 minutes apart. Any one of them may be wrong, in either direction and by years: that of an instance that records, of a client, of
 * the sequencer, of the publisher. The time of an idle log may be old, so only a log that is ahead contradicts a clock.
 */

export const clockToleranceMs = 5 * 60_000

/** Whether something that has happened already states a time that lies in this clock's future. */
export function isAhead(statedMs: number, nowMs: number): boolean {
  return statedMs - nowMs > clockToleranceMs
}

/**
 * By when something in a log was there that states its own time: a clock that was ahead is contradicted by whatever came later in the
 * log and states a time that is more than 5 minutes before.
 */
export function thereBy(statedMs: number, laterMs: readonly number[]): number {
  return Math.min(statedMs, ...laterMs.filter((later) => isAhead(statedMs, later)))
}

export interface RecordingClocks {
  readonly nowMs: number
  /** Time of the newest batch of the log; absent while there is none. */
  readonly loggedUntilMs?: number
  /** What the client's clock says: when it sent the event, or else when the event occurred. */
  readonly clientMs: number
}

export interface RecordingTime {
  readonly atMs: number
  /** The log is ahead, and the client agrees with this instance: so the log's clock was wrong, and its sequencer may go back. */
  readonly refutesLog: boolean
}

/**
 * When an event is recorded. Never before what the log has, because a no would then come before the yes that it takes back; unless
 * the client says that it is the log whose clock was wrong. `undefined`: the client agrees with the log, so this instance's clock is
 * behind. It refuses, and the client's next attempt may reach another instance. A client that agrees with neither decides nothing.
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
 * The time of what is added to a log: now, and never before what it has, unless a third clock says that the log's time was wrong.
 * `isRefuted` is asked only when the log is ahead of `nowMs`.
 */
export function timeAfter(latestMs: number, nowMs: number, isRefuted: boolean): number {
  return isAhead(latestMs, nowMs) && isRefuted ? nowMs : Math.max(latestMs, nowMs)
}
