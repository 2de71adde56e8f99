/**
 * The budget of DESIGN section 9, four dollars for a million events at ten or more a batch, as it stands: **it is missed everywhere**,
 * and these are the figures. A change that meets it, or strays further, fails here.
 */
import { describe, expect, it } from 'vitest'
import { dollars, dollarsByService, unitPricesOf } from '../../../infra/cost/bill.ts'
import { budget, eventsPerBatchWithin, windowSecondsWithin, withoutTransfer } from '../../../infra/cost/budget.ts'
import { defaultSetting, eventsPerSecondFor, millionEvents } from '../../../infra/cost/model.ts'
import type { Region } from '../../../infra/cost/prices.ts'
import { usd } from '../../../infra/cost/tables.ts'
import { usage } from '../../../infra/cost/usage.ts'

const limit = budget.usdPerMillionEvents

function eventsIn(batch: number) {
  const eventsPerSecond = eventsPerSecondFor(batch, defaultSetting)
  return millionEvents(usage, { eventsPerSecond, newSubjectShare: 0 }, defaultSetting)
}

describe.each<[region: Region, atTen: string, atHundred: string, atThousand: string, metWithoutTransfer?: number]>([
  ['us-east-1', '10.28', '5.13', '4.60', 238],
  ['eu-west-1', '10.72', '5.53', '5.00'],
  ['eu-north-1', '10.72', '5.53', '5.00'],
  ['eu-central-1', '11.23', '5.85', '5.30'],
])('%s', (region, atTen, atHundred, atThousand, metWithoutTransfer) => {
  const prices = unitPricesOf(region)

  it(`misses it: $${atTen}, $${atHundred} and $${atThousand} at 10, 100 and 1,000 events a batch`, () => {
    expect([10, 100, 1_000].map((batch) => usd(dollars(eventsIn(batch), prices)))).toEqual([
      atTen,
      atHundred,
      atThousand,
    ])
    expect(eventsPerBatchWithin(limit, usage, region)).toBeUndefined()
  })

  it(`within the free 100 GB of transfer: ${metWithoutTransfer ? `met from ${metWithoutTransfer} a batch` : 'missed'}`, () => {
    expect(eventsPerBatchWithin(limit, usage, region, withoutTransfer)).toBe(metWithoutTransfer)
  })
})

it('the units of an event are within it: it is not DynamoDB’s writes that miss', () => {
  const { writeUnit = 0 } = eventsIn(budget.eventsPerBatch)
  expect(writeUnit / 1e6).toBeLessThanOrEqual(3.2)
})

it('at ten events a batch more than half is the batch’s signatures and objects', () => {
  const parts = dollarsByService(eventsIn(budget.eventsPerBatch), unitPricesOf('us-east-1'))
  const whole = [...parts.values()].reduce((total, part) => total + part, 0)
  expect((parts.get('KMS') ?? 0) + (parts.get('S3') ?? 0)).toBeGreaterThan(whole / 2)
})

it('finds the shortest window that holds a limit, and none for this one', () => {
  const traffic = { eventsPerSecond: 1, newSubjectShare: 0 }
  const within = (amount: number) => windowSecondsWithin(amount, usage, 'us-east-1', traffic, defaultSetting)
  const cost = (windowSeconds: number) =>
    dollars(millionEvents(usage, traffic, { ...defaultSetting, windowSeconds }), unitPricesOf('us-east-1'))
  const window = within(8) ?? 0
  expect(window).toBeGreaterThan(10)
  expect(cost(window)).toBeLessThanOrEqual(8)
  expect(cost(window - 1)).toBeGreaterThan(8)
  expect(within(limit)).toBeUndefined()
})
