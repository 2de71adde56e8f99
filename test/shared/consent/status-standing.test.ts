/** How time acts on a consent: versions that come into force, validities that end, texts agreed to in advance or too late. */

import { describe, expect, it } from 'vitest'
import type { PolicyVersion } from '../../../shared/consent/policy.ts'
import { sameValue } from '../../../shared/consent/policy-versions.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'
import { ask, byOperator, day, event, historyOf, major, purpose, purposeId, version } from './scenario.ts'

const v1 = version('v1', 0)
const without: Partial<PolicyVersion> = { purposes: [] }
const changed: Partial<Purpose> = { retention: 'P5Y' }
const doubt = (over: Partial<PolicyVersion> = {}): Partial<PolicyVersion> => ({
  purposes: [purpose({ doubleOptIn: true })],
  ...over,
})

describe('a consent under later versions', () => {
  const minor = version('v2', 10, { comparedWith: 'v1', purposes: [purpose(changed)] })
  const majorEqual = major('v2', 10, 'v1')
  it.each<[string, PolicyVersion[], string, string]>([
    ['no later version', [], 'Given', 'decided'],
    ['a change declared minor', [minor], 'Given', 'decided'],
    [
      'a change not declared, which is none',
      [version('v2', 10, { comparedWith: 'v1', purposes: [purpose(changed)] })],
      'Given',
      'decided',
    ],
    ['a change declared major, although nothing differs', [majorEqual], 'Expired', 'policy-changed'],
    ['compared with another, nothing differs', [version('v2', 10, { comparedWith: 'v0' })], 'Given', 'decided'],
    ['compared with nothing, nothing differs', [version('v2', 10)], 'Given', 'decided'],
    [
      'compared with another, something differs',
      [version('v2', 10, { comparedWith: 'v0', purposes: [purpose(changed)] })],
      'Expired',
      'policy-changed',
    ],
    ['compared with another, declared major', [major('v2', 10, 'v0')], 'Expired', 'policy-changed'],
    [
      'major for another purpose',
      [
        version('v2', 10, {
          comparedWith: 'v1',
          level: 'major',
          changes: [{ purposeId: 'other', level: 'major', reason: '' }],
        }),
      ],
      'Given',
      'decided',
    ],
    ['minor, then major', [minor, major('v3', 12, 'v2')], 'Expired', 'policy-changed'],
    [
      'major, then back again',
      [major('v2', 10, 'v1'), version('v3', 12, { comparedWith: 'v2' })],
      'Expired',
      'policy-changed',
    ],
    ['dropped', [version('v2', 10, without)], 'Revoked', 'purpose-dropped'],
    [
      'dropped, then declared again',
      [version('v2', 10, without), version('v3', 12, { comparedWith: 'v2' })],
      'Revoked',
      'purpose-dropped',
    ],
    ['major, then dropped', [major('v2', 10, 'v1'), version('v3', 12, without)], 'Expired', 'policy-changed'],
  ])('%s', (_, later, status, reason) => {
    const answer = ask(historyOf([v1, ...later]), [event('e1', 'given', 1)], 15)
    expect(answer).toMatchObject({
      status,
      reason,
      decidedBy: 'e1',
      permittedByConsent: status === 'Given',
      shown: 'v1',
    })
    expect(ask(historyOf([v1, ...later]), [event('e1', 'given', 1)], day(10, -1)).status).toBe('Given')
  })

  it('is as of the instant at which the version comes into force', () => {
    const history = historyOf([v1, major('v2', 10, 'v1')])
    const events = [event('e1', 'given', 1)]
    expect(ask(history, events, day(10, -1))).toMatchObject({ status: 'Given', inForce: 'v1' })
    expect(ask(history, events, day(10))).toMatchObject({ status: 'Expired', inForce: 'v2' })
  })

  it('meets the version before the decisions of that instant', () => {
    const history = historyOf([v1, major('v2', 10, 'v1')])
    const answer = ask(history, [event('e1', 'given', 1), event('e2', 'given', 10, { shown: 'v2', inForce: 'v2' })], 10)
    expect(answer).toMatchObject({ status: 'RenewedGiven', decidedBy: 'e2' })
    expect(ask(history, [event('e1', 'given', 10)], 10)).toMatchObject({ status: 'Expired', reason: 'outdated-text' })
  })

  it('is not touched by a retracted version, nor by one that is not known yet', () => {
    const retracted = { version: 'v2', retractedAt: day(9.5), reason: 'fault' }
    const later = major('v2', 10, 'v1')
    const events = [event('e1', 'given', 1)]
    expect(ask(historyOf([v1, later], { retractions: [retracted] }), events, 15).status).toBe('Given')
    expect(ask(historyOf([v1, later]), events, 15, { purposeId, knownAt: day(8) })).toMatchObject({
      status: 'Given',
      inForce: 'v1',
    })
  })

  it('compares structurally when the version in between was retracted', () => {
    const retractions = [{ version: 'v2', retractedAt: day(9.5), reason: 'fault' }]
    const v3 = version('v3', 12, { comparedWith: 'v2', purposes: [purpose(changed)] })
    const v2 = version('v2', 10, { comparedWith: 'v1', purposes: [purpose(changed)] })
    const events = [event('e1', 'given', 1)]
    expect(ask(historyOf([v1, v2, v3]), events, 15).status).toBe('Given')
    expect(ask(historyOf([v1, v2, v3], { retractions }), events, 15).status).toBe('Expired')
  })

  it('holds for a text that was retracted after it was shown, as far as that text goes', () => {
    const retractions = [{ version: 'v2', retractedAt: day(9.5), reason: 'fault' }]
    const v2 = version('v2', 10, { comparedWith: 'v1' })
    const events = [event('e1', 'given', 5, { shown: 'v2' })]
    expect(ask(historyOf([v1, v2], { retractions }), events, 15)).toMatchObject({ status: 'Given', shown: 'v2' })
    const v3 = version('v3', 12, { comparedWith: 'v1', purposes: [purpose(changed)] })
    expect(ask(historyOf([v1, v2, v3], { retractions }), events, 12).status).toBe('Expired')
  })

  it('lets only the last of two versions at one instant be in force', () => {
    const first = version('v2', 10, { ...without, publishedAt: day(8) })
    const last = version('v3', 10, { publishedAt: day(9), comparedWith: 'v1' })
    expect(ask(historyOf([v1, first, last]), [event('e1', 'given', 1)], 10)).toMatchObject({
      inForce: 'v3',
      status: 'Expired',
    })
  })
})

describe('a yes to another text than the one in force', () => {
  const v2 = major('v2', 10, 'v1', { publishedAt: day(2) })
  const history = historyOf([v1, v2])
  const late = event('late', 'given', 12, { inForce: 'v2' })

  it('expires at once when it is outdated', () => {
    expect(ask(history, [late], 15)).toMatchObject({
      status: 'Expired',
      reason: 'outdated-text',
      decidedBy: 'late',
      shown: 'v1',
    })
  })

  it('takes no consent away that stands', () => {
    const answer = ask(history, [event('e1', 'given', 11, { shown: 'v2' }), late], 15)
    expect(answer).toMatchObject({
      status: 'Given',
      decidedBy: 'e1',
      withoutEffect: [{ eventId: 'late', reason: 'outdated-text' }],
    })
  })

  it('renews after an outdated one', () => {
    expect(ask(history, [late, event('e2', 'given', 13, { shown: 'v2' })], 15).status).toBe('RenewedGiven')
  })

  it('counts at once when the coming text differs in nothing major', () => {
    const minor = historyOf([v1, version('v2', 10, { comparedWith: 'v1', publishedAt: day(2) })])
    const early = event('early', 'given', 5, { shown: 'v2' })
    expect(ask(minor, [early], day(5))).toMatchObject({ status: 'Given', shown: 'v2', inForce: 'v1' })
    expect(ask(minor, [early], 15)).toMatchObject({ status: 'Given', decidedBy: 'early' })
  })

  const early = event('early', 'given', 5, { shown: 'v2' })
  it.each<[string, Parameters<typeof ask>[1], string, string]>([
    ['alone', [early], 'Unknown', 'Given'],
    ['beside a consent to the text in force', [event('e1', 'given', 1), early], 'Given', 'RenewedGiven'],
    ['refused before it counts', [early, event('e2', 'refused', 6)], 'Refused', 'Refused'],
    [
      'withdrawn before it counts',
      [event('e1', 'given', 1), early, event('e2', 'withdrawn', 6)],
      'Withdrawn',
      'Withdrawn',
    ],
    [
      'refused twice, once after it',
      [event('e1', 'refused', 1), early, event('e2', 'refused', 6)],
      'Refused',
      'Refused',
    ],
    ['refused before it', [event('e1', 'refused', 1), early], 'Refused', 'Given'],
    ['revoked before it counts', [early, event('e2', 'revoked', 6, byOperator)], 'Unknown', 'Unknown'],
    [
      'struck down before it counts',
      [early, event('e2', 'invalidated', 6, { ...byOperator, from: day(4) })],
      'Unknown',
      'Unknown',
    ],
  ])('counts from when the coming text is in force: %s', (_, events, before, after) => {
    expect(ask(history, events, day(10, -1)).status).toBe(before)
    expect(ask(history, events, day(10)).status).toBe(after)
  })

  it('is named as early until it counts, and no longer', () => {
    const entry = { eventId: 'early', verb: 'given', reason: 'text-not-yet-in-force' }
    expect(ask(history, [early], day(10, -1))).toMatchObject({
      reason: 'text-not-yet-in-force',
      withoutEffect: [entry],
    })
    expect(ask(history, [early], 10)).toMatchObject({ decidedBy: 'early', withoutEffect: [] })
  })

  it('is lost when a later version passes its text by', () => {
    const retractions = [{ version: 'v2', retractedAt: day(9.5), reason: 'fault' }]
    const v3 = major('v3', 12, 'v1', { purposes: [purpose(changed)] })
    const answer = ask(historyOf([v1, v2, v3], { retractions }), [early], 15)
    expect(answer).toMatchObject({ status: 'Unknown', withoutEffect: [{ eventId: 'early', reason: 'outdated-text' }] })
  })

  it('is interrupted by a version that was inserted before its text, and resumed by the text', () => {
    const inserted = major('v1b', 7, 'v1', { publishedAt: day(6), purposes: [purpose(changed)] })
    const coming = version('v2', 10, { comparedWith: 'v1', publishedAt: day(2) })
    const both = historyOf([v1, inserted, coming])
    expect(ask(both, [early], 6).status).toBe('Given')
    expect(ask(both, [early], 8)).toMatchObject({ status: 'Expired', reason: 'policy-changed' })
    expect(ask(both, [early], 10)).toMatchObject({ status: 'RenewedGiven', decidedBy: 'early' })
    expect(ask(both, [early, event('no', 'withdrawn', 8)], 10).status).toBe('Withdrawn')
  })

  it('is resumed by its text also when another consent decided while it was interrupted', () => {
    const v1b = version('v1b', 7, { publishedAt: day(6), comparedWith: 'v1', purposes: [purpose(changed)] })
    const coming = version('v2', 10, { comparedWith: 'v1', publishedAt: day(2) })
    const history = historyOf([v1, v1b, coming])
    for (const [first, second] of [
      [event('a', 'given', 4, { shown: 'v1' }), early],
      [early, event('a', 'given', 6, { shown: 'v1' })],
    ] as const) {
      expect(ask(history, [first, second], 8)).toMatchObject({ permittedByConsent: true, decidedBy: 'a' })
      expect(ask(history, [first, second], 10)).toMatchObject({ status: 'RenewedGiven', decidedBy: 'early' })
    }
  })

  it('decides when a version outgrows another consent, but not its own', () => {
    const inserted = major('v1b', 7, 'v1', { publishedAt: day(6) })
    const coming = version('v2', 10, { comparedWith: 'v1', publishedAt: day(2) })
    const events = [early, event('e2', 'given', 6)]
    const history = historyOf([v1, inserted, coming])
    expect(ask(history, events, day(7, -1))).toMatchObject({ status: 'RenewedGiven', decidedBy: 'e2' })
    expect(ask(history, events, 7)).toMatchObject({ status: 'RenewedGiven', decidedBy: 'early' })
  })

  it('waits for its date when what it was compared with is not what is in force', () => {
    const coming = version('v2', 10, { comparedWith: 'v0', publishedAt: day(2), purposes: [purpose(changed)] })
    const retractions = [{ version: 'v2', retractedAt: day(9), reason: 'fault' }]
    for (const history of [historyOf([v1, coming]), historyOf([v1, coming], { retractions })]) {
      expect(ask(history, [early], 9)).toMatchObject({ status: 'Unknown', reason: 'text-not-yet-in-force' })
    }
  })

  it('counts for an import from the time before the ledger, to a text that says it applied then', () => {
    const old = version('v1', 0, { retroactive: true, effectiveFrom: day(-300), publishedAt: day(0) })
    const imported = event('old', 'given', -100, {
      who: { assurance: 'imported' },
      inForce: null,
      times: { recordedAt: day(5) },
    })
    const known = { purposeId, knownAt: day(9) }
    expect(ask(historyOf([old]), [imported], -50, known)).toMatchObject({
      status: 'Unknown',
      reason: 'text-not-yet-in-force',
    })
    expect(ask(historyOf([old]), [imported], 1, known)).toMatchObject({
      status: 'Given',
      endsAt: '2026-09-23T00:00:00.000Z',
    })
    const notThen = version('v1', 0, { retroactive: true, effectiveFrom: day(-50), publishedAt: day(0) })
    expect(ask(historyOf([notThen]), [imported], 1, known)).toMatchObject({ status: 'Unknown', reason: 'no-version' })
    const twice = version('v1', 0, doubt({ retroactive: true, effectiveFrom: day(-300), publishedAt: day(0) }))
    expect(ask(historyOf([twice]), [imported], 1, known)).toMatchObject({
      status: 'Requested',
      permittedByConsent: false,
    })
    const own = event('old', 'given', -100, { inForce: null, times: { recordedAt: day(5) } })
    expect(ask(historyOf([old]), [own], 1, known)).toMatchObject({ status: 'Unknown', reason: 'no-version' })
  })
})

describe('validity', () => {
  const of = (validity: string | undefined) => historyOf([version('v1', 0, { purposes: [purpose({ validity })] })])
  it.each([
    ['P30D', 'authenticated', 'given', '2026-01-31T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
    ['P1M', 'authenticated', 'given', '2026-01-31T00:00:00.000Z', '2026-02-28T00:00:00.000Z'],
    ['P2Y', 'authenticated', 'given', '2026-01-31T00:00:00.000Z', '2028-01-31T00:00:00.000Z'],
    ['P2Y', 'anonymous', 'given', '2026-01-31T00:00:00.000Z', '2027-02-28T00:00:00.000Z'],
    ['P6M', 'anonymous', 'given', '2026-03-31T00:00:00.000Z', '2026-09-30T00:00:00.000Z'],
    [undefined, 'anonymous', 'given', '2026-01-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z'],
  ] as const)('%s of an %s subject, %s at %s, ends at %s', (validity, assurance, verb, at, endsAt) => {
    const events = [event('e1', verb, at, { who: { assurance } })]
    const before = new Date(Date.parse(endsAt) - 1).toISOString()
    expect(ask(of(validity), events, before)).toMatchObject({ status: 'Given', endsAt })
    expect(ask(of(validity), events, endsAt)).toMatchObject({
      status: 'Expired',
      reason: 'validity-ended',
      decidedBy: 'e1',
    })
    expect(ask(of(validity), events, endsAt).endsAt).toBeUndefined()
  })

  it('without one does not end; an unreadable one ends at once', () => {
    expect(ask(of(undefined), [event('e1', 'given', 1)], '9999-01-01T00:00:00.000Z').status).toBe('Given')
    expect(ask(of('for ever'), [event('e1', 'given', 1)], 1)).toMatchObject({
      status: 'Expired',
      reason: 'validity-ended',
    })
  })

  it('is that of the text shown, and its end makes the next yes a renewal', () => {
    const v2 = version('v2', 10, { comparedWith: 'v1', purposes: [purpose({ validity: 'P30D' })] })
    const history = historyOf([version('v1', 0, { purposes: [purpose({ validity: 'P20D' })] }), v2])
    expect(ask(history, [event('e1', 'given', 1)], 12).endsAt).toBe(day(21))
    expect(ask(history, [event('e1', 'given', 1), event('e2', 'given', 21, { shown: 'v2' })], 22)).toMatchObject({
      status: 'RenewedGiven',
      endsAt: day(51),
    })
  })

  it('that ends with the version that drops the purpose ends as Expired, not Revoked', () => {
    const history = historyOf([
      version('v1', 0, { purposes: [purpose({ validity: 'P9D' })] }),
      version('v2', 10, without),
    ])
    expect(ask(history, [event('e1', 'given', 1)], 10).status).toBe('Expired')
  })

  it('of a shorter later yes shortens no earlier one', () => {
    const history = of('P2Y')
    const events = [event('long', 'given', 1), event('short', 'given', 2, { who: { assurance: 'anonymous' } })]
    expect(ask(history, events, 100)).toMatchObject({ status: 'RenewedGiven', decidedBy: 'short' })
    expect(ask(history, events, 500)).toMatchObject({ permittedByConsent: true, decidedBy: 'long' })
    expect(ask(history, [...events, event('no', 'withdrawn', 300)], 500).status).toBe('Withdrawn')
    expect(ask(history, events, 800)).toMatchObject({ status: 'Expired', decidedBy: 'long' })
  })
})

describe('double opt-in', () => {
  const history = historyOf([version('v1', 0, doubt())])
  const click = event('click', 'given', 1, { who: { assurance: 'anonymous' } })
  const confirm = event('confirm', 'confirmed', 3, byOperator)

  it('requests until confirmed; then validity runs from the confirmation', () => {
    expect(ask(history, [click, confirm], day(3, -1))).toMatchObject({
      status: 'Requested',
      reason: 'awaiting-confirmation',
      permittedByConsent: false,
    })
    expect(ask(history, [click, confirm], 3)).toMatchObject({
      status: 'Given',
      reason: 'confirmed',
      decidedBy: 'confirm',
      shown: 'v1',
      grade: 'served',
      demonstrable: true,
      endsAt: '2027-01-04T00:00:00.000Z',
    })
  })

  it('is a renewal by what preceded the click, also when the consent ended in between', () => {
    const short = historyOf([version('v1', 0, { purposes: [purpose({ doubleOptIn: true, validity: 'P10D' })] })])
    const sure = event('sure', 'given', 1, { who: { assurance: 'confirmed' } })
    const late = event('confirm', 'confirmed', 20, byOperator)
    expect(ask(short, [sure, event('click', 'given', 5), late], 20).status).toBe('RenewedGiven')
    expect(ask(short, [sure, event('click', 'given', 15), late], 20).status).toBe('RenewedGiven')
    expect(ask(short, [sure, event('click', 'given', 15), event('again', 'given', 16), late], 20).status).toBe(
      'RenewedGiven',
    )
  })

  it('confirms nothing that a no has cleared', () => {
    const answer = ask(history, [click, event('no', 'refused', 2, { grade: 'unmatched' }), confirm], 5)
    expect(answer).toMatchObject({
      status: 'Refused',
      withoutEffect: [{ eventId: 'confirm', reason: 'nothing-to-confirm' }],
    })
  })

  it('confirms one click once', () => {
    const answer = ask(history, [click, confirm, event('twice', 'confirmed', 4, byOperator)], 5)
    expect(answer).toMatchObject({
      decidedBy: 'confirm',
      withoutEffect: [{ eventId: 'twice', reason: 'nothing-to-confirm' }],
    })
  })

  it('is outgrown by a major change before the confirmation', () => {
    const v2 = major('v2', 2, 'v1', doubt())
    expect(ask(historyOf([version('v1', 0, doubt()), v2]), [click, confirm], 2.5).status).toBe('Requested')
    expect(ask(historyOf([version('v1', 0, doubt()), v2]), [click, confirm], 5)).toMatchObject({
      status: 'Expired',
      reason: 'policy-changed',
    })
  })

  it('of an outgrown text takes no consent away that stands', () => {
    const history = historyOf([version('v1', 0, doubt()), major('v2', 2, 'v1', doubt())])
    const sure = event('sure', 'given', 2.5, { shown: 'v2', who: { assurance: 'confirmed' } })
    expect(ask(history, [click, sure, confirm], 5)).toMatchObject({
      permittedByConsent: true,
      decidedBy: 'sure',
      withoutEffect: [{ eventId: 'confirm', reason: 'outdated-text' }],
    })
  })

  it('is cleared when the purpose is dropped, and not revived', () => {
    const dropped = historyOf([version('v1', 0, doubt()), version('v2', 2, without), version('v3', 2.5, doubt())])
    expect(ask(dropped, [click, confirm], 5)).toMatchObject({
      status: 'Requested',
      reason: 'purpose-dropped',
      permittedByConsent: false,
    })
  })

  it('of a coming text asks for confirmation once that is in force, or takes one from before', () => {
    const coming = historyOf([version('v1', 0, doubt()), major('v2', 10, 'v1', doubt({ publishedAt: day(2) }))])
    const early = event('early', 'given', 5, { shown: 'v2' })
    expect(ask(coming, [early], day(10, -1)).status).toBe('Unknown')
    expect(ask(coming, [early], 10)).toMatchObject({ status: 'Requested', decidedBy: 'early' })
    const before = event('before', 'confirmed', 6, byOperator)
    expect(ask(coming, [early, before], 9)).toMatchObject({
      status: 'Unknown',
      withoutEffect: [{ eventId: 'early' }, { eventId: 'before', reason: 'text-not-yet-in-force' }],
    })
    expect(ask(coming, [early, before], 10)).toMatchObject({ status: 'Given', decidedBy: 'before', withoutEffect: [] })
  })

  it('may be asked for by the version in force alone, or by the text alone', () => {
    const asksLater = historyOf([v1, version('v2', 10, doubt({ comparedWith: 'v1' }))])
    expect(ask(asksLater, [event('e1', 'given', 11)], 11).status).toBe('Requested')
    const asksNoLonger = historyOf([version('v1', 0, doubt()), version('v2', 10, { comparedWith: 'v1' })])
    expect(ask(asksNoLonger, [event('e1', 'given', 11)], 11).status).toBe('Requested')
  })
})

it.each([
  [{ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, true],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [[1, 2], [2, 1], false],
  [{ a: 1 }, { a: 1, b: 1 }, false],
  [{ a: [] }, { a: {} }, false],
  [{ a: null }, { a: {} }, false],
  [{ a: '1' }, { a: 1 }, false],
  [{ a: 1 }, { b: 1 }, false],
  [{ a: undefined }, { b: undefined }, true],
  [{ a: undefined }, { a: null }, false],
  [JSON.parse('{"__proto__":{}}'), {}, false],
  [{ constructor: undefined }, {}, true],
])('%j and %j as JSON values: equal is %s', (a, b, equal) => {
  expect(sameValue(a, b)).toBe(equal)
})
