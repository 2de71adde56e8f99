/** A bill: the quantity of each billed unit times its price. This file knows nothing of ledgers. */
import { priceLines, type Region, type Service, services } from './prices.ts'

export type BilledUnit = keyof typeof priceLines

/** Quantities of billed units; a unit that is absent was not used. */
export type Quantities = Readonly<Partial<Record<BilledUnit, number>>>

/** Dollars for one of each billed unit. */
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

export function dollars(quantities: Quantities, prices: UnitPrices, units = billedUnits): number {
  return units.reduce((usd, unit) => usd + (quantities[unit] ?? 0) * prices[unit], 0)
}

export function dollarsByService(quantities: Quantities, prices: UnitPrices): ReadonlyMap<Service, number> {
  return new Map(
    services.map((service) => {
      const own = billedUnits.filter((unit) => priceLines[unit].service === service)
      return [service, dollars(quantities, prices, own)]
    }),
  )
}
