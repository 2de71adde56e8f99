/**
 * Judges an event's stated times and computes from when it counts (`README.md`, "Effective time").
 *
 *   age = sentAt - occurredAt      skew = sentAt - recordedAt
 *   trusted    0 <= age <= 30 days and |skew| <= 5 min; without sentAt |recordedAt - occurredAt| <= 5 min
 *              effectiveAt = min(occurredAt, recordedAt)
 *   corrected  the same age, larger skew: the client's clock is wrong, but measures intervals correctly: recordedAt - age
 *   asserted   operator and imported events: min(occurredAt, recordedAt)
 *   rejected   anything else: recordedAt; a yes gives way to every no after the earliest time of the yes (decision-order.ts)
 */
import type { EventTimes } from './event.ts'

const maxAgeMs = 30 * 24 * 3600 * 1000
export const maxSkewMs = 5 * 60 * 1000

export interface StatedTimes {
  readonly occurredAt: string
  readonly sentAt?: string
  /** The ledger's clock, stamped right before the insert. */
  readonly recordedAt: string
  /** Whether an operator states the times. They need no plausible clock and get the verdict `asserted`. */
  readonly asserted: boolean
  /** Latest issue time of the notice tokens that came with the event. */
  readonly noticeIssuedAt?: string
}

/** The verdict on an event's times. A verifier recomputes it from the same stated times. */
export function judgeTimes(stated: StatedTimes): EventTimes {
  const { occurredAt, sentAt, recordedAt } = stated
  const recorded = Date.parse(recordedAt)
  const occurred = Date.parse(occurredAt)
  const ageMs = sentAt === undefined ? undefined : Date.parse(sentAt) - occurred
  const skewMs = sentAt === undefined ? undefined : Date.parse(sentAt) - recorded
  const { verdict, effective } = judge({ occurred, recorded, ageMs, skewMs, asserted: stated.asserted })
  const effectiveAt = new Date(effective).toISOString()
  return {
    occurredAt,
    ...(sentAt !== undefined && { sentAt, ageMs, skewMs }),
    recordedAt,
    effectiveAt,
    verdict,
    ...(stated.noticeIssuedAt !== undefined &&
      stated.noticeIssuedAt > effectiveAt && { noticeIssuedAt: stated.noticeIssuedAt }),
  }
}

interface Measured {
  readonly occurred: number
  readonly recorded: number
  readonly ageMs: number | undefined
  readonly skewMs: number | undefined
  readonly asserted: boolean
}

function judge(m: Measured): { verdict: EventTimes['verdict']; effective: number } {
  const earlier = Math.min(m.occurred, m.recorded)
  if (m.asserted) return { verdict: 'asserted', effective: earlier }
  if (m.ageMs === undefined || m.skewMs === undefined) {
    return Math.abs(m.recorded - m.occurred) <= maxSkewMs
      ? { verdict: 'trusted', effective: earlier }
      : { verdict: 'rejected', effective: m.recorded }
  }
  if (m.ageMs < 0 || m.ageMs > maxAgeMs) return { verdict: 'rejected', effective: m.recorded }
  if (Math.abs(m.skewMs) <= maxSkewMs) return { verdict: 'trusted', effective: earlier }
  return { verdict: 'corrected', effective: m.recorded - m.ageMs }
}

/** A yes is never effective before its notice token was issued; a no is never held back by one. */
export function effectiveAtOf(times: EventTimes, isYes: boolean): string {
  return isYes && times.noticeIssuedAt !== undefined && times.noticeIssuedAt > times.effectiveAt
    ? times.noticeIssuedAt
    : times.effectiveAt
}
