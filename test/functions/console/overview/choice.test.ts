/** What the reader of the page Overview chose, from an address and back, whoever wrote it. */
import { describe, expect, it, test } from 'vitest'
import { addressOfChoice, choiceOf } from '../../../../functions/console/overview/choice.ts'
import { faultOf, periodOf } from '../../../../functions/console/overview/period.ts'

/** The evening of 2 March 2024, in UTC. */
const now = Date.parse('2024-03-02T23:30:00Z')
const read = (query: string) => choiceOf(new URLSearchParams(query), now)
const lastMonth = { from: '2024-02-01', to: '2024-03-01' }

describe('an address', () => {
  it.each([
    [''],
    ['days=365'],
    ['days=7&topic=purpose/statistics&by=channel'],
    ['from=2023-12-31&to=2024-02-29&topic=policy/terms'],
  ])('"%s" comes back from its choice', (query) => {
    const choice = read(query)
    const address = addressOfChoice(choice)
    expect(read(address.split('?')[1] ?? '')).toEqual(choice)
    expect([...new URLSearchParams(address.split('?')[1] ?? '')]).toEqual(
      expect.arrayContaining([...new URLSearchParams(query)]),
    )
  })

  it.each([
    'days=31',
    'days=own',
    'from=2024-02-30&to=2024-03-01',
    'from=2024-02-01',
    'from=2024-03-01&to=2024-02-01',
    'from=2022-01-01&to=2024-01-01',
    'topic=person/kim&by=person',
    'topic=purpose/',
  ])('"%s" counts as one without a choice', (query) => {
    expect(read(query)).toEqual({ period: lastMonth, length: '30', topic: undefined, by: 'presentation' })
    expect(addressOfChoice(read(query))).toBe('#/overview')
  })
})

test('a period ends with the last day that can be complete', () => {
  expect(periodOf('7', now)).toEqual({ from: '2024-02-24', to: '2024-03-01' })
})

test.each([
  ['', '2024-03-01', 'noSuchDay'],
  ['2023-02-29', '2024-03-01', 'noSuchDay'],
  ['2024-03-01', '2024-02-29', 'lastBeforeFirst'],
  ['2023-03-01', '2024-03-01', 'tooLong'],
  ['2023-03-02', '2024-03-01', undefined],
  ['2024-03-01', '2024-03-01', undefined],
])('%s to %s: %s', (from, to, fault) => {
  expect(faultOf({ from, to })).toBe(fault)
})
