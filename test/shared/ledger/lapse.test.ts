/** When keys lapse: a table of cases; and, for any history, that what is gone never turns a no into less than a no. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordedDecision, Verb } from '../../../shared/consent/event.ts'
import type { Purpose } from '../../../shared/consent/policy.ts'
import { statusOf } from '../../../shared/consent/status.ts'
import type { FoldEvent } from '../../../shared/consent/status-answer.ts'
import { contextDays, firstLapse, lapsesOf, type YearOfEvents } from '../../../shared/ledger/lapse.ts'
import { event, historyOf, purpose, version } from '../consent/scenario.ts'

const newsletter = purpose({ retention: 'P1Y' })
const statistics = purpose({ purposeId: 'statistics', retention: 'P3Y' })
const fraud = purpose({ purposeId: 'fraud', legalBasis: 'legitimate-interest', retention: 'P1Y' })
const privacy = historyOf([version('v1', -900, { purposes: [newsletter, statistics, fraud] })])
const terms = {
  ...historyOf([version('t1', -900, { policyId: 'terms', kind: 'terms', purposes: [] })]),
  policyId: 'terms',
}

function declaredBy(...purposes: readonly Purpose[][]) {
  const versions = purposes.map((of, i) => version(`v${i + 1}`, -900 + i, { purposes: of }))
  const owned = purposes.flat().map((each) => [each.purposeId, { policyId: 'privacy', purpose: each }] as const)
  return {
    policies: new Map([
      ['privacy', historyOf(versions)],
      ['terms', terms],
    ]),
    purposes: new Map(owned),
  }
}
const declared = declaredBy([newsletter, statistics, fraud])

const decided = (verb: Verb, purposeId = 'newsletter'): RecordedDecision => ({ purposeId, verb })
function said(recordedAt: string, decisions: readonly RecordedDecision[], effectiveAt = recordedAt) {
  return { decisions, times: { occurredAt: effectiveAt, recordedAt, effectiveAt, verdict: 'trusted' as const } }
}
const yearOf = (year: number, ...events: YearOfEvents['events']): YearOfEvents => ({ year, events, isWhole: true })

/** Which years' keys have lapsed an instant before, and at it: `context/proof`. */
function around(at: string, years: readonly YearOfEvents[], of = declared): [string, string] {
  const show = (ms: number) => {
    const { context, proof } = lapsesOf(years, of, new Date(Date.parse(at) + ms).toISOString())
    return `${[...context].sort()}/${[...proof].sort()}`
  }
  return [show(0), show(1)]
}

describe('the context', () => {
  it.each([
    [
      '90 days behind the last event of the year',
      '2027-03-20T11:00:00.000Z',
      ['2026-12-20T10:20:00.000Z', '2026-02-01T00:00:00.000Z'],
    ],
    ['and never before the year is over', '2027-01-02T00:00:00.000Z', ['2026-02-01T00:00:00.000Z']],
  ])('goes %s', (_, at, recorded) => {
    const year = yearOf(2026, ...recorded.map((each) => said(each, [decided('given', 'statistics')])))
    expect(around(at, [year])).toEqual(['/', '2026/'])
    expect(contextDays).toBe(90)
  })

  it('goes with the keys of its year at the latest', () => {
    const short = declaredBy([purpose({ retention: 'P1D' })])
    const year = yearOf(2026, said('2026-12-30T10:00:00.000Z', [decided('given')]))
    expect(around('2027-01-02T00:00:00.000Z', [year], short)).toEqual(['/', '2026/2026'])
  })
})

describe('a year', () => {
  const at = '2026-06-15T10:20:00.000Z'
  it.each<[string, YearOfEvents['events'], string, string]>([
    [
      'lapses when its retention has passed, from the end of the hour',
      [said(at, [decided('given')])],
      '2027-06-15T11:00:00.000Z',
      '2026',
    ],
    [
      'waits for the longest retention',
      [said(at, [decided('given'), decided('refused', 'statistics')])],
      '2029-06-15T11:00:00.000Z',
      '2026',
    ],
    [
      'waits for its last event',
      [said('2026-11-30T23:59:59.999Z', [decided('withdrawn')]), said(at, [decided('given')])],
      '2027-12-01T00:00:00.000Z',
      '2026',
    ],
    [
      'is of a policy as long as of its longest purpose',
      [said(at, [{ policyId: 'privacy', verb: 'acknowledged' }])],
      '2029-06-15T11:00:00.000Z',
      '2026',
    ],
    ['without events has nothing to wait for', [], '2027-01-02T00:00:00.000Z', '2026'],
  ])('%s', (_, events, end, lapsed) => {
    const [before, behind] = around(end, [yearOf(2026, ...events)])
    expect([before.split('/')[1], behind.split('/')[1]]).toEqual(['', lapsed])
  })

  it('reckons by the calendar: a leap day and a year is the last of February', () => {
    const year = yearOf(2024, said('2024-02-29T08:00:00.000Z', [decided('given')]))
    expect(around('2025-02-28T09:00:00.000Z', [year])).toEqual(['2024/', '2024/2024'])
  })

  it('waits for the longest retention that any version declared', () => {
    const of = declaredBy([purpose({ retention: 'P2Y' })], [purpose({ retention: 'P1Y' })])
    expect(around('2028-06-15T11:00:00.000Z', [yearOf(2026, said(at, [decided('given')]))], of)).toEqual([
      '2026/',
      '2026/2026',
    ])
  })

  const never = '9000-01-01T00:00:00.000Z'
  it.each<[string, RecordedDecision]>([
    ['an objection', decided('objected', 'fraud')],
    ['a refusal of what rests on no consent', decided('refused', 'fraud')],
    ['the acceptance of terms that declare no purpose', { policyId: 'terms', verb: 'accepted' }],
    ['a decision that nothing declares', decided('given', 'unheard-of')],
  ])('of %s never lapses', (_, decision) => {
    expect(around(never, [yearOf(2026, said(at, [decided('given'), decision]))])).toEqual(['2026/', '2026/'])
  })

  it('of which something does not open never lapses, nor its context', () => {
    expect(around(never, [{ ...yearOf(2026, said(at, [decided('given')])), isWhole: false }])).toEqual(['/', '/'])
  })

  it('stays as long as one before it: an earlier yes would stand again', () => {
    const years = [
      yearOf(2027, said('2027-05-01T00:00:00.000Z', [decided('withdrawn')])),
      yearOf(2026, said(at, [decided('given'), decided('given', 'statistics')])),
    ]
    expect(around('2029-06-15T11:00:00.000Z', years)).toEqual(['2026,2027/', '2026,2027/2026,2027'])
  })

  it('stays while a later year has an event that counts from before its end', () => {
    const withdrawn = yearOf(2026, said('2026-12-30T00:00:00.000Z', [decided('withdrawn')]))
    const late = said('2027-01-05T00:00:00.000Z', [decided('given')], '2026-12-20T00:00:00.000Z')
    const together = [withdrawn, yearOf(2027, late)]
    expect(around('2028-01-04T00:00:00.000Z', together)).toEqual(['2026,2027/', '2026,2027/'])
    expect(around('2028-01-05T01:00:00.000Z', together)).toEqual(['2026,2027/', '2026,2027/2026,2027'])
    const inTime = said('2027-01-05T00:00:00.000Z', [decided('given')])
    expect(around('2027-12-31T00:00:00.000Z', [withdrawn, yearOf(2027, inTime)])[1]).toBe('2026/2026')
  })
})

it('says from when on a year may have lapsed at all, without looking at an event', () => {
  expect(firstLapse(2026, declared)).toBe('2027-01-01T00:00:00.000Z')
  expect(firstLapse(2026, { policies: new Map(), purposes: new Map() })).toBeUndefined()
})

/** Any order of years, verbs and clocks: what was not permitted, or objected to, is so without what has lapsed. */
it('never weakens a no, whatever was said and whenever', () => {
  const hour = 3_600_000
  const start = Date.UTC(2025, 0, 1)
  const step = fc.record({
    recordedDay: fc.nat({ max: 1_400 }),
    lateDays: fc.oneof(fc.constant(0), fc.nat({ max: 30 }), fc.nat({ max: 700 })),
    about: fc.constantFrom('newsletter', 'statistics', 'fraud'),
    verb: fc.constantFrom<Verb[]>(
      'requested',
      'deferred',
      'given',
      'refused',
      'withdrawn',
      'objected',
      'objection-withdrawn',
    ),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat({ max: 3_000 }), (steps, nowDay) => {
      const now = new Date(start + (1_400 + nowDay) * 86_400_000).toISOString()
      const events = steps.map(({ recordedDay, lateDays, about, verb }, i): FoldEvent => {
        const recordedAt = new Date(start + recordedDay * 86_400_000 + i * hour).toISOString()
        const effectiveAt = new Date(Date.parse(recordedAt) - lateDays * 86_400_000).toISOString()
        const times = { occurredAt: effectiveAt, recordedAt, effectiveAt, verdict: 'trusted' as const }
        return event(`e${i}`, verb, recordedAt, { about, times })
      })
      const byYear = Map.groupBy(events, ({ event: { times } }) => Number(times.recordedAt.slice(0, 4)))
      const years = [...byYear].map(([year, of]) => yearOf(year, ...of.map((each) => each.event)))
      const { proof } = lapsesOf(years, declared, now)
      const left = events.filter(({ event: { times } }) => !proof.has(Number(times.recordedAt.slice(0, 4))))
      const instants = [now, ...events.map(({ event: { times } }) => times.effectiveAt)]
      for (const purposeId of ['newsletter', 'statistics', 'fraud']) {
        for (const at of instants) {
          const question = { purposeId, at, knownAt: now }
          const before = statusOf(question, events, privacy)
          const behind = statusOf(question, left, privacy)
          if (before.permittedByConsent === false) expect(behind.permittedByConsent).toBe(false)
          if (before.status === 'Objected') expect(behind.status).toBe('Objected')
        }
      }
    }),
    { numRuns: 2_000 },
  )
})
