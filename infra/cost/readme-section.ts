/** The README's part on cost, from the model alone: a test holds the README against it. */
import { dollars, dollarsByService, unitPricesOf } from './bill.ts'
import { budget, eventsPerBatchWithin, withoutTransfer } from './budget.ts'
import { defaultSetting, defaultTraffic, eventsPerSecondFor, millionEvents } from './model.ts'
import { regions } from './prices.ts'
import { ratesTable, servicesTable, usd } from './tables.ts'
import type { Usage } from './usage.ts'

export const sectionBegin = '<!-- cost:begin -->'
export const sectionEnd = '<!-- cost:end -->'

export function readmeSection(usage: Usage): string {
  const { windowSeconds, streamShards } = defaultSetting
  return [
    sectionBegin,
    '### What it costs',
    '',
    '`npm run cost` prints it for any rate, window and region: in dollars, without tax and free allowances. Calls, units and bytes were counted by',
    'running the deployed functions, **milliseconds and shards are assumed**, and what stands behind each price is in `infra/cost/prices.ts` (those of',
    `eu-north-1 were not found, and are eu-west-1’s). A million events of known subjects, one a call, in windows of ${windowSeconds} s over ${streamShards} shards:`,
    '',
    ratesTable(usage, 0, defaultSetting),
    '',
    servicesTable(usage, 'eu-west-1', defaultTraffic, defaultSetting),
    '',
    `${verdict(usage)} Each batch is two signatures, two listings and two objects, however full:`,
    `slow traffic wants a wider window. ${wayOut(usage)}`,
    sectionEnd,
  ].join('\n')
}

function verdict(usage: Usage): string {
  const { usdPerMillionEvents: limit, eventsPerBatch } = budget
  const full = defaultSetting.maxEventsPerBatch
  const met = regions.filter((region) => eventsPerBatchWithin(limit, usage, region) !== undefined)
  const metFree = regions.flatMap((region) => {
    const events = eventsPerBatchWithin(limit, usage, region, withoutTransfer)
    return events === undefined ? [] : [`${region} from ${events}`]
  })
  return [
    `The budget of $${limit} a million is ${met.length === 0 ? 'missed in every region' : `met in ${met.join(', ')}`}:`,
    `${rangeAt(usage, eventsPerBatch)} at ${eventsPerBatch} events a batch, ${rangeAt(usage, full)} at ${full.toLocaleString('en')};`,
    `within the\n100 GB a month that leave AWS for nothing it is met in ${metFree.join(', ') || 'none'}.`,
  ].join(' ')
}

function rangeAt(usage: Usage, events: number): string {
  const quantities = eventsInBatchesOf(usage, events)
  const amounts = regions.map((region) => dollars(quantities, unitPricesOf(region)))
  return `$${usd(Math.min(...amounts))} to $${usd(Math.max(...amounts))}`
}

function eventsInBatchesOf(usage: Usage, events: number) {
  const eventsPerSecond = eventsPerSecondFor(events, defaultSetting)
  return millionEvents(usage, { eventsPerSecond, newSubjectShare: 0 }, defaultSetting)
}

function wayOut(usage: Usage): string {
  const transfer = dollarsByService(eventsInBatchesOf(usage, 1), unitPricesOf('eu-west-1')).get('data transfer') ?? 0
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1_000)} KB`
  const { event, proof } = usage
  return `A receipt has ${kilobytes(event.known.responseBytes)}, which is $${usd(transfer)} of transfer, and a proof ${kilobytes(proof.responseBytes)}.`
}
