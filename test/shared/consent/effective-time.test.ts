import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveAtOf, judgeTimes, maxSkewMs } from '../../../shared/consent/effective-time.ts'

const maxAgeMs = 30 * 24 * 3600 * 1000

const recorded = Date.parse('2026-11-22T12:00:00.000Z')
const at = (ms: number) => new Date(ms).toISOString()
const minute = 60_000
const day = 24 * 60 * minute

interface Case {
  readonly name: string
  readonly occurred: number
  readonly sent?: number
  readonly asserted?: boolean
  readonly verdict: string
  readonly effective: number
}

/** Offsets in milliseconds from the instant of recording. */
const cases: readonly Case[] = [
  { name: 'just now', occurred: -100, sent: -50, verdict: 'trusted', effective: -100 },
  {
    name: 'a clock slightly ahead never lies in the future',
    occurred: 60_000,
    sent: 60_000,
    verdict: 'trusted',
    effective: 0,
  },
  { name: 'offline for 20 days', occurred: -20 * day, sent: -10, verdict: 'trusted', effective: -20 * day },
  { name: 'offline for exactly 30 days', occurred: -maxAgeMs, sent: 0, verdict: 'trusted', effective: -maxAgeMs },
  { name: 'offline for a millisecond more', occurred: -maxAgeMs - 1, sent: 0, verdict: 'rejected', effective: 0 },
  {
    name: 'skew of exactly 5 minutes',
    occurred: -maxSkewMs,
    sent: -maxSkewMs,
    verdict: 'trusted',
    effective: -maxSkewMs,
  },
  {
    name: 'a clock a day slow',
    occurred: -day - 10 * minute,
    sent: -day,
    verdict: 'corrected',
    effective: -10 * minute,
  },
  { name: 'a clock a day fast', occurred: day - 10 * minute, sent: day, verdict: 'corrected', effective: -10 * minute },
  {
    name: 'skew a millisecond over',
    occurred: -maxSkewMs - 1,
    sent: -maxSkewMs - 1,
    verdict: 'corrected',
    effective: 0,
  },
  { name: 'sent before it happened', occurred: 0, sent: -1, verdict: 'rejected', effective: 0 },
  { name: 'a decade back', occurred: -3650 * day, sent: 0, verdict: 'rejected', effective: 0 },
  { name: 'the future', occurred: 3650 * day, sent: 0, verdict: 'rejected', effective: 0 },
  { name: 'without sentAt, 5 minutes ago', occurred: -maxSkewMs, verdict: 'trusted', effective: -maxSkewMs },
  { name: 'without sentAt, a millisecond more', occurred: -maxSkewMs - 1, verdict: 'rejected', effective: 0 },
  { name: 'without sentAt, 5 minutes ahead', occurred: maxSkewMs, verdict: 'trusted', effective: 0 },
  { name: 'the operator says 2024', occurred: -900 * day, asserted: true, verdict: 'asserted', effective: -900 * day },
  { name: 'the operator says tomorrow', occurred: day, sent: 0, asserted: true, verdict: 'asserted', effective: 0 },
]

const judge = (c: Omit<Case, 'name' | 'verdict' | 'effective'>) =>
  judgeTimes({
    occurredAt: at(recorded + c.occurred),
    sentAt: c.sent === undefined ? undefined : at(recorded + c.sent),
    recordedAt: at(recorded),
    asserted: c.asserted ?? false,
  })

describe('effective time', () => {
  it.each(cases)('$name', (c) => {
    const times = judge(c)
    expect(times.verdict).toBe(c.verdict)
    expect(times.effectiveAt).toBe(at(recorded + c.effective))
  })

  it('never lies after the recording, and keeps what was stated', () => {
    const offset = fc.integer({ min: -2 * maxAgeMs, max: 2 * maxAgeMs })
    fc.assert(
      fc.property(offset, fc.option(offset, { nil: undefined }), fc.boolean(), (occurred, sent, asserted) => {
        const times = judge({ occurred, sent, asserted })
        expect(times.effectiveAt <= times.recordedAt).toBe(true)
        expect(times.occurredAt).toBe(at(recorded + occurred))
        expect(judgeTimes({ ...times, asserted }).effectiveAt).toBe(times.effectiveAt)
      }),
    )
  })

  it('holds a yes back until its notice was issued, and never a no', () => {
    const times = judgeTimes({
      occurredAt: at(recorded - 2 * minute),
      recordedAt: at(recorded),
      asserted: false,
      noticeIssuedAt: at(recorded - minute),
    })
    expect(effectiveAtOf(times, true)).toBe(at(recorded - minute))
    expect(effectiveAtOf(times, false)).toBe(at(recorded - 2 * minute))
  })

  it('says nothing of a notice that was issued before', () => {
    const noticeIssuedAt = at(recorded - 3 * minute)
    const times = judgeTimes({
      occurredAt: at(recorded - minute),
      recordedAt: at(recorded),
      asserted: false,
      noticeIssuedAt,
    })
    expect(times.noticeIssuedAt).toBeUndefined()
  })
})
