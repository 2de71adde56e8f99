/** A bill: how much there was of each billed unit, times what each costs. It knows no ledger. */
import { priceLines, type Region, type Service, services } from './prices.ts'

export type BilledUnit = keyof typeof priceLines

/** What is not named was not used. */
export type Quantities = Readonly<Partial<Record<BilledUnit, number>>>

/** Dollars for one of what is counted. */
export type UnitPrices = Readonly<Record<BilledUnit, number>>

export const billedUnits = Object.keys(priceLines) as BilledUnit[]

export function unitPricesOf(region: Region): UnitPrices {
  const prices = billedUnits.map((unit) => [unit, priceLines[unit].prices[region].usd / priceLines[unit].per])
  return Object.fromEntries(prices)
}

export function sum(...parts: readonly Quantities[]): Quantities {
  const total: Partial<Record<BilledUnit, number>> = {}
  for (const part of parts) for (const unit of billedUnits) total[unit] = (total[unit] ?? 0) + (part[unit] ?? 0)
  return total
}

export function times(factor: number, quantities: Quantities): Quantities {
  return Object.fromEntries(billedUnits.map((unit) => [unit, factor * (quantities[unit] ?? 0)]))
}

export function dollars(quantities: Quantities, prices: UnitPrices): number {
  return billedUnits.reduce((usd, unit) => usd + (quantities[unit] ?? 0) * prices[unit], 0)
}

export function dollarsByService(quantities: Quantities, prices: UnitPrices): ReadonlyMap<Service, number> {
  return new Map(
    services.map((service) => {
      const own = billedUnits.filter((unit) => priceLines[unit].service === service)
      return [service, own.reduce((usd, unit) => usd + (quantities[unit] ?? 0) * prices[unit], 0)]
    }),
  )
}
