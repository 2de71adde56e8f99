/**
 * The budget: at most four dollars for a million events at ten a second, for subjects that the ledger knows, and at most ten for a month
 * without a call. Both are without CloudFront and WAF, which are optional.
 */
import { dollars, unitPricesOf } from './bill.ts'
import { millionEvents, type Setting, type Traffic } from './model.ts'
import type { Region } from './prices.ts'
import type { Usage } from './usage.ts'

export const budget = {
  usdPerMillionEvents: 4,
  eventsPerSecond: 10,
  usdPerIdleMonth: 10,
  regions: ['us-east-1', 'eu-west-1'],
} as const satisfies { readonly regions: readonly Region[]; readonly [limit: string]: unknown }

/** Receipts promise a checkpoint within two minutes, so no window may be longer than this. */
export const longestWindowSeconds = 100

/** The shortest window with which this traffic costs at most `usd`; `undefined` when none does. */
export function windowSecondsWithin(
  usd: number,
  usage: Usage,
  region: Region,
  traffic: Traffic,
  setting: Setting,
): number | undefined {
  const prices = unitPricesOf(region)
  for (let windowSeconds = 1; windowSeconds <= longestWindowSeconds; windowSeconds++) {
    if (dollars(millionEvents(usage, traffic, { ...setting, windowSeconds }), prices) <= usd) return windowSeconds
  }
  return undefined
}
