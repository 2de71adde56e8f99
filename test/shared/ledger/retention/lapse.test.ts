/** When keys lapse: tables of cases for the context, for each status that a decision can lead to, and for years beside each other. */

import { describe, expect, it } from 'vitest'
import type { Purpose } from '../../../../shared/consent/purpose.ts'
import type { FoldEvent } from '../../../../shared/consent/status-answer.ts'
import { earliestLapse, lapsesOf } from '../../../../shared/ledger/retention/lapse.ts'
import type { YearOfEvents } from '../../../../shared/ledger/retention/lapse-ends.ts'
import { byOperator, event, historyOf, major, policyId, purpose, version } from '../../consent/scenario.ts'

/** Data for a month, consents for a year, proofs for two years; all of it declared since 2023. */
const newsletter = purpose({ retention: 'P1M', validity: 'P1Y', evidenceRetention: 'P2Y' })
const statistics = purpose({ ...newsletter, purposeId: 'statistics', evidenceRetention: 'P4Y' })
const interest = (purposeId: string) =>
  purpose({ purposeId, legalBasis: 'legitimate-interest', validity: undefined, evidenceRetention: 'P2Y' })
const contract = purpose({
  purposeId: 'contract',
  legalBasis: 'contract',
  validity: undefined,
  evidenceRetention: 'P2Y',
})
const first = version('v1', -900, { purposes: [newsletter, statistics, interest('fraud'), contract] })

function declaredBy(...versions: ReturnType<typeof version>[]) {
  const terms = version('t1', -900, { policyId: 'terms', kind: 'terms', purposes: [], evidenceRetention: 'P2Y' })
  const owned = versions
    .flatMap(({ purposes }) => purposes)
    .map((of) => [of.purposeId, { policyId, purpose: of }] as const)
  return {
    policies: new Map([
      [policyId, historyOf(versions)],
      ['terms', { ...historyOf([terms]), policyId: 'terms' }],
    ]),
    purposes: new Map(owned),
  }
}
const declared = declaredBy(first)

let count = 0
const said = (...[verb, at, details]: Parameters<typeof event> extends [string, ...infer Rest] ? Rest : never) =>
  event(`e${++count}`, verb, at, details)
const yearsOf = (...events: readonly FoldEvent[]): YearOfEvents[] =>
  [...Map.groupBy(events, ({ event: { times } }) => Number(times.recordedAt.slice(0, 4)))].map(([year, of]) => ({
    year,
    events: of.map((each) => each.event),
    isWhole: true,
  }))

/** Which years' keys have lapsed at an instant and just after it: `context/proof`. */
function around(at: string, years: readonly YearOfEvents[], of = declared): [string, string] {
  const show = (ms: number) => {
    const { context, proof } = lapsesOf(years, of, new Date(Date.parse(at) + ms).toISOString())
    return `${[...context].sort()}/${[...proof].sort()}`
  }
  return [show(0), show(1)]
}
const never = '9000-01-01T00:00:00.000Z'

describe('the context', () => {
  it.each([
    [
      '90 days after the last event of the year',
      '2027-03-20T11:00:00.000Z',
      ['2026-12-20T10:20:00.000Z', '2026-02-01T00:00:00.000Z'],
    ],
    ['and never before the year is over', '2027-01-02T00:00:00.000Z', ['2026-02-01T00:00:00.000Z']],
  ])('goes %s', (_, at, recorded) => {
    expect(around(at, yearsOf(...recorded.map((each) => said('given', each))))).toEqual(['/', '2026/'])
  })

  it('goes with the keys of its year at the latest', () => {
    const short = declaredBy(
      version('v1', -900, { purposes: [purpose({ validity: 'P1D', evidenceRetention: 'P1D' })] }),
    )
    const years = yearsOf(said('requested', '2026-12-30T10:00:00.000Z'))
    expect(around('2027-01-02T00:00:00.000Z', years, short)).toEqual(['/', '2026/2026'])
  })
})

/** June 2026: the hour ends at 11, and a term counts from there at the earliest. */
const at = '2026-06-15T10:20:00.000Z'
const later = '2026-09-01T10:20:00.000Z'
const about = (purposeId: string) => ({ about: purposeId })

describe('the proof goes two years after', () => {
  it.each<[string, FoldEvent[], string]>([
    ['a consent has ended by its validity', [said('given', at)], '2029-06-15T10:20:00.000Z'],
    ['the later of two consents has ended', [said('given', at), said('given', later)], '2029-09-01T10:20:00.000Z'],
    ['a withdrawal', [said('given', at), said('withdrawn', later)], '2028-09-01T11:00:00.000Z'],
    ['a refusal', [said('refused', at)], '2028-06-15T11:00:00.000Z'],
    ['a revocation', [said('given', at), said('revoked', later, byOperator)], '2028-09-01T11:00:00.000Z'],
    [
      'an invalidation, however far back it reaches',
      [said('given', at), said('invalidated', later, { ...byOperator, from: at })],
      '2028-09-01T11:00:00.000Z',
    ],
    ['a showing', [said('requested', at)], '2028-06-15T11:00:00.000Z'],
    ['a yes without effect', [said('given', at, { how: { act: 'continued-use' } })], '2028-06-15T11:00:00.000Z'],
    ['information on another basis', [said('requested', at, about('fraud'))], '2028-06-15T11:00:00.000Z'],
    ['information on a contract', [said('requested', at, about('contract'))], '2028-06-15T11:00:00.000Z'],
    ['an acknowledgement', [said('acknowledged', at, about('policy'))], '2031-06-15T11:00:00.000Z'],
    [
      'the last of several purposes in one event',
      [said('requested', at, { alsoDecided: [{ purposeId: 'statistics', verb: 'refused' }] })],
      '2030-06-15T11:00:00.000Z',
    ],
  ])('%s', (_, events, end) => {
    const [before, after] = around(end, yearsOf(...events))
    expect([before.split('/')[1], after.split('/')[1]]).toEqual(['', '2026'])
  })

  it('a consent to a text that came into force later, or that a new text ended', () => {
    const next = major('v2', 200, 'v1', { purposes: [newsletter] })
    const both = declaredBy(first, next)
    const ahead = said('given', at, { shown: 'v2' })
    expect(around('2029-06-15T10:20:00.000Z', yearsOf(ahead), both)).toEqual(['2026/', '2026/2026'])
    // Outdated on day 200 of 2026; the longest validity keeps it no longer than that.
    expect(around('2028-07-20T00:00:00.000Z', yearsOf(said('given', at)), both)).toEqual(['2026/', '2026/2026'])
  })

  it('a double opt-in: a yes that was never confirmed, and one that was, in another year', () => {
    const twice = declaredBy(version('v1', -900, { purposes: [{ ...newsletter, doubleOptIn: true, validity: 'P1Y' }] }))
    expect(around('2028-06-15T11:00:00.000Z', yearsOf(said('given', at)), twice)).toEqual(['2026/', '2026/2026'])
    const confirmed = yearsOf(
      said('given', '2026-12-30T08:00:00.000Z'),
      said('confirmed', '2027-01-03T08:00:00.000Z', byOperator),
    )
    expect(around('2030-01-03T08:00:00.000Z', confirmed, twice)).toEqual(['2026,2027/', '2026,2027/2026,2027'])
  })

  it('a consent that another one outlasts: it is fallen back on', () => {
    const shorter = version('v2', 100, { comparedWith: 'v1', purposes: [{ ...newsletter, validity: 'P1M' }] })
    const both = declaredBy(first, shorter)
    const years = yearsOf(said('given', at), said('given', '2027-01-05T00:00:00.000Z', { shown: 'v2', inForce: 'v2' }))
    expect(around('2029-06-15T10:20:00.000Z', years, both)).toEqual(['2026,2027/', '2026,2027/2026,2027'])
  })
})

describe('the proof never goes by time alone of', () => {
  it.each<[string, FoldEvent[]]>([
    ['an objection', [said('objected', at, about('fraud'))]],
    ['a refusal of what rests on no consent', [said('refused', at, about('fraud'))]],
    [
      'an objection that was taken back',
      [said('objected', at, about('fraud')), said('objection-withdrawn', later, about('fraud'))],
    ],
    [
      'an objection that was overruled',
      [said('objected', at, about('fraud')), said('objection-overruled', later, { ...byOperator, ...about('fraud') })],
    ],
    ['the refusal of a policy', [said('declined', at, about('policy'))]],
    ['a decision that nothing declares', [said('given', at, about('unheard-of'))]],
  ])('%s', (_, events) => {
    expect(around(never, yearsOf(...events, said('given', at)))).toEqual(['2026/', '2026/'])
  })

  it('an acceptance of terms, until another takes its place', () => {
    const accepted = (when: string) => {
      const { event: e } = said('accepted', when, {
        link: [{ policyId: 'terms', grade: 'served', shown: 't1', inForce: 't1' }],
      })
      return { event: { ...e, decisions: [{ policyId: 'terms', verb: 'accepted' as const }] } }
    }
    expect(around(never, yearsOf(accepted(at)))).toEqual(['2026/', '2026/'])
    const twice = yearsOf(accepted(at), accepted('2027-02-01T10:20:00.000Z'))
    expect(around('2029-02-01T10:20:00.000Z', twice)).toEqual(['2026,2027/', '2026,2027/2026'])
  })

  it('a consent that no validity ends, of a person who is known', () => {
    const endless = declaredBy(version('v1', -900, { purposes: [{ ...newsletter, validity: undefined }] }))
    expect(around(never, yearsOf(said('given', at)), endless)).toEqual(['2026/', '2026/'])
  })
})

describe('the term', () => {
  it('is that of the version where the purpose has none, and five years where neither has', () => {
    const of = (over: Partial<Purpose>, evidenceRetention?: string) =>
      declaredBy(
        version('v1', -900, {
          purposes: [{ ...newsletter, evidenceRetention: undefined, ...over }],
          evidenceRetention,
        }),
      )
    const refused = yearsOf(said('refused', at))
    expect(around('2031-06-15T11:00:00.000Z', refused, of({}))).toEqual(['2026/', '2026/2026'])
    expect(around('2029-06-15T11:00:00.000Z', refused, of({}, 'P3Y'))).toEqual(['2026/', '2026/2026'])
    expect(around('2028-06-15T11:00:00.000Z', refused, of({ evidenceRetention: 'P2Y' }, 'P3Y'))).toEqual([
      '2026/',
      '2026/2026',
    ])
  })

  it('is the longest that any version declared, and is not the retention of the data', () => {
    const shorter = version('v2', 100, {
      comparedWith: 'v1',
      purposes: [{ ...newsletter, evidenceRetention: 'P1M', retention: 'P20Y' }],
    })
    expect(around('2028-06-15T11:00:00.000Z', yearsOf(said('refused', at)), declaredBy(first, shorter))).toEqual([
      '2026/',
      '2026/2026',
    ])
  })

  it('reckons by the calendar: a leap day and two years is the last of February', () => {
    expect(around('2026-02-28T09:00:00.000Z', yearsOf(said('refused', '2024-02-29T08:00:00.000Z')))).toEqual([
      '2024/',
      '2024/2024',
    ])
  })

  it('of a row that cannot be read is the longest, from the end of what might stand, and its context lapses as any other', () => {
    const unreadable = yearsOf(said('refused', at)).map((year) => ({ ...year, isWhole: false }))
    // The end of 2026, the longest validity, the longest evidence term.
    expect(around('2033-01-01T00:00:00.000Z', unreadable)).toEqual(['2026/', '2026/2026'])
    expect(around('2027-04-01T00:00:00.000Z', unreadable)).toEqual(['/', '2026/'])
  })

  it('may be shorter than a consent stands, which keeps it all the same; and the no that ended it as long', () => {
    const brief = declaredBy(version('v1', -900, { purposes: [{ ...newsletter, evidenceRetention: 'P1D' }] }))
    expect(around('2027-06-16T10:20:00.000Z', yearsOf(said('given', at)), brief)).toEqual(['2026/', '2026/2026'])
    // A yes of before the refusal may still be imported, and would stand until then.
    expect(around('2027-06-15T11:00:00.000Z', yearsOf(said('refused', at)), brief)).toEqual(['2026/', '2026/2026'])
  })
})

describe('years beside each other', () => {
  const brief = declaredBy(version('v1', -900, { purposes: [newsletter, { ...statistics, evidenceRetention: 'P1Y' }] }))

  it('a year stays as long as one before it: an earlier yes would stand again', () => {
    const years = yearsOf(
      said('given', at),
      said('given', at, about('statistics')),
      said('withdrawn', '2027-02-01T00:00:00.000Z'),
    )
    expect(around('2031-06-15T10:20:00.000Z', years)).toEqual(['2026,2027/', '2026,2027/2026,2027'])
  })

  it('a year stays while a later one has an event that counts from before its no', () => {
    const no = said('withdrawn', '2026-12-30T00:00:00.000Z')
    const late = said('given', '2026-12-20T00:00:00.000Z', { times: { recordedAt: '2027-01-05T00:00:00.000Z' } })
    const other = said('refused', '2027-03-01T00:00:00.000Z', about('statistics'))
    const end = '2031-03-01T01:00:00.000Z'
    expect(around(end, yearsOf(no, late, other))).toEqual(['2026,2027/', '2026,2027/2026,2027'])
    const inTime = said('given', '2027-01-05T00:00:00.000Z')
    expect(around(end, yearsOf(no, inTime, other))).toEqual(['2026,2027/2026', '2026,2027/2026,2027'])
  })

  it('a year stays while a later one has a consent that its expiry would put in doubt', () => {
    const other = said('requested', '2026-12-30T00:00:00.000Z', about('statistics'))
    const late = said('given', '2026-12-20T00:00:00.000Z', { times: { recordedAt: '2027-01-05T00:00:00.000Z' } })
    const end = '2029-12-20T00:00:00.000Z'
    expect(around(end, yearsOf(other, late), brief)).toEqual(['2026,2027/', '2026,2027/2026,2027'])
    const inTime = said('given', '2027-01-05T00:00:00.000Z')
    expect(around('2028-12-31T00:00:00.000Z', yearsOf(other, inTime), brief)[1]).toBe('2026,2027/2026')
  })

  it('a year stays while the browser’s signal alone would be taken for a no that the person did not say', () => {
    const signalled = { ...newsletter, globalPrivacyControl: true }
    const marked = declaredBy(version('v1', -900, { purposes: [signalled, statistics] }))
    const despite = said('given', '2026-12-01T00:00:00.000Z', { how: { signals: { gpc: true } } })
    const again = said('refused', '2027-02-01T00:00:00.000Z', { derivedFrom: 'gpc' })
    const other = said('refused', '2027-03-01T00:00:00.000Z', about('statistics'))
    expect(around('2031-03-01T01:00:00.000Z', yearsOf(despite, again, other), marked)).toEqual([
      '2026,2027/',
      '2026,2027/2026,2027',
    ])
  })

  it('a year that was replaced goes, although the consent is still renewed', () => {
    const renewed = ['2026-06-15', '2027-05-01', '2028-05-01', '2029-05-01'].map((day) =>
      said('given', `${day}T10:20:00.000Z`),
    )
    expect(around('2029-06-15T10:20:00.000Z', yearsOf(...renewed))[1]).toBe('2026,2027,2028/2026')
  })
})

it('a year without events has nothing to wait for', () => {
  expect(around('2027-01-02T00:00:00.000Z', [{ year: 2026, events: [], isWhole: true }])).toEqual(['/', '2026/2026'])
})

it('says from when on a year may have lapsed at all, without looking at an event', () => {
  expect(earliestLapse(2026, declared)).toBe('2028-01-01T00:00:00.000Z')
  expect(earliestLapse(2026, { policies: new Map() })).toBeUndefined()
})
