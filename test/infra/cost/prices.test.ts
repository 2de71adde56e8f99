/** Prices as a table: complete, dated, and honest about what stands behind them. */
import { describe, expect, it } from 'vitest'
import { type BilledUnit, billedUnits, unitPricesOf } from '../../../infra/cost/bill.ts'
import { priceLines, type Region, regions } from '../../../infra/cost/prices.ts'

const allPrices = billedUnits.flatMap((unit) => regions.map((region) => ({ unit, region, ...priceOf(unit, region) })))

function priceOf(unit: BilledUnit, region: Region) {
  const { usd, evidence, ...rest } = priceLines[unit].prices[region]
  return { usd, evidence, publishedOn: 'publishedOn' in rest ? rest.publishedOn : undefined }
}

describe.each(regions)('%s', (region) => {
  it('has a price for everything, in the order of what people pay', () => {
    const prices = unitPricesOf(region)
    for (const unit of billedUnits) expect(prices[unit], unit).toBeGreaterThan(0)
    expect(prices.writeUnit / prices.readUnit).toBeCloseTo(5, 0)
    expect(prices.kmsAsymmetric / prices.kmsSymmetric).toBeCloseTo(5, 9)
    expect(prices.s3Write / prices.s3Read).toBeCloseTo(12.5, 0)
  })
})

it.each([
  ['writeUnit', 'us-east-1', 0.625e-6],
  ['writeUnit', 'eu-central-1', 0.7625e-6],
  ['readUnit', 'eu-west-1', 0.1415e-6],
  ['httpApiRequest', 'eu-west-1', 1.11e-6],
  ['kmsAsymmetric', 'us-east-1', 15e-6],
  ['s3Write', 'us-east-1', 5e-6],
  ['cloudFrontRequest', 'eu-west-1', 1.2e-6],
  // 512 MB for 20 ms are 0.01 GB-seconds.
  ['lambdaMbMs', 'us-east-1', (0.01 * 13.3334e-6) / (512 * 20)],
  ['logByte', 'eu-central-1', 0.63 / 1_073_741_824],
] as const)('one %s in %s', (unit, region, usd) => {
  expect(unitPricesOf(region)[unit]).toBeCloseTo(usd, 18)
})

it('a listed price says when the list was published, and no other does', () => {
  for (const { unit, region, evidence, publishedOn } of allPrices) {
    const day = expect.stringMatching(/^2026-\d\d-\d\d$/)
    expect(publishedOn, `${unit} in ${region}`).toEqual(evidence === 'listed' ? day : undefined)
  }
})

it('what is not verified is known by name', () => {
  const unverified = (region: Region) =>
    allPrices.filter((price) => price.region === region && price.evidence === 'unverified').map(({ unit }) => unit)
  const ofVirginia = ['lambdaMbMs', 'kmsSymmetric', 'kmsAsymmetric', 'dashboardMonth', 'regionTransferByte']
  expect(unverified('us-east-1')).toEqual([])
  expect(unverified('eu-west-1')).toEqual(ofVirginia)
  expect(unverified('eu-central-1')).toEqual(['httpApiRequest', 'lambdaRequest', ...ofVirginia])
  expect(unverified('eu-north-1').length).toBeGreaterThan(ofVirginia.length)
})

it('nothing of Stockholm costs more than in Ireland', () => {
  const [stockholm, ireland] = [unitPricesOf('eu-north-1'), unitPricesOf('eu-west-1')]
  for (const unit of billedUnits) expect(stockholm[unit], unit).toBeLessThanOrEqual(ireland[unit])
})
