/** Tables of what a ledger costs, in Markdown, for README.md and `npm run cost`. */
import { markdownTable } from '../text-layout.ts'
import { assumptions } from './assumptions.ts'
import { dollars, dollarsByService, type Quantities, times, unitPricesOf } from './bill.ts'
import {
  checkpointsPerBatch,
  controllerAtRest,
  endpointAtRest,
  eventsPerBatch,
  idleMonth,
  millionEntriesAudited,
  millionEvents,
  millionEventsKept,
  millionNewAudited,
  millionNotices,
  millionProofs,
  millionProofsFromTiles,
  type Setting,
  type Traffic,
} from './model.ts'
import { type Region, regions, type Service, services } from './prices.ts'
import type { Usage } from './usage.ts'

const rates = [0.1, 1, 10, 100] as const

export interface Item {
  readonly name: string
  readonly quantities: Quantities
}

/** Everything that has a price, with its quantities for this traffic and setting. */
export function itemsOf(usage: Usage, traffic: Traffic, setting: Setting): readonly Item[] {
  const { eventsPerSecond } = traffic
  return [
    {
      name: `a million events, ${eventsPerSecond} a second`,
      quantities: millionEvents(usage, traffic, { ...setting, hasReceipts: false }),
    },
    {
      name: 'the same, answered with receipts',
      quantities: millionEvents(usage, traffic, { ...setting, hasReceipts: true }),
    },
    {
      name: 'the same as the first, with `handsOver`',
      quantities: millionEvents(usage, traffic, { ...setting, hasReceipts: false, handsOver: true }),
    },
    { name: 'a million notices fetched', quantities: millionNotices(usage, setting) },
    { name: 'a million proofs for auditors', quantities: millionProofs(usage, eventsPerSecond, setting) },
    { name: 'a million proofs made from tiles', quantities: millionProofsFromTiles(usage, setting) },
    { name: 'a month of a million events kept', quantities: millionEventsKept(usage, traffic, setting) },
    { name: 'a month of the self-audit’s pass over them', quantities: millionEntriesAudited(usage) },
    { name: 'a month without a call', quantities: idleMonth(usage, setting) },
    { name: 'a month of an endpoint with nothing to send', quantities: endpointAtRest() },
    { name: 'a month of 1,000 further controllers', quantities: times(1_000, controllerAtRest(usage)) },
  ]
}

/** Dollars for a million events at each rate and in each region. */
export function ratesTable(usage: Usage, newSubjectShare: number, setting: Setting): string {
  const rows = rates.map((eventsPerSecond) => {
    const quantities = millionEvents(usage, { eventsPerSecond, newSubjectShare }, setting)
    const inBatch = eventsPerBatch(eventsPerSecond, setting)
    const sizes = [inBatch, inBatch / checkpointsPerBatch(eventsPerSecond, setting)].map((size) => size.toFixed(1))
    return [
      String(eventsPerSecond),
      ...sizes,
      ...regions.map((region) => usd(dollars(quantities, unitPricesOf(region)))),
    ]
  })
  return markdownTable(['events a second', 'in a batch', 'in a checkpoint', ...regions], rows)
}

/** Dollars of a month at a steady rate in each region, and what its events add to each later month. */
export function monthSentences(usage: Usage, among: readonly Region[], traffic: Traffic, setting: Setting): string {
  const millions = (traffic.eventsPerSecond * assumptions.daysPerMonth * 24 * 3_600) / 1_000_000
  const costs = among.map((region) => {
    const prices = unitPricesOf(region)
    const usdOf = (perMillion: Quantities) => `$${usd(millions * dollars(perMillion, prices))}`
    const [recorded, kept] = [millionEvents(usage, traffic, setting), millionEventsKept(usage, traffic, setting)]
    const [fresh, pass] = [millionNewAudited(usage), millionEntriesAudited(usage)]
    return `in ${region} ${usdOf(recorded)} and ${usdOf(fresh)} to audit what is new, then ${usdOf(kept)} to keep and ${usdOf(pass)} to audit all`
  })
  return `A month at ${traffic.eventsPerSecond} events a second has ${millions.toFixed(1)} million. What they cost, without that of a month without a call, and then in each later month: ${costs.join('; ')}.`
}

const front: readonly Service[] = ['CloudFront', 'WAF']

/** Dollars by service. Without CloudFront and WAF, the last column is the total with them. */
export function servicesTable(usage: Usage, region: Region, traffic: Traffic, setting: Setting): string {
  const prices = unitPricesOf(region)
  const shown = services.filter((service) => setting.hasFront || !front.includes(service))
  const fronted = itemsOf(usage, traffic, { ...setting, hasFront: true })
  const rows = itemsOf(usage, traffic, setting).map(({ name, quantities }, i) => {
    const parts = dollarsByService(quantities, prices)
    return [
      name,
      ...shown.map((service) => usd(parts.get(service) ?? 0)),
      usd(dollars(quantities, prices)),
      ...(setting.hasFront ? [] : [usd(dollars(fronted[i]?.quantities ?? {}, prices))]),
    ]
  })
  const head = [`${region}, dollars`, ...shown, 'total', ...(setting.hasFront ? [] : ['with CloudFront and WAF'])]
  return markdownTable(head, rows)
}

export function usd(amount: number): string {
  return amount.toFixed(2)
}
