/**
 * Computes when an event counts if the log contradicts its `recordedAt` by more than 5 minutes: the log had the event before that time, or
 * not until long after it. The time of the log's first checkpoint with the event is then compared with the stated times.
 *
 *   the client's clock agrees with the log's   the instance's was wrong: the times are judged as if recorded when the log had it
 *   the log had it before the stated time      it is unknown which clock was wrong: it counts from some instant of the span between what
 *                                              the stated times and what the log's time amount to
 *   the log had it long after                  it may have waited for its place in the log: the stated times count
 *
 * Within a span a no is never weakened, so it counts at both ends; a yes is never strengthened, so it counts at the later end, and
 * not at all when a no lies in the span.
 */

import { judgeTimes } from './effective-time.ts'
import type { EventTimes } from './event.ts'

/** RFC 3339; equal when the instant is certain. */
export interface EffectiveSpan {
  readonly from: string
  readonly until: string
}

/** `loggedAt` is the time at which the log first had the event. */
export function disputedSpan(times: EventTimes, isAsserted: boolean, loggedAt: string): EffectiveSpan {
  const stated = { from: times.effectiveAt, until: times.effectiveAt }
  const byLog = judgeTimes({ ...times, recordedAt: loggedAt, asserted: isAsserted })
  const isRefuted = byLog.verdict === 'trusted' && (times.verdict !== 'trusted' || loggedAt < times.recordedAt)
  if (isRefuted) return { from: byLog.effectiveAt, until: byLog.effectiveAt }
  if (loggedAt >= times.recordedAt) return stated
  const [from = '', until = ''] = [byLog.effectiveAt, times.effectiveAt].sort()
  return { from, until }
}
