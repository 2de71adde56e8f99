/** Whose yes counts for a person: each rule of a mandate by itself, what its end takes, and properties over random mandates and histories. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { decisionEffect } from '../../../shared/consent/decision-effect.ts'
import type { Verb } from '../../../shared/consent/event.ts'
import type { Mandate, RecordedMandate } from '../../../shared/consent/mandate.ts'
import type { PolicyHistory } from '../../../shared/consent/policy.ts'
import { statusOf } from '../../../shared/consent/status.ts'
import type { FoldEvent, StatusAnswer } from '../../../shared/consent/status-answer.ts'
import { timelineOf } from '../../../shared/consent/timeline.ts'
import { ask, day, event, historyOf, major, policyId, purpose, purposeId, version } from './scenario.ts'

const mandateId = '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90'
const otherId = '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e91'
const consent = historyOf([version('v1', -10)])
const objection = historyOf([
  version('v1', -10, { purposes: [purpose({ legalBasis: 'legitimate-interest', validity: undefined })] }),
])
const terms = historyOf([version('v1', -10, { kind: 'terms' })])

const theMandate: Mandate = {
  mandateId,
  kind: 'guardian',
  ground: 'parental-responsibility',
  covers: { kind: 'all' },
  from: day(-5),
  recordedAt: day(-4),
}

function mandated(over: Partial<RecordedMandate['mandate']> = {}, end?: RecordedMandate['end']): RecordedMandate {
  return { mandate: { ...theMandate, ...over }, ...(end && { end }) }
}

const revokedOn = (on: number) => ({ mandateId, revokedAt: day(on) })

interface Acting {
  readonly role?: 'self' | 'guardian' | 'delegate'
  readonly names?: string | undefined
  readonly mandate?: RecordedMandate | undefined
  readonly about?: string
  readonly recordedAt?: string
  readonly gpc?: true
}

/** A decision by a guardian, who names the mandate unless stated otherwise. */
function byGuardian(eventId: string, verb: Verb, on: number, acting: Acting = {}): FoldEvent {
  const { role = 'guardian', names = mandateId, about = purposeId, recordedAt, gpc } = acting
  const base = event(eventId, verb, on, {
    about,
    who: { actor: { role, ...(names !== '' && { mandateId: names }) } },
    ...(recordedAt && { times: { recordedAt } }),
    ...(gpc && { how: { signals: { gpc }, act: 'button', control: 'accept-all' } }),
  })
  const mandate = 'mandate' in acting ? acting.mandate : mandated()
  return { ...base, ...(mandate && { mandate }) }
}

const listed = (purposeIds: string[], policyIds: string[] = []) => ({ kind: 'listed', purposeIds, policyIds }) as const

describe('a yes for another counts', () => {
  const stands = { status: 'Given', mandate: mandateId }
  const lacks = (reason: string) => ({ status: 'Unknown', reason, permittedByConsent: false })
  test.each<[string, Acting, object]>([
    ['under a mandate that stands', {}, stands],
    ['under one for the purpose', { mandate: mandated({ covers: listed([purposeId]) }) }, stands],
    [
      'not under one for another purpose',
      { mandate: mandated({ covers: listed(['other']) }) },
      lacks('mandate-out-of-scope'),
    ],
    [
      'not under one for a policy of that name',
      { mandate: mandated({ covers: listed([], [purposeId]) }) },
      lacks('mandate-out-of-scope'),
    ],
    ['not under one that the ledger does not have', { mandate: undefined }, lacks('no-mandate')],
    ['not under another than it names', { names: otherId }, lacks('no-mandate')],
    ['not of a delegate under a guardian’s', { role: 'delegate' }, lacks('no-mandate')],
    ['not of the person, who needs none', { role: 'self' }, lacks('no-mandate')],
    ['under a delegate’s, of a delegate', { role: 'delegate', mandate: mandated({ kind: 'delegate' }) }, stands],
    ['from its start on', { mandate: mandated({ from: day(1) }) }, stands],
    ['not before its start', { mandate: mandated({ from: day(1, 1) }) }, lacks('mandate-not-standing')],
    ['until its end', { mandate: mandated({ until: day(1, 1) }) }, stands],
    ['not from its end on', { mandate: mandated({ until: day(1) }) }, lacks('mandate-not-standing')],
    ['not once the person is of age', { mandate: mandated({ comesOfAgeAt: day(1) }) }, lacks('mandate-not-standing')],
    ['before its revocation', { mandate: mandated({}, revokedOn(2)) }, stands],
    ['not from its revocation on', { mandate: mandated({}, revokedOn(1)) }, lacks('mandate-not-standing')],
    [
      'not when it comes after the revocation and states an earlier time',
      { mandate: mandated({}, revokedOn(2)), recordedAt: day(3) },
      lacks('mandate-not-standing'),
    ],
    ['when the mandate was recorded just before it', { mandate: mandated({ recordedAt: day(1) }) }, stands],
    ['not when it was recorded afterwards', { mandate: mandated({ recordedAt: day(1, 1) }) }, lacks('no-mandate')],
    ['not when the log had it afterwards', { mandate: mandated({ knownFrom: day(2) }) }, lacks('no-mandate')],
  ])('%s', (_, acting, expected) => {
    expect(ask(consent, [byGuardian('e1', 'given', 1, acting)], 20)).toMatchObject(expected)
  })

  it('without a mandate when it was recorded before there were mandates, and not since', () => {
    const before = event('e1', 'given', 1, { who: { actor: { role: 'guardian' } } })
    const since = event('e1', 'given', 1, { who: { actor: { role: 'guardian' }, barred: 'no-mandate' } })
    expect(ask(consent, [before], 20)).toMatchObject({ status: 'Given', demonstrable: true })
    expect(ask(consent, [since], 20)).toMatchObject({ status: 'Unknown', reason: 'no-mandate' })
  })

  it('as known at an instant: a revocation counts from when it was known', () => {
    const events = [byGuardian('e1', 'given', 3, { mandate: mandated({}, { ...revokedOn(2), knownFrom: day(6) }) })]
    expect(ask(consent, events, 5)).toMatchObject({ status: 'Given' })
    expect(ask(consent, events, 5, { purposeId, knownAt: day(7) })).toMatchObject({
      status: 'Unknown',
      knownThen: { status: 'Given' },
      sentence: expect.stringContaining('as known at that instant it was Given'),
    })
  })

  it('in a receipt, which knows no mandate, subject to it', () => {
    const effectsOf = ({ event: e }: FoldEvent) => e.decisions.map((decision) => decisionEffect(decision, e, consent))
    expect(effectsOf(byGuardian('e1', 'given', 1))).toEqual([{ effect: 'yes', reason: 'subject-to-mandate' }])
    expect(effectsOf(byGuardian('e1', 'refused', 1))).toEqual([{ effect: 'no' }])
  })
})

describe('when the person comes of age', () => {
  const young = { mandate: mandated({ comesOfAgeAt: day(10) }) }

  it('a guardian’s consent ends, and the person is asked again', () => {
    const events = [byGuardian('e1', 'given', 1, young)]
    expect(ask(consent, events, day(10, -1))).toMatchObject({ status: 'Given', endsAt: day(10) })
    expect(ask(consent, events, 10)).toMatchObject({
      status: 'Expired',
      reason: 'came-of-age',
      permittedByConsent: false,
      mandate: mandateId,
      sentence: expect.stringContaining('the person came of age'),
    })
    const own = event('e2', 'given', 11)
    expect(ask(consent, [...events, own], 12)).toMatchObject({ status: 'RenewedGiven', decidedBy: 'e2' })
    expect(timelineOf({ purposeId, knownAt: day(12) }, [...events, own], consent, day(12))).toMatchObject([
      { at: day(1), status: 'Given' },
      { at: day(10), status: 'Expired', reason: 'came-of-age' },
      { at: day(11), status: 'RenewedGiven' },
    ])
  })

  it('the person’s own consent stands, whatever a guardian said beside it', () => {
    const own = event('e1', 'given', 1)
    expect(ask(consent, [own, byGuardian('e2', 'given', 2, young)], 12)).toMatchObject({ decidedBy: 'e1' })
    expect(ask(consent, [byGuardian('e1', 'given', 1, young), event('e2', 'given', 2)], 12)).toMatchObject({
      status: 'RenewedGiven',
      decidedBy: 'e2',
    })
  })

  it('a yes that waits for its text or its confirmation is too late then', () => {
    const ahead = historyOf([version('v1', -10), major('v2', 11, 'v1')])
    const early = byGuardian('e1', 'given', 1, young)
    const link = [{ policyId, grade: 'served', shown: 'v2', inForce: 'v1' }] as const
    const toCome = { ...early, event: { ...early.event, link } }
    expect(ask(ahead, [toCome], 12)).toMatchObject({ status: 'Expired', reason: 'came-of-age' })
    const both = [event('e0', 'given', 1, { link }), toCome]
    expect(ask(ahead, both, 12)).toMatchObject({ status: 'Given', decidedBy: 'e0' })
    const twice = historyOf([version('v1', -10, { purposes: [purpose({ doubleOptIn: true })] })])
    const confirmed = event('e2', 'confirmed', 11, { who: { actor: { role: 'operator' }, assurance: 'confirmed' } })
    expect(ask(twice, [early, confirmed], 12)).toMatchObject({ status: 'Expired', reason: 'came-of-age' })
  })

  it('terms that a guardian accepted are not current, until the person accepts them', () => {
    const about = { about: 'policy' }
    const accepted = byGuardian('e1', 'accepted', 1, { ...young, ...about })
    const asked = { policyId }
    expect(ask(terms, [accepted], 9, asked)).toMatchObject({ status: 'Accepted', current: true, mandate: mandateId })
    expect(ask(terms, [accepted], 10, asked)).toMatchObject({
      status: 'Accepted',
      current: false,
      reason: 'came-of-age',
    })
    const own = event('e2', 'accepted', 11, about)
    expect(ask(terms, [accepted, own], 12, asked)).toMatchObject({ current: true, decidedBy: 'e2', reason: 'decided' })
    expect(
      ask(
        terms,
        [
          { ...own, event: { ...own.event, times: accepted.event.times } },
          byGuardian('e3', 'accepted', 2, { ...young, ...about }),
        ],
        12,
        asked,
      ),
    ).toMatchObject({ current: true, decidedBy: 'e2' })
    const declined = event('e4', 'declined', 2, about)
    expect(ask(terms, [accepted, declined], 12, asked)).toMatchObject({ status: 'Declined', reason: 'decided' })
  })

  it('an objection that a guardian took back stands again, and one that the person took back does not', () => {
    const objected = event('e1', 'objected', 1)
    const back = byGuardian('e2', 'objection-withdrawn', 2, young)
    expect(ask(objection, [objected, back], 9)).toMatchObject({ status: 'NotObjected', mandate: mandateId })
    expect(ask(objection, [objected, back], 10)).toMatchObject({
      status: 'Objected',
      reason: 'came-of-age',
      decidedBy: 'e1',
    })
    const own = event('e3', 'objection-withdrawn', 3)
    expect(ask(objection, [objected, back, own], 12)).toMatchObject({ status: 'NotObjected', decidedBy: 'e3' })
  })

  test.each<[Verb, PolicyHistory, string]>([
    ['refused', consent, 'Refused'],
    ['objected', objection, 'Objected'],
    ['declined', terms, 'Declined'],
  ])('a guardian’s no stays: %s', (verb, history, status) => {
    const about = verb === 'declined' ? 'policy' : purposeId
    const question = verb === 'declined' ? { policyId } : { purposeId }
    for (const acting of [young, { mandate: undefined }, { names: otherId }, { names: '' }])
      expect(ask(history, [byGuardian('e1', verb, 1, { ...acting, about })], 20, question)).toMatchObject({ status })
  })
})

describe('for any history', () => {
  const instant = fc.integer({ min: 0, max: 12 })
  const aMandate: fc.Arbitrary<RecordedMandate> = fc
    .record({
      kind: fc.constantFrom('guardian' as const, 'guardian' as const, 'delegate' as const),
      covers: fc.constantFrom({ kind: 'all' } as const, listed([purposeId], [policyId]), listed(['other'])),
      from: instant,
      until: fc.option(instant, { nil: undefined }),
      age: fc.option(instant, { nil: undefined }),
      revoked: fc.option(instant, { nil: undefined }),
      recorded: fc.integer({ min: -4, max: 4 }),
    })
    .map(({ kind, covers, from, until, age, revoked, recorded }) =>
      mandated(
        {
          ...{ kind, covers, from: day(from - 6), recordedAt: day(recorded) },
          ...(until !== undefined && { until: day(until) }),
          ...(age !== undefined && { comesOfAgeAt: day(age) }),
        },
        revoked === undefined ? undefined : revokedOn(revoked),
      ),
    )
  const someActs = fc.array(
    fc.record({
      verb: fc.constantFrom<Verb>(
        ...(['given', 'given', 'given', 'refused', 'withdrawn', 'objected', 'objection-withdrawn'] as const),
        ...(['accepted', 'accepted', 'declined', 'acknowledged'] as const),
      ),
      role: fc.constantFrom('self' as const, 'guardian' as const, 'guardian' as const, 'delegate' as const),
      at: instant,
      late: fc.constantFrom(0, 0, 3),
      gpc: fc.constantFrom(true as const, undefined, undefined, undefined),
    }),
    { maxLength: 6 },
  )
  type Acts = typeof someActs extends fc.Arbitrary<infer T> ? T : never
  const withMandates = (acts: Acts, mandate: RecordedMandate | undefined, names = mandateId): FoldEvent[] =>
    acts.map(({ verb, role, at, late, gpc }, i) =>
      byGuardian(`e${i}`, verb, at, {
        ...{ role, names: role === 'self' ? '' : names, recordedAt: day(at + late), ...(gpc && { gpc }) },
        ...{ about: verb === 'accepted' || verb === 'declined' || verb === 'acknowledged' ? 'policy' : purposeId },
        mandate: role === 'self' ? undefined : mandate,
      }),
    )
  const questions = [
    [consent, { purposeId }],
    [historyOf([version('v1', -10, { purposes: [purpose({ globalPrivacyControl: true })] })]), { purposeId }],
    [objection, { purposeId }],
    [terms, { policyId }],
  ] as const
  const isNo = ({ status }: StatusAnswer) => ['Refused', 'Withdrawn', 'Objected', 'Declined'].includes(status)
  /** An acceptance stands above an acknowledgement, so only acceptances are compared with each other. */
  const isYes = ({ status, permittedByConsent, current }: StatusAnswer) =>
    permittedByConsent === true || (status === 'Accepted' && current === true) || status === 'NotObjected'
  /** The answers about each question and instant, before and after a change of mandates. */
  const check = (
    acts: Acts,
    before: RecordedMandate | undefined,
    after: RecordedMandate | undefined,
    expected: (was: StatusAnswer, is: StatusAnswer) => void,
  ) => {
    for (const [history, question] of questions)
      for (const at of [4, 13]) {
        const answer = (mandate: RecordedMandate | undefined) =>
          statusOf({ ...question, at: day(at), knownAt: day(20) }, withMandates(acts, mandate), history)
        expected(answer(before), answer(after))
      }
  }
  const runs = { numRuns: 150 }

  it('without mandates no yes of another counts', () => {
    fc.assert(
      fc.property(someActs, (acts) => {
        const others = acts.map((act) => (act.role === 'self' ? { ...act, role: 'guardian' as const } : act))
        check(others, undefined, undefined, (answer) =>
          expect([isYes(answer), answer.current ?? false]).toEqual([false, false]),
        )
      }),
      runs,
    )
  })

  it('revoking a mandate, or taking it away, makes no yes and loses no no', () => {
    fc.assert(
      fc.property(someActs, aMandate, instant, (acts, { mandate, end }, revoked) => {
        const earlier = end && end.revokedAt < day(revoked) ? end : revokedOn(revoked)
        for (const after of [{ mandate, end: earlier }, undefined])
          check(acts, { mandate, ...(end && { end }) }, after, (was, is) => {
            if (isYes(is)) expect(isYes(was)).toBe(true)
            if (isNo(was)) expect(isNo(is)).toBe(true)
          })
      }),
      runs,
    )
  })

  it('the timeline says at each instant what the status says', () => {
    fc.assert(
      fc.property(someActs, aMandate, (acts, mandate) => {
        const events = withMandates(acts, mandate)
        for (const [history, question] of questions) {
          const entries = timelineOf({ ...question, knownAt: day(20) }, events, history, day(14))
          for (let at = 0; at <= 14; at++) {
            const { status, reason } = statusOf({ ...question, at: day(at), knownAt: day(20) }, events, history)
            const entry = entries.findLast((each) => each.at <= day(at))
            if (entry) expect(status).toBe(entry.status)
            if (entry && entry.reason !== 'nothing-recorded') expect(reason).toBe(entry.reason)
          }
        }
      }),
      { numRuns: 50 },
    )
  })
})
