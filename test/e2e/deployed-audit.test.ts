/**
 * `fsck` of a deployed ledger, as a program, against what stands for AWS here: it names what was never sequenced, its report holds the
 * events that the function `redrive` takes, and once that has run it is clean. Nothing of it ran against AWS.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { logExtender } from '../../functions/jobs/extend-logs.ts'
import { createRedriveHandler } from '../../functions/jobs/redrive.ts'
import { plainTelemetry } from '../../functions/telemetry.ts'
import { recordEvents } from '../../shared/ledger/recording/record-events.ts'
import type { Key } from '../../shared/ledger/store.ts'
import { type LedgerOnDoubles, startLedgerOnDoubles } from '../support/ledger-on-doubles.ts'
import { seeded, submission } from '../support/memory-ledger.ts'
import { storedItems } from '../support/stored-items.ts'

let stage: LedgerOnDoubles
/** Stored, and announced by nobody. */
let missed: Key[] = []
let redrive: ReturnType<typeof createRedriveHandler>

beforeAll(async () => {
  stage = await startLedgerOnDoubles()
  const { ledger, logWriter, receiptPublicKey } = stage
  const controllers = async () => ['acme']
  const keeping = { logWriter, receiptPublicKey, controllers, publishEveryMs: 0, telemetry: plainTelemetry }
  redrive = createRedriveHandler(keeping, async () => undefined)
  const snapshot = await seeded(ledger)
  const record = (n: number) =>
    recordEvents(ledger, snapshot, [
      submission({ eventId: `event-${n}` }, { identity: { type: 'device', id: `device-${n}` }, announcedNew: true }),
    ])
  for (const n of [1, 2, 3]) await record(n)
  const announced = await storedEntries()
  expect(await logExtender(keeping)(announced.map((key) => ({ key })))).toEqual(new Set())
  for (const n of [4, 5]) await record(n)
  const known = new Set(announced.map(({ pk, sk }) => `${pk} ${sk}`))
  missed = (await storedEntries()).filter(({ pk, sk }) => !known.has(`${pk} ${sk}`))
})
afterAll(() => stage.close())

async function storedEntries(): Promise<Key[]> {
  const items = await storedItems(stage.environment.AWS_ENDPOINT_URL_DYNAMODB ?? '', stage.tableNames.entries)
  return items.filter(({ values }) => values.leaf !== undefined).map(({ pk, sk }) => ({ pk, sk }))
}

async function fsck(...options: string[]) {
  const env = { ...process.env, ...stage.environment }
  const child = spawn(process.execPath, ['infra/local/fsck/fsck.ts', ...options], { env })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { out, err, code }
}

/** On a slow machine the program says now and then how far it is. */
const nothingButProgress = /^([a-z]+ \d+\n)*$/

const named = () => {
  const { entries, log, vault } = stage.tableNames
  return ['--tables', `${entries},${log},${vault}`]
}

it('names what was never sequenced, and the redrive makes it clean', async () => {
  const first = await fsck(...named(), '--json')
  expect(first).toMatchObject({ code: 1, err: expect.stringMatching(nothingButProgress) })
  const report = JSON.parse(first.out)
  expect(Object.keys(report.counts).filter((name) => !name.startsWith('entry-unsequenced'))).toEqual([])
  expect(report.compared).toMatchObject({ controllers: 1, events: 5, subjects: 5 })
  const byKey = (a: Key, b: Key) => (a.pk + a.sk < b.pk + b.sk ? -1 : 1)
  expect(report.redrive.flatMap(({ keys }: { keys: Key[] }) => keys).sort(byKey)).toEqual([...missed].sort(byKey))

  for (const event of report.redrive) await redrive(event)
  const again = await fsck(...named(), '--json')
  expect(again.err).toMatch(nothingButProgress)
  expect(JSON.parse(again.out)).toMatchObject({ clean: true, counts: {}, redrive: [] })
  expect(again.code).toBe(0)
})

it('prints what was compared', async () => {
  const { out, code } = await fsck(...named())
  expect(code).toBe(0)
  expect(out).toContain(`Self-audit of ${stage.tableNames.entries}, ${stage.tableNames.log} and`)
})

it.each([
  [['--tables', 'one,two'], '--tables takes three names'],
  [['--bucket', 'b'], 'name its tables too'],
  [['--tables', 'a,b,c', '--redrive'], 'is redriven by its function'],
])('refuses %j', async (options, says) => {
  const { err, code } = await fsck(...options)
  expect(code).toBe(2)
  expect(err).toContain(says)
})

it('names every missing option', async () => {
  const env = { PATH: process.env.PATH }
  const child = spawn(process.execPath, ['infra/local/fsck/fsck.ts', '--tables', 'a,b,c', '--bucket', 'b'], { env })
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect(err).toContain('--host (or LEDGER_HOST), --keyring-key (or KEYRING_KEY)')
  expect(err).toContain('--region (or AWS_REGION)')
  expect(code).toBe(2)
})
