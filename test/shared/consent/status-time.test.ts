/** The two time axes, the answer in words, and the timeline. */
import { describe, expect, it } from 'vitest'
import { timelineOf } from '../../../shared/consent/timeline.ts'
import {
  ask,
  byOperator,
  day,
  event,
  historyOf,
  major,
  policyId,
  presentation,
  purpose,
  purposeId,
  version,
} from './scenario.ts'

const plain = historyOf([version('v1', 0)])
const late = { purposeId, knownAt: day(20) }

describe('when it took effect, and when the ledger knew', () => {
  const given = event('yes', 'given', 1)
  const withdrawn = event('no', 'withdrawn', 5, { times: { recordedAt: day(9) } })

  it('a withdrawal recorded late took effect when it was made', () => {
    const answer = ask(plain, [given, withdrawn], 7, late)
    expect(answer).toMatchObject({ status: 'Withdrawn', decidedBy: 'no', permittedByConsent: false })
    expect(answer.knownThen).toMatchObject({ status: 'Given', decidedBy: 'yes', permittedByConsent: true })
    expect(answer.sentence).toBe(
      'At 2026-01-08T00:00:00.000Z the recorded status of newsletter is Withdrawn: a withdrawal is recorded, decided by event no on version v1; as known at that instant it was Given.',
    )
    expect(answer.knownThen.sentence).toBe(
      'At 2026-01-08T00:00:00.000Z the recorded status of newsletter is Given: a consent is recorded and stands, decided by event yes on version v1.',
    )
  })

  it.each([
    [day(9, -1), 'Given'],
    [day(9), 'Withdrawn'],
  ])('known by %s it is %s', (knownAt, status) => {
    expect(ask(plain, [given, withdrawn], 7, { purposeId, knownAt }).status).toBe(status)
  })

  it.each([
    [day(5, -1), 'Given'],
    [day(5), 'Withdrawn'],
  ])('at %s it is %s', (at, status) => {
    expect(ask(plain, [given, withdrawn], at, late).status).toBe(status)
  })

  it('counts a yes from its millisecond on', () => {
    expect(ask(plain, [given], day(1, -1), late).status).toBe('Unknown')
    expect(ask(plain, [given], day(1), late).status).toBe('Given')
  })

  it('the same answer when nothing was learnt since', () => {
    const answer = ask(plain, [given], 7, late)
    const { knownThen, ...now } = answer
    expect(knownThen).toEqual(now)
    expect(answer.sentence).not.toContain('as known')
  })

  it('an instant after what is known is answered from what is known', () => {
    const { knownThen, ...now } = ask(plain, [given, withdrawn], 15, { purposeId, knownAt: day(8) })
    expect(now.status).toBe('Given')
    expect(knownThen).toEqual(now)
  })

  it('says so when the event alone differs', () => {
    const again = event('again', 'given', 5, { times: { recordedAt: day(9) } })
    const renewed = event('third', 'given', 6)
    const answer = ask(plain, [given, event('b', 'given', 2), again], 7, late)
    expect(answer.sentence).toContain('; as known at that instant it was RenewedGiven too, on other grounds.')
    expect(ask(plain, [given, event('b', 'given', 2), again, renewed], 7, late).sentence).not.toContain('as known')
  })

  it('a presentation published since takes its yeses away, and not from what was known then', () => {
    const late = { ...presentation('p', 'on'), publishedAt: day(9) }
    const history = historyOf([version('v1', 0)], { presentations: [late] })
    const answer = ask(history, [event('yes', 'given', 1, { how: { presentationId: 'p' } })], 7, {
      purposeId,
      knownAt: day(9),
    })
    expect(answer).toMatchObject({ status: 'Unknown', reason: 'initially-on', knownThen: { status: 'Given' } })
  })

  it('a version published since makes no difference before its date, one retracted since makes one', () => {
    const both = historyOf([version('v1', 0), major('v2', 10, 'v1')], {
      retractions: [{ version: 'v2', retractedAt: day(9.5), reason: 'fault' }],
    })
    const answer = ask(both, [given], 12, { purposeId, knownAt: day(12) })
    expect(answer).toMatchObject({ status: 'Given', inForce: 'v1' })
    expect(ask(both, [given], 12, { purposeId, knownAt: day(9.2) })).toMatchObject({ status: 'Expired', inForce: 'v2' })
  })
})

describe('a yes whose stated time was rejected was made at some time before it was recorded', () => {
  const yes = (occurredAt: string, sentAt?: string) =>
    event('yes', 'given', 60, { times: { occurredAt, ...(sentAt && { sentAt }), verdict: 'rejected' } })
  const no = event('no', 'withdrawn', 59)

  it.each([
    ['a clock that stood in 1970', yes('1970-01-01T00:00:00.000Z', day(60)), 'Withdrawn'],
    ['offline for longer than any age is believed', yes(day(10), day(60)), 'Withdrawn'],
    ['a clock that was ahead and was set back before it was sent', yes(day(61), day(60)), 'Withdrawn'],
    ['a clock that was set back further', yes(day(40), day(20)), 'Withdrawn'],
    ['a clock that was ahead, without a time of sending', yes(day(61)), 'Withdrawn'],
    ['made after the no by any clock', yes(day(59.5)), 'Given'],
  ])('%s', (_what, given, status) => {
    expect(ask(plain, [given, no], 70, { purposeId, knownAt: day(80) }).status).toBe(status)
    expect(ask(plain, [given], 70, { purposeId, knownAt: day(80) }).status).toBe('Given')
    expect(ask(plain, [given, event('no', 'withdrawn', 65)], 62, { purposeId, knownAt: day(80) }).status).toBe('Given')
  })

  it('another yes after the no counts', () => {
    const events = [yes(day(10), day(60)), no, event('again', 'given', 61)]
    expect(ask(plain, events, 70, { purposeId, knownAt: day(80) })).toMatchObject({
      status: 'Given',
      decidedBy: 'again',
    })
  })
})

describe('the answer', () => {
  it('takes its basis from the version in force, else from what last declared it', () => {
    const li = [purpose({ legalBasis: 'public-task' })]
    const history = historyOf([version('v1', 0, { purposes: li }), version('v2', 10, { purposes: [] })])
    for (const at of [0, 5, 15])
      expect(ask(history, [], at, late)).toMatchObject({ basis: 'public-task', status: 'Uninformed' })
    expect(ask(history, [], -0.5, late)).toMatchObject({ basis: 'public-task' })
    expect(ask(historyOf([]), [], 5, late)).not.toHaveProperty('basis')
  })

  it('carries why there is no service without it', () => {
    const justification = { en: 'The service is the newsletter.' }
    const needed = purpose({ refusal: { consequence: 'no-service', justification } })
    expect(ask(historyOf([version('v1', 0, { purposes: [needed] })]), [], 5)).toMatchObject({
      noServiceJustification: justification,
    })
    expect(ask(plain, [], 5)).not.toHaveProperty('noServiceJustification')
  })

  it('without anything', () => {
    const { knownThen, ...now } = ask(plain, [], 5)
    expect(now).toEqual({
      status: 'Unknown',
      basis: 'consent',
      permittedByConsent: false,
      reason: 'nothing-recorded',
      inForce: 'v1',
      demonstrable: false,
      conflicts: [],
      withoutEffect: [],
      sentence:
        'At 2026-01-06T00:00:00.000Z the recorded status of newsletter is Unknown: no decision with effect is recorded.',
    })
    expect(knownThen).toEqual(now)
  })

  it('never calls a consent valid', () => {
    const events = [event('yes', 'given', 1), event('op', 'invalidated', 3, byOperator), event('yes2', 'given', 4)]
    for (const at of [0, 1, 3, 4])
      expect(ask(plain, events, at).sentence).not.toMatch(/\bvalid consent\b|\bconsent is valid\b/)
  })
})

describe('the timeline', () => {
  it('lists decisions, versions and ends of validity, one entry an instant', () => {
    const history = historyOf([
      version('v1', 0, { purposes: [purpose({ validity: 'P20D' })] }),
      major('v2', 30, 'v1', { purposes: [purpose({ validity: 'P1Y' })] }),
      major('v3', 40, 'v2'),
      version('v4', 50, { purposes: [] }),
    ])
    const events = [
      event('shown', 'requested', 1),
      event('yes', 'given', 2),
      event('shown2', 'requested', 3),
      event('yes2', 'given', 4),
      event('yes3', 'given', 30, { shown: 'v2' }),
      event('yes4', 'given', 45, { shown: 'v3' }),
      event('hidden', 'withdrawn', 46, { times: { recordedAt: day(70) } }),
    ]
    const entries = timelineOf({ purposeId, knownAt: day(60) }, events, history, day(60))
    expect(entries.map((e) => [e.at, e.status, e.reason, e.decidedBy])).toEqual([
      [day(1), 'Requested', 'decided', 'shown'],
      [day(2), 'Given', 'decided', 'yes'],
      [day(4), 'RenewedGiven', 'decided', 'yes2'],
      [day(24), 'Expired', 'validity-ended', 'yes2'],
      [day(30), 'RenewedGiven', 'decided', 'yes3'],
      [day(40), 'Expired', 'policy-changed', 'yes3'],
      [day(45), 'RenewedGiven', 'decided', 'yes4'],
      [day(50), 'Revoked', 'purpose-dropped', 'yes4'],
    ])
    expect(timelineOf({ purposeId, knownAt: day(60) }, events, history, day(30, -1))).toEqual(entries.slice(0, 4))
  })

  it('of a policy says when it ceased to be current', () => {
    const history = historyOf([version('v1', 0, { kind: 'terms' }), major('v2', 10, 'v1', { kind: 'terms' })])
    const entries = timelineOf(
      { policyId, knownAt: day(60) },
      [event('a', 'accepted', 2, { about: 'policy' })],
      history,
      day(60),
    )
    expect(entries).toEqual([
      { at: day(2), status: 'Accepted', reason: 'decided', decidedBy: 'a', current: true },
      { at: day(10), status: 'Accepted', reason: 'decided', decidedBy: 'a', current: false },
    ])
  })

  it('of nothing is empty', () => {
    expect(timelineOf({ purposeId, knownAt: day(60) }, [], plain, day(60))).toEqual([])
  })
})
