/** The computed section of `infra/cost/README.md`. A test compares the file with it. */
import { dollars, dollarsByService, unitPricesOf } from './bill.ts'
import { budget, eventsPerBatchWithin, withoutTransfer } from './budget.ts'
import { counted, defaultSetting, defaultTraffic, eventsPerSecondFor, millionEvents } from './model.ts'
import { regions } from './prices.ts'
import { ratesTable, servicesTable, usd } from './tables.ts'
import type { Usage } from './usage.ts'

export const sectionBegin = '<!-- cost:begin -->'
export const sectionEnd = '<!-- cost:end -->'

export function readmeSection(usage: Usage): string {
  const { windowSeconds, checkpointSeconds, streamShards } = defaultSetting
  return [
    sectionBegin,
    '### What it costs',
    '',
    '`npm run cost` prints it for any rate, setting and region: in dollars, without tax and free allowances. Calls, units and bytes were counted by running',
    'the deployed functions, **milliseconds and shards are assumed**, prices have their sources in `infra/cost/prices.ts` (those of eu-north-1 are eu-west-1’s).',
    `A million events of known subjects, one a call, in windows of ${windowSeconds} s over ${streamShards} shards, checkpoints every ${checkpointSeconds} s and with the sweep:`,
    '',
    ratesTable(usage, 0, defaultSetting),
    '',
    servicesTable(usage, 'eu-west-1', defaultTraffic, defaultSetting),
    '',
    `${verdict(usage)} ${slowTraffic(usage)} ${transfer(usage)}`,
    sectionEnd,
  ].join('\n')
}

function verdict(usage: Usage): string {
  const { usdPerMillionEvents: limit, eventsPerBatch } = budget
  const met = regions.filter((region) => eventsPerBatchWithin(limit, usage, region) !== undefined)
  const metFree = regions.flatMap((region) => {
    const events = eventsPerBatchWithin(limit, usage, region, withoutTransfer)
    return events === undefined ? [] : [`${region} from ${events} a batch`]
  })
  return [
    `The budget of $${limit} a million is ${met.length === 0 ? 'missed in every region' : `met in ${met.join(', ')}`}:`,
    `${rangeAt(usage, eventsPerSecondFor(eventsPerBatch, defaultSetting))} at ${eventsPerBatch} events a batch,`,
    `${rangeAt(usage, 100)} at 100 a second; without transfer,\nof which the first 100 GB a month are free, it is met in ${metFree.join(', ') || 'none'}.`,
  ].join(' ')
}

function rangeAt(usage: Usage, eventsPerSecond: number): string {
  const amounts = regions.map((region) => dollars(eventsAt(usage, eventsPerSecond), unitPricesOf(region)))
  return `$${usd(Math.min(...amounts))} to $${usd(Math.max(...amounts))}`
}

function eventsAt(usage: Usage, eventsPerSecond: number) {
  return millionEvents(usage, { eventsPerSecond, newSubjectShare: 0 }, defaultSetting)
}

function slowTraffic({ checkpoint }: Usage): string {
  const each = dollars(counted(checkpoint.each), unitPricesOf('eu-west-1')) * 1_000
  return `A thousand checkpoints are $${usd(each)}, however\nmuch they add: slow traffic wants a longer interval.`
}

function transfer(usage: Usage): string {
  const part = dollarsByService(eventsAt(usage, 1), unitPricesOf('eu-west-1')).get('data transfer') ?? 0
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1_000)} KB`
  const { event, proof } = usage
  return `Compressed, a receipt has ${kilobytes(event.known.responseBytes)}, which is $${usd(part)} of transfer, and a proof ${kilobytes(proof.responseBytes)}.`
}
