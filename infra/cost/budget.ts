/**
 * The budget: at most four dollars for a million events at ten or more events in a batch, for subjects that the ledger knows and without
 * CloudFront and WAF, which are optional. The README says where it is missed.
 */
import { dollars, type Quantities, unitPricesOf } from './bill.ts'
import { defaultSetting, eventsPerSecondFor, millionEvents, type Setting, type Traffic } from './model.ts'
import type { Region } from './prices.ts'
import type { Usage } from './usage.ts'

export const budget = { usdPerMillionEvents: 4, eventsPerBatch: 10 } as const

/** Receipts promise a checkpoint within two minutes, so no window may be longer than this. */
export const longestWindowSeconds = 100

/** Leaves out answers sent to the internet: the first 100 GB a month of an account are free. */
export const withoutTransfer = ({ transferByte: _, ...rest }: Quantities): Quantities => rest

/** The smallest batches with which events stay within so many dollars; `undefined` when none do. */
export function eventsPerBatchWithin(
  usd: number,
  usage: Usage,
  region: Region,
  counted: (quantities: Quantities) => Quantities = (all) => all,
  setting: Setting = defaultSetting,
): number | undefined {
  const prices = unitPricesOf(region)
  for (let events = 1; events <= setting.maxEventsPerBatch; events++) {
    const eventsPerSecond = eventsPerSecondFor(events, setting)
    const quantities = counted(millionEvents(usage, { eventsPerSecond, newSubjectShare: 0 }, setting))
    if (dollars(quantities, prices) <= usd) return events
  }
  return undefined
}

/** The shortest window with which this traffic stays within so many dollars; `undefined` when none does. */
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
