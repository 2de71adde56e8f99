/** `npm run cost`: prints what a ledger costs on AWS, as text or as JSON. */
import { Misuse, run } from '../command-line.ts'
import { readArguments } from '../local/arguments.ts'
import { assumptions } from './assumptions.ts'
import { billedUnits, dollars, dollarsByService, unitPricesOf } from './bill.ts'
import { budget, longestWindowSeconds, windowSecondsWithin } from './budget.ts'
import {
  checkpointsPerBatch,
  defaultSetting,
  defaultTraffic,
  eventsPerBatch,
  type Setting,
  type Traffic,
} from './model.ts'
import { priceLines, type Region, regions } from './prices.ts'
import { itemsOf, monthSentences, ratesTable, servicesTable } from './tables.ts'
import { usage } from './usage.ts'

const help = `npm run cost -- [options]

What a ledger costs on AWS: in US dollars, without tax and free allowances, from counted calls and bytes (usage.ts), looked-up prices
(prices.ts) and assumed milliseconds (assumptions.ts), all in infra/cost.`

const options = {
  region: { help: regions.join(', '), placeholder: 'NAME', default: 'eu-west-1' },
  rate: {
    help: 'events a second, steady; a month without a call is a row of its own',
    placeholder: 'N',
    default: `${defaultTraffic.eventsPerSecond}`,
  },
  'new-share': { help: 'share of events of subjects that are new, 0 to 1', placeholder: 'N', default: '0' },
  window: { help: 'the stream’s batching window', placeholder: 'SECONDS', default: `${defaultSetting.windowSeconds}` },
  interval: {
    help: 'from one checkpoint to the next',
    placeholder: 'SECONDS',
    default: `${defaultSetting.checkpointSeconds}`,
  },
  shards: { help: 'shards of the stream, assumed', placeholder: 'N', default: `${defaultSetting.streamShards}` },
  controllers: {
    help: 'logs that the sweep looks after; all events are of one',
    placeholder: 'N',
    default: `${defaultSetting.controllers}`,
  },
  front: { help: 'with CloudFront and WAF' },
  json: { help: 'one JSON document' },
}

async function main(): Promise<void> {
  const given = readArguments(help, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const number = (name: keyof typeof options, least: number, most: number): number => {
    const value = Number(given[name])
    if (value >= least && value <= most) return value
    throw new Misuse(`--${name} is a number from ${least} to ${most}`)
  }
  const region = regions.find((name) => name === given.region)
  if (region === undefined) throw new Misuse(`--region is one of ${regions.join(', ')}`)
  const traffic: Traffic = {
    eventsPerSecond: number('rate', 0.0001, 10_000),
    newSubjectShare: number('new-share', 0, 1),
  }
  const setting: Setting = {
    ...defaultSetting,
    windowSeconds: number('window', 0, 300),
    checkpointSeconds: number('interval', 0, 60),
    streamShards: number('shards', 1, 10_000),
    controllers: number('controllers', 1, 100_000),
    hasFront: given.front !== undefined,
  }
  console.log(
    given.json ? JSON.stringify(documentOf(region, traffic, setting), null, 2) : textOf(region, traffic, setting),
  )
}

function textOf(region: Region, traffic: Traffic, setting: Setting): string {
  const limit = budget.usdPerMillionEvents
  const window = windowSecondsWithin(limit, usage, region, traffic, setting)
  const share =
    traffic.newSubjectShare === 0 ? 'known subjects' : `subjects of whom ${traffic.newSubjectShare * 100} % are new`
  return [
    `A million events of ${share}, one a call, with short answers, in windows of ${setting.windowSeconds} s over ${setting.streamShards} shards, checkpoints every ${setting.checkpointSeconds} s:`,
    '',
    ratesTable(usage, traffic.newSubjectShare, setting),
    '',
    servicesTable(usage, region, traffic, setting),
    '',
    monthSentences(usage, [region], traffic, setting),
    window === undefined
      ? `No window of up to ${longestWindowSeconds} s brings events at this rate to $${limit} a million.`
      : `With a window of ${window} s events at this rate stay within $${limit} a million.`,
    `Prices in ${region}: ${evidenceOf(region)}`,
    `Lambda’s time is assumed, not measured: an event ${assumptions.ingest.ms} ms at ${assumptions.ingest.memoryMb} MB; the rest is in infra/cost/assumptions.ts.`,
  ].join('\n')
}

function evidenceOf(region: Region): string {
  const ofKind = (evidence: string) =>
    billedUnits.filter((unit) => priceLines[unit].prices[region].evidence === evidence)
  const counts = ['listed', 'reported', 'unverified'].map((evidence) => `${ofKind(evidence).length} ${evidence}`)
  return `${counts.join(', ')}. Not verified: ${ofKind('unverified').join(', ') || 'none'}.`
}

function documentOf(region: Region, traffic: Traffic, setting: Setting) {
  const prices = unitPricesOf(region)
  return {
    ...{ region, traffic, setting, assumptions, usage },
    eventsPerBatch: eventsPerBatch(traffic.eventsPerSecond, setting),
    checkpointsPerBatch: checkpointsPerBatch(traffic.eventsPerSecond, setting),
    items: itemsOf(usage, traffic, setting).map(({ name, quantities }) => ({
      name,
      usd: dollars(quantities, prices),
      usdByService: Object.fromEntries(dollarsByService(quantities, prices)),
      quantities,
    })),
    prices: Object.fromEntries(
      billedUnits.map((name) => {
        const { unit, per, prices: ofRegions } = priceLines[name]
        return [name, { unit, per, ...ofRegions[region] }]
      }),
    ),
  }
}

run(main)
