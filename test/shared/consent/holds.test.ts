/** Which years a set of holds keeps, against a definition that asks each record; and that a hold always wins over retention. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { coversYear, type Hold, type HoldScope, heldYears, stands } from '../../../shared/consent/holds.ts'
import { lapsesOf } from '../../../shared/ledger/retention/lapse.ts'
import { day, event, historyOf, policyId, purpose, version } from './scenario.ts'

const instant = fc.nat({ max: 1_500 }).map((n) => day(n))
const purposeIds = ['newsletter', 'statistics'] as const
const aScope: fc.Arbitrary<HoldScope> = fc.oneof(
  fc.constant<HoldScope>({ kind: 'subject' }),
  fc.constantFrom(...purposeIds).map((purposeId): HoldScope => ({ kind: 'purpose', purposeId })),
  instant.map((before): HoldScope => ({ kind: 'before', before })),
)
const aHold: fc.Arbitrary<Hold> = fc
  .record({
    covers: aScope,
    until: fc.option(instant, { nil: undefined }),
    releasedAt: fc.option(instant, { nil: undefined }),
  })
  .map(
    ({ covers, until, releasedAt }): Hold => ({
      ...{ holdId: 'h', ground: 'order', covers, madeAt: day(0) },
      ...(until !== undefined && { until }),
      ...(releasedAt !== undefined && { releasedAt }),
    }),
  )
const anEvent = fc.record({ at: fc.nat({ max: 1_500 }), about: fc.constantFrom(...purposeIds) })
const events = fc.array(anEvent, { minLength: 1, maxLength: 8 })

function yearsOf(drawn: readonly { at: number; about: string }[], unreadable: ReadonlySet<number>) {
  const all = drawn.map(({ at, about }, i) => event(`e${i}`, 'refused', day(at, i), { about }).event)
  const byYear = Map.groupBy(all, ({ times }) => Number(times.recordedAt.slice(0, 4)))
  return [...byYear].map(([year, inYear]) => ({ year, events: inYear, isWhole: !unreadable.has(year % 3) }))
}

const terms = { evidenceRetention: 'P1M', validity: 'P1M' }
const history = historyOf([
  version('v1', -10, { purposes: [purpose(terms), purpose({ ...terms, purposeId: 'statistics' })] }),
])
const owner = { policyId, purpose: purpose() }
const declared = {
  policies: new Map([[policyId, history]]),
  purposes: new Map(purposeIds.map((purposeId) => [purposeId, owner])),
}

it('keep a year if one of its records is covered, or may be', () => {
  fc.assert(
    fc.property(
      fc.array(aHold, { maxLength: 4 }),
      events,
      fc.array(fc.nat({ max: 2 })),
      instant,
      (holds, drawn, bad, now) => {
        const years = yearsOf(drawn, new Set(bad))
        const expected = years.filter(({ year, events: inYear, isWhole }) =>
          holds.some(({ covers, until = '9999', releasedAt }) => {
            if (releasedAt !== undefined || until <= now) return false
            if (covers.kind === 'subject') return true
            if (!isWhole) return covers.kind === 'purpose' || covers.before > `${year}-01-01T00:00:00.000Z`
            return inYear.some(({ decisions, times }) =>
              covers.kind === 'purpose'
                ? decisions.map(({ purposeId }) => purposeId).includes(covers.purposeId)
                : times.recordedAt < covers.before,
            )
          }),
        )
        expect([...heldYears(holds, years, now)]).toEqual(expected.map(({ year }) => year))
      },
    ),
  )
})

it('always win over retention, which without them takes the same and more', () => {
  const met = { taken: 0, kept: 0 }
  fc.assert(
    fc.property(fc.array(aHold, { maxLength: 3 }), events, fc.nat({ max: 2_500 }), (holds, drawn, at) => {
      const now = day(at)
      const years = yearsOf(
        drawn.filter((each) => each.at <= at),
        new Set(),
      )
      const held = heldYears(holds, years, now)
      const [free, lapsed] = [lapsesOf(years, declared, now), lapsesOf(years, declared, now, held)]
      for (const which of ['context', 'proof'] as const) {
        for (const year of lapsed[which]) {
          expect(held.has(year)).toBe(false)
          expect(free[which].has(year)).toBe(true)
          // Said once more without the years: no hold that stands covers anything of it.
          const records = years.find((each) => each.year === year)
          expect(records && holds.some((hold) => stands(hold, now) && coversYear(hold, records))).toBe(false)
        }
        met.taken += lapsed[which].size
        met.kept += free[which].size - lapsed[which].size
      }
      // Oldest first holds, too: nothing newer than a held year loses its proof.
      const oldest = Math.min(...held)
      expect([...lapsed.proof].filter((year) => year > oldest)).toEqual([])
    }),
    { numRuns: 400 },
  )
  expect(met.taken).toBeGreaterThan(20)
  expect(met.kept).toBeGreaterThan(20)
})

it('stand until the instant of their end, and not at it', () => {
  const until = day(5)
  expect([stands({ until }, day(5, -1)), stands({ until }, until), stands({}, day(9_000))]).toEqual([true, false, true])
  expect(stands({ until, releasedAt: day(1) }, day(2))).toBe(false)
})
