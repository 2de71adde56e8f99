/** The budget, and what a million events cost in each region: a change that makes them dearer or cheaper fails here. */
import { describe, expect, it } from 'vitest'
import { dollars, dollarsByService, unitPricesOf } from '../../../infra/cost/bill.ts'
import { budget, windowSecondsWithin } from '../../../infra/cost/budget.ts'
import { defaultSetting, idleMonth, millionEvents } from '../../../infra/cost/model.ts'
import type { Region } from '../../../infra/cost/prices.ts'
import { usd } from '../../../infra/cost/tables.ts'
import { usage } from '../../../infra/cost/usage.ts'
import { eventsAt, eventsPerBatchWithin, eventsPerSecondFor, withoutTransfer } from './events-per-batch-within.ts'

const limit = budget.usdPerMillionEvents

const tenInABatch = eventsPerSecondFor(10, defaultSetting)
const ratesOf = { tenInABatch, one: 1, ten: 10, hundred: 100 }

interface Found {
  readonly tenInABatch: string
  /** A second. */
  readonly one: string
  readonly ten: string
  readonly hundred: string
}

/** `metFrom`: the fewest events in a batch with which it is met; with the first 100 GB of transfer a month, which are free, and without. */
describe.each<[region: Region, found: Found, metFrom: readonly [free: number | undefined, paid: number | undefined]]>([
  ['us-east-1', { tenInABatch: '4.16', one: '6.08', ten: '3.65', hundred: '3.39' }, [11, 13]],
  ['eu-west-1', { tenInABatch: '4.52', one: '6.50', ten: '4.00', hundred: '3.73' }, [21, 26]],
  ['eu-north-1', { tenInABatch: '4.52', one: '6.50', ten: '4.00', hundred: '3.73' }, [21, 26]],
  ['eu-central-1', { tenInABatch: '4.82', one: '6.88', ten: '4.27', hundred: '4.00' }, [66, 216]],
])('%s', (region, found, metFrom) => {
  const prices = unitPricesOf(region)

  it(`costs $${found.tenInABatch} at ten events a batch, $${found.one}, $${found.ten} and $${found.hundred} at 1, 10 and 100 a second`, () => {
    const amounts = Object.entries(ratesOf).map(([name, rate]) => [name, usd(dollars(eventsAt(rate), prices))])
    expect(Object.fromEntries(amounts)).toEqual(found)
  })

  it(`is within $4 from ${metFrom.join(' or ')} events a batch`, () => {
    expect([eventsPerBatchWithin(limit, region, withoutTransfer), eventsPerBatchWithin(limit, region)]).toEqual(metFrom)
  })
})

it('it is met in each of its regions, at its rate and at rest', () => {
  for (const region of budget.regions) {
    const prices = unitPricesOf(region)
    expect(dollars(eventsAt(budget.eventsPerSecond), prices), region).toBeLessThanOrEqual(budget.usdPerMillionEvents)
    expect(dollars(idleMonth(usage, defaultSetting), prices), region).toBeLessThanOrEqual(budget.usdPerIdleMonth)
  }
})

it('the units of an event are within it: it is not DynamoDB’s writes that miss', () => {
  const { writeUnit = 0 } = eventsAt(tenInABatch)
  expect(writeUnit / 1e6).toBeLessThanOrEqual(3.2)
})

it('at one a second checkpoints’ signatures and objects are a quarter; at a hundred less than a tenth', () => {
  const share = (rate: number) => {
    const parts = dollarsByService(eventsAt(rate), unitPricesOf('us-east-1'))
    const whole = [...parts.values()].reduce((total, part) => total + part, 0)
    return ((parts.get('KMS') ?? 0) + (parts.get('S3') ?? 0)) / whole
  }
  expect(share(1)).toBeGreaterThan(0.25)
  expect(share(100)).toBeLessThan(0.1)
})

it('API Gateway, DynamoDB and transfer are three quarters of it, whatever the log does', () => {
  const parts = dollarsByService(eventsAt(100), unitPricesOf('us-east-1'))
  const whole = [...parts.values()].reduce((total, part) => total + part, 0)
  const least = (['API Gateway', 'DynamoDB', 'data transfer'] as const).map((service) => parts.get(service) ?? 0)
  expect(least.reduce((total, part) => total + part, 0)).toBeGreaterThan(0.75 * whole)
})

it('finds the shortest window that holds a limit, and none for this one', () => {
  const traffic = { eventsPerSecond: 1, newSubjectShare: 0 }
  const within = (amount: number) => windowSecondsWithin(amount, usage, 'us-east-1', traffic, defaultSetting)
  const cost = (windowSeconds: number) =>
    dollars(millionEvents(usage, traffic, { ...defaultSetting, windowSeconds }), unitPricesOf('us-east-1'))
  const window = within(6) ?? 0
  expect(window).toBeGreaterThan(10)
  expect(cost(window)).toBeLessThanOrEqual(6)
  expect(cost(window - 1)).toBeGreaterThan(6)
  expect(within(limit)).toBeUndefined()
})
