/** `npm run cost`: what a ledger costs on AWS, for people and as JSON. */
import { Misuse, parseCommandLine, run } from '../command-line.ts'
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
import { itemsOf, ratesTable, servicesTable } from './tables.ts'
import { usage } from './usage.ts'

const help = `npm run cost -- [options]

What a ledger costs on AWS: in US dollars, without tax and free allowances, from counted calls and bytes, looked-up prices and
assumed milliseconds. Each of the three is one file in infra/cost, and says what is behind it.

  --region NAME       ${regions.join(', ')} (default eu-west-1)
  --rate N            events a second, steady (default ${defaultTraffic.eventsPerSecond})
  --new-share N       share of events of subjects that are new, 0 to 1 (default 0)
  --window SECONDS    the stream's batching window (default ${defaultSetting.windowSeconds})
  --interval SECONDS  from one checkpoint to the next (default ${defaultSetting.checkpointSeconds})
  --shards N          shards of the stream (default ${defaultSetting.streamShards}; assumed)
  --controllers N     logs that the sweep looks after (default 1); events are taken to be of one
  --front             with CloudFront and WAF
  --json              one JSON document
  --help              this text`

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const options = {
  ...{ region: text, rate: text, 'new-share': text, window: text, interval: text, shards: text, controllers: text },
  ...{ front: flag, json: flag, help: { ...flag, short: 'h' } },
} as const

async function main(): Promise<void> {
  const { values } = parseCommandLine({ options })
  if (values.help) {
    console.log(help)
    return
  }
  const region = regions.find((name) => name === (values.region ?? 'eu-west-1'))
  if (region === undefined) throw new Misuse(`--region is one of ${regions.join(', ')}`)
  const traffic: Traffic = {
    eventsPerSecond: number('rate', values.rate, defaultTraffic.eventsPerSecond, 0.0001, 10_000),
    newSubjectShare: number('new-share', values['new-share'], 0, 0, 1),
  }
  const setting: Setting = {
    ...defaultSetting,
    windowSeconds: number('window', values.window, defaultSetting.windowSeconds, 0, 300),
    checkpointSeconds: number('interval', values.interval, defaultSetting.checkpointSeconds, 0, 60),
    streamShards: number('shards', values.shards, defaultSetting.streamShards, 1, 10_000),
    controllers: number('controllers', values.controllers, defaultSetting.controllers, 1, 10_000),
    hasFront: values.front === true,
  }
  console.log(
    values.json ? JSON.stringify(documentOf(region, traffic, setting), null, 2) : textOf(region, traffic, setting),
  )
}

function number(name: string, given: string | undefined, fallback: number, least: number, most: number): number {
  const value = given === undefined ? fallback : Number(given)
  if (value >= least && value <= most) return value
  throw new Misuse(`--${name} is a number from ${least} to ${most}`)
}

function textOf(region: Region, traffic: Traffic, setting: Setting): string {
  const limit = budget.usdPerMillionEvents
  const window = windowSecondsWithin(limit, usage, region, traffic, setting)
  const share =
    traffic.newSubjectShare === 0 ? 'known subjects' : `subjects of whom ${traffic.newSubjectShare * 100} % are new`
  return [
    `A million events of ${share}, one a call, in windows of ${setting.windowSeconds} s over ${setting.streamShards} shards, checkpoints every ${setting.checkpointSeconds} s:`,
    '',
    ratesTable(usage, traffic.newSubjectShare, setting),
    '',
    servicesTable(usage, region, traffic, setting),
    '',
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
