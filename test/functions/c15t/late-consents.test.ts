/** A yes that was kept too long, beside what the person said since. */
import { describe, expect, it } from 'vitest'
import { clientEventOf } from '../../../functions/c15t/decision.ts'
import { isLateConsent, withoutRefusedConsents } from '../../../functions/c15t/late-consents.ts'
import type { Verb } from '../../../shared/consent/event.ts'
import { banner, circumstances, names } from './names.ts'

const event = clientEventOf(banner({ measurement: true, marketing: true }), names, circumstances)
const given = Date.parse(event.occurredAt)
const minute = 60_000

function recorded(minutes: number, purposeId: string, verb: Verb) {
  const occurredAt = new Date(given + minutes * minute).toISOString()
  return {
    times: { occurredAt, recordedAt: '', effectiveAt: '', verdict: 'trusted' },
    decisions: [{ purposeId, verb }],
  } as const
}

const verbsBeside = (...events: ReturnType<typeof recorded>[]) =>
  withoutRefusedConsents(event, events, names).decisions.map(({ verb }) => verb)

describe('a yes', () => {
  it.each([
    ['that nothing is recorded beside', [], ['given', 'given']],
    ['before a refusal', [recorded(1, 'statistics', 'refused')], ['requested', 'given']],
    ['before a withdrawal', [recorded(1, 'marketing-cookies', 'withdrawn')], ['given', 'requested']],
    ['at the instant of a refusal', [recorded(0, 'statistics', 'refused')], ['requested', 'given']],
    ['behind a refusal', [recorded(-1, 'statistics', 'refused')], ['given', 'given']],
    ['before another yes', [recorded(1, 'statistics', 'given')], ['given', 'given']],
  ] as const)('%s', (_, events, verbs) => {
    expect(verbsBeside(...events)).toEqual(verbs)
  })

  it('that was overtaken is kept as it was said', () => {
    const { signals, eventId } = withoutRefusedConsents(event, [recorded(1, 'statistics', 'refused')], names)
    expect(signals?.categories).toEqual({ measurement: true })
    expect(eventId).toBe(event.eventId)
  })

  it.each([
    [0, false],
    [5, false],
    [5.1, true],
    [-5.1, true],
  ])('%d minutes later is late: %s', (minutes, late) => {
    expect(isLateConsent(event, given + minutes * minute)).toBe(late)
  })
})

it('a late no is never looked at twice', () => {
  const no = clientEventOf(banner({ measurement: false }), names, circumstances)
  expect(isLateConsent(no, given + 60 * minute)).toBe(false)
  expect(withoutRefusedConsents(no, [recorded(1, 'statistics', 'given')], names)).toBe(no)
})
