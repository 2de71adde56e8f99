/** At which size of batches a million events meet a limit of dollars. */
import { dollars, type Quantities, unitPricesOf } from '../../../infra/cost/bill.ts'
import { defaultSetting, millionEvents, type Setting } from '../../../infra/cost/model.ts'
import type { Region } from '../../../infra/cost/prices.ts'
import { usage } from '../../../infra/cost/usage.ts'

/** The rate of events at which a batch has this many. */
export function eventsPerSecondFor(events: number, { windowSeconds, streamShards }: Setting): number {
  return ((events - 1) * streamShards) / windowSeconds
}

/** Leaves out answers sent to the internet: the first 100 GB a month of an account are free. */
export const withoutTransfer = ({ transferByte: _, ...rest }: Quantities): Quantities => rest

/** A million events of known subjects at this rate, with the default setting. */
export function eventsAt(eventsPerSecond: number): Quantities {
  return millionEvents(usage, { eventsPerSecond, newSubjectShare: 0 }, defaultSetting)
}

/** The smallest batches with which a million events cost at most `usd`; `undefined` when none do. */
export function eventsPerBatchWithin(
  usd: number,
  region: Region,
  counted: (quantities: Quantities) => Quantities = (all) => all,
): number | undefined {
  const prices = unitPricesOf(region)
  for (let events = 1; events <= defaultSetting.maxEventsPerBatch; events++)
    if (dollars(counted(eventsAt(eventsPerSecondFor(events, defaultSetting))), prices) <= usd) return events
  return undefined
}
