/** `npm run cost` as people call it. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { dollars, unitPricesOf } from '../../../infra/cost/bill.ts'
import { defaultSetting, millionEvents } from '../../../infra/cost/model.ts'
import { usage } from '../../../infra/cost/usage.ts'

const program = join(import.meta.dirname, '../../../infra/cost/report.ts')
const run = (...options: string[]) => promisify(execFile)(process.execPath, [program, ...options])

it('prints the tables, and what is not verified', async () => {
  const { stdout, stderr } = await run()
  expect(stderr).toBe('')
  expect(stdout).toContain('| events a second | in a batch | in a checkpoint | us-east-1 |')
  expect(stdout).toMatch(
    /^A month at 10 events a second has 26\.3 million\. .*: in eu-west-1 \$\d+\.\d\d and \$\d+\.\d\d to audit what is new, then \$/m,
  )
  expect(stdout).toMatch(/Not verified: lambdaMbMs, .*\n.*Lambda’s time is assumed, not measured/)
})

it('every option counts', async () => {
  const options = [
    '--region',
    'eu-central-1',
    '--rate',
    '2.5',
    '--new-share',
    '0.3',
    '--window',
    '60',
    '--shards',
    '2',
    '--interval',
    '45',
  ]
  const { stdout } = await run(...options, '--controllers', '3', '--front', '--json')
  const traffic = { eventsPerSecond: 2.5, newSubjectShare: 0.3 }
  const setting = {
    ...defaultSetting,
    windowSeconds: 60,
    checkpointSeconds: 45,
    streamShards: 2,
    controllers: 3,
    hasFront: true,
  }
  const { items, eventsPerBatch, ...given } = JSON.parse(stdout)
  expect(given).toMatchObject({ region: 'eu-central-1', traffic, setting, usage })
  expect(eventsPerBatch).toBe(76)
  expect(items[0].usd).toBeCloseTo(dollars(millionEvents(usage, traffic, setting), unitPricesOf('eu-central-1')), 9)
})

it.each([
  [['--region', 'eu-west-9'], '--region is one of us-east-1'],
  [['--rate', 'fast'], '--rate is a number from'],
  [['--new-share', '2'], '--new-share is a number from 0 to 1'],
  [['--colour'], "Unknown option '--colour'"],
])('%j is misuse', async (options, message) => {
  await expect(run(...options)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(message) })
})

it('--help has every option', async () => {
  const { stdout } = await run('--help')
  for (const name of ['region', 'rate', 'new-share', 'window', 'interval', 'shards', 'controllers', 'front', 'json']) {
    expect(stdout).toContain(`--${name} `)
  }
})
