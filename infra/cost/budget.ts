/**
 * The budget of DESIGN section 9: at most four dollars for a million events, all in, at ten or more events in a batch; of subjects that
 * the ledger knows, and without CloudFront and WAF, which are a choice. What misses it is said to miss it.
 */
import { dollars, type Quantities, unitPricesOf } from './bill.ts'
import { defaultSetting, eventsPerSecondFor, millionEvents, type Setting, type Traffic } from './model.ts'
import type { Region } from './prices.ts'
import type { Usage } from './usage.ts'

export const budget = { usdPerMillionEvents: 4, eventsPerBatch: 10 } as const

/** The log promises an event's place within two minutes: no window may take longer than this of it. */
export const longestWindowSeconds = 100

/** Answers on their way to the internet, of which every account has 100 GB a month for nothing. */
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
