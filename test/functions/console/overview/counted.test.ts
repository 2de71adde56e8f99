/** What the page Overview makes of statistics: a hidden number stays hidden in every sum, share and line. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  agreedOf,
  amountsOf,
  drawnHeight,
  everyDay,
  groupsBy,
  hiddenIn,
  measures,
  type Row,
  sumOf,
  sumsByTopic,
} from '../../../../functions/console/overview/counted.ts'

const none = { shown: 0, given: 0, refused: 0, withdrawn: 0, expired: 0, ignored: 0 }
const row = (more: Partial<Row>): Row => ({ purposeId: 'statistics', ...none, ...more })

const rows = fc.array(
  fc.record({
    purposeId: fc.constantFrom('statistics', 'marketing'),
    channel: fc.constantFrom('web', 'ios', null),
    ...Object.fromEntries(measures.map((measure) => [measure, fc.nat(500)])),
    withheld: fc.subarray([...measures]),
  }),
)

test('sums are those of the rows, and hide what any of them hides', () => {
  fc.assert(
    fc.property(rows, (made) => {
      // The generator makes numbers for every measure; its type does not say so.
      const all = made as unknown as Row[]
      const sum = sumOf(all.map(amountsOf))
      for (const measure of measures) {
        const people = all.reduce((total, each) => total + each[measure], 0)
        const isHidden = all.some(({ withheld }) => withheld?.includes(measure))
        expect(sum[measure]).toEqual({ people, hidden: isHidden ? (people === 0 ? 'all' : 'some') : 'none' })
      }
      expect(sumOf(sumsByTopic(all).map(({ amounts }) => amounts))).toEqual(sum)
      expect(sumOf(groupsBy(all, 'channel').map(({ amounts }) => amounts))).toEqual(sum)
    }),
  )
})

test.each<[name: string, row: Partial<Row>, share: ReturnType<typeof agreedOf>]>([
  ['of all who answered', { given: 30, refused: 10 }, { part: 0.75, isOfShown: false }],
  ['of nobody', {}, undefined],
  ['when all who refused are hidden', { given: 30, withheld: ['refused'] }, undefined],
  ['when all who agreed are hidden', { refused: 30, withheld: ['given'] }, undefined],
  ['when some are hidden', { given: 30, refused: 10, withheld: ['given'] }, { part: 0.75, isOfShown: true }],
  ['when others are hidden', { given: 30, refused: 10, withheld: ['ignored'] }, { part: 0.75, isOfShown: false }],
])('the share of those who agreed, %s', (_, given, share) => {
  expect(agreedOf(amountsOf(row(given)))).toEqual(share)
})

test('the topic with most answers comes first, and what is not known comes last', () => {
  const all = [
    row({ purposeId: 'marketing', given: 20, channel: null }),
    row({ policyId: 'terms', purposeId: undefined, given: 300, channel: 'web' }),
    row({ given: 40, channel: 'ios' }),
    row({ refused: 50, channel: 'web' }),
    row({ given: 900, withheld: ['refused'], channel: null }),
  ]
  expect(sumsByTopic(all).map(({ topic }) => topic)).toEqual([
    'purpose/statistics',
    'policy/terms',
    'purpose/marketing',
  ])
  const own = all.filter(({ purposeId }) => purposeId === 'statistics')
  expect(groupsBy(own, 'channel').map(({ value }) => value)).toEqual(['web', 'ios', undefined])
})

test('each complete day is there; a hidden or damaged number is a gap, and a day of nobody is 0', () => {
  const days = everyDay({
    ...{ from: '2026-02-27', to: '2026-03-05', through: '2026-03-03' },
    unreadableDays: ['2026-03-02'],
    rows: [
      row({ day: '2026-02-27', given: 12 }),
      row({ day: '2026-02-28', withheld: ['given', 'refused'], withdrawn: 15 }),
      row({ day: '2026-03-03', given: 20, withheld: ['given'] }),
    ],
  })
  expect(days.map((each) => [each.day, drawnHeight(each, 'given'), drawnHeight(each, 'withdrawn')])).toEqual([
    ['2026-02-27', 12, 0],
    ['2026-02-28', null, 15],
    ['2026-03-01', 0, 0],
    ['2026-03-02', null, null],
    ['2026-03-03', 20, 0],
  ])
  expect(days.map(({ amounts }) => amounts && hiddenIn(amounts))).toEqual([
    ...[[], ['given', 'refused'], []],
    ...[undefined, ['given']],
  ])
})

test('before the first complete day there is none', () => {
  expect(everyDay({ from: '2026-02-27', to: '2026-03-05', rows: [] })).toEqual([])
})
