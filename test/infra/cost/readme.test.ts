/** infra/cost/README.md holds the tables and figures that the model computes; `WRITE_README=1` writes the tables. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { metrics } from '../../../functions/telemetry.ts'
import { dollars, unitPricesOf } from '../../../infra/cost/bill.ts'
import { budget } from '../../../infra/cost/budget.ts'
import {
  counted,
  defaultSetting,
  defaultTraffic,
  idleMonth,
  millionEvents,
  witnessedMonth,
} from '../../../infra/cost/model.ts'
import { millionEventsReplicated, millionReplicasKept } from '../../../infra/cost/replication-costs.ts'
import { monthSentences, ratesTable, servicesTable, usd } from '../../../infra/cost/tables.ts'
import { usage } from '../../../infra/cost/usage.ts'
import { eventsAt } from './events-per-batch-within.ts'

const file = join(import.meta.dirname, '../../../infra/cost/README.md')
const readme = readFileSync(file, 'utf8')
const text = readme.replaceAll('\n', ' ')
const ireland = unitPricesOf('eu-west-1')
const { usdPerMillionEvents: limit, usdPerIdleMonth } = budget

it('the README’s tables are the model’s, and it is short', () => {
  const tables = [
    ratesTable(usage, 0, defaultSetting),
    servicesTable(usage, 'eu-west-1', defaultTraffic, defaultSetting),
  ]
  const expected = readme.replace(/(?:^\|.*\n)+/gm, () => `${tables.shift()}\n`)
  expect(tables).toEqual([])
  if (process.env.WRITE_README !== undefined) writeFileSync(file, expected)
  else expect(readme).toBe(expected)
  expect(readme.split('\n').length).toBeLessThanOrEqual(30)
})

it('the README’s sentences have the model’s figures', () => {
  const { windowSeconds, checkpointSeconds, streamShards } = defaultSetting
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1_000)} KB`
  const [short = 0, receipts = 0] = [false, true].map((hasReceipts) =>
    dollars(millionEvents(usage, defaultTraffic, { ...defaultSetting, hasReceipts }), ireland),
  )
  const amounts = budget.regions.map((region) => dollars(eventsAt(budget.eventsPerSecond), unitPricesOf(region)))
  const [handingOver, handingOverFast] = [budget.eventsPerSecond, 1_000].map((eventsPerSecond) => {
    const [without = 0, withIt = 0] = [false, true].map((handsOver) =>
      dollars(millionEvents(usage, { ...defaultTraffic, eventsPerSecond }, { ...defaultSetting, handsOver }), ireland),
    )
    return usd(withIt - without)
  })
  const idle = dollars(idleMonth(usage, defaultSetting), ireland)
  const moreMetrics = (Object.keys(metrics).length - usage.sweep.metrics) * ireland.metricMonth
  // The README has the dearer region's.
  for (const region of budget.regions) {
    const there = dollars(idleMonth(usage, defaultSetting), unitPricesOf(region))
    expect(there).toBeLessThanOrEqual(idle)
    expect(there).toBeGreaterThan(idle - 0.02)
  }
  const isMet = amounts.every((amount) => amount <= limit) && idle <= usdPerIdleMonth
  for (const sentence of [
    `windows of ${windowSeconds} s over ${streamShards} shards, checkpoints every ${checkpointSeconds} s`,
    `The budget is $${limit} a million at ${budget.eventsPerSecond} events a second in ${budget.regions.join(' and ')}, and $${usdPerIdleMonth} for a month without a call.`,
    `It is ${isMet ? 'met' : 'missed'}: ${[...amounts, idle].map((amount) => `$${usd(amount)}`).join(', ')}.`,
    monthSentences(usage, budget.regions, defaultTraffic, defaultSetting),
    `A thousand checkpoints cost $${usd(dollars(counted(usage.checkpoint.each), ireland) * 1_000)}`,
    `A short answer, which the browser SDK asks for, has ${(usage.event.known.responseBytes / 1_000).toFixed(1)} KB;`,
    `a receipt has ${kilobytes(usage.event.receipt.responseBytes)} compressed, and a proof ${kilobytes(usage.proof.responseBytes)}.`,
    `An event over 1,024 bytes, as one of four decisions is, takes another write unit: $${usd(1_000_000 * ireland.writeUnit)} more a million, beyond the budget.`,
    `A subject that is new takes two more, for its row and for the row's place in the index of pseudonyms: $${usd(2_000_000 * ireland.writeUnit)} a million.`,
    `each is read again, for up to $${usd(1_000_000 * ireland.readUnit)} a million events.`,
    `\`handsOver\` costs $${handingOver} more a million at ${budget.eventsPerSecond} events a second, for which it is not meant, and $${handingOverFast} at 1,000.`,
    `A month of one witness and a log that grows all the time is $${usd(dollars(witnessedMonth(), ireland))}.`,
    `\`replicateTo\` adds $${usd(dollars(millionEventsReplicated(usage, defaultTraffic, defaultSetting), ireland))} a million events and $${usd(dollars(millionReplicasKept(usage, defaultTraffic, defaultSetting), ireland))} for each later month`,
    `A million receipts cost $${usd(receipts - short)} more.`,
    `up to eleven more metrics, for $${usd(moreMetrics)};`,
    `a dashboard is $${ireland.dashboardMonth} more.`,
    `since otherwise a month without a call is $${usd(idle + moreMetrics)};`,
  ])
    expect(text).toContain(sentence)
  const ofConstruct = readFileSync(join(import.meta.dirname, '../../../infra/consent-ledger/README.md'), 'utf8')
  expect(ofConstruct).toContain(`$${usd(idle)} a month at rest`)
})
