/**
 * A proof while the log lacks what the ledger holds: the sequencer stands still, or an index row is gone, or the next checkpoint is not
 * there yet. Over HTTP, and read by the command as an auditor reads it. The time of the waiting is the test's own.
 */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { runConsentLedger } from '../../infra/command/commands.ts'
import { audit, type EventBody, minuteMs, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply, type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let waitedMs = 0
let onPause = async (): Promise<void> => {}
let aheadMs = 0

beforeAll(async () => {
  ledger = await startLedger({
    clockOnlyGoesOn: true,
    cycleMs: 24 * 60 * minuteMs,
    waiting: {
      now: () => waitedMs,
      pause: async (ms) => {
        waitedMs += ms
        await onPause()
      },
    },
  })
  await ledger.local.runner.settle()
})
afterAll(() => ledger.close())
beforeEach(() => {
  waitedMs = 0
  onPause = async () => {}
})

const said = (secret: string, verb: string) =>
  record(ledger, visitorEvent(ledger, secret, { decisions: [{ purposeId: 'statistics', verb }] }))
const asked = (secret: string, more: EventBody = {}) =>
  audit(ledger, 'proofs', { subject: deviceIdentity(secret), purposeId: 'statistics', ...more })

function passes(ms: number): void {
  aheadMs += ms
  ledger.setClockAhead(aheadMs)
}

/** A visitor whose consent the log has, and whose withdrawal it does not. */
async function withdrawn(): Promise<{ secret: string; withdrawal: Reply }> {
  const secret = aDeviceSecret()
  expect((await said(secret, 'given')).status).toBe(201)
  await ledger.local.runner.settle()
  passes(15_000)
  const withdrawal = await said(secret, 'withdrawn')
  expect(withdrawal.status).toBe(201)
  return { secret, withdrawal }
}

async function read({ text }: Reply, ...options: string[]): Promise<{ exit: number; out: string; last: string }> {
  let out = ''
  const keys = ledger.local.logKeys('ljungsten').flatMap((key) => ['--key', key])
  const exit = await runConsentLedger(['verify', '-', ...keys, '--at', ledger.now(), ...options], {
    env: {},
    isTty: false,
    out: (said) => {
      out += said
    },
    err: () => {},
    stdin: async () => Buffer.from(text),
  })
  return { exit, out, last: out.slice(out.lastIndexOf('\n\n')) }
}

it('names as pending a withdrawal that a stopped sequencer has not logged, so the result is never plain VALID', async () => {
  const { secret, withdrawal } = await withdrawn()
  const reply = await asked(secret)
  expect([reply.status, waitedMs, reply.headers.get('retry-after')]).toEqual([200, 3100, '5'])
  const { receiptId, leaf, times } = withdrawal.json
  expect(reply.json.pending).toMatchObject([{ kind: 'event', receiptId, recordedAt: times.recordedAt }])
  expect(leaf).toContain('"kind":"event"')
  expect(reply.json.question.knownAt < times.recordedAt).toBe(true)
  expect(reply.json.answer).toMatchObject({ status: 'Given', sentence: expect.stringContaining('not counted') })
  const { exit, out, last } = await read(reply)
  expect([exit, last]).toEqual([1, expect.stringMatching(/^\n\nVALID, but 1 recorded event is not in it yet\./)])
  expect(out).toContain(`receipt ${receiptId}, recorded ${times.recordedAt}: promised by`)
  expect((await read(reply, '--allow-pending')).exit).toBe(0)
})

it('asked as known now or a minute ago, the answer is about what its checkpoint covers', async () => {
  const { secret, withdrawal } = await withdrawn()
  const { recordedAt } = withdrawal.json.times
  const now = await asked(secret, { knownAt: ledger.now() })
  expect(now.json.question.knownAt < now.json.question.askedKnownAt).toBe(true)
  expect(now.json.pending).toHaveLength(1)
  const before = new Date(Date.parse(recordedAt) - 1).toISOString()
  const then = await asked(secret, { knownAt: before })
  expect([then.json.pending, (await read(then)).exit]).toEqual([undefined, 0])
})

it('within a checkpoint interval the answer waits, and has the withdrawal once the checkpoint is there', async () => {
  const { secret } = await withdrawn()
  onPause = async () => {
    if (waitedMs === 500) await ledger.local.runner.settle()
  }
  const reply = await asked(secret)
  expect(waitedMs).toBe(500)
  expect([reply.json.answer.status, reply.json.pending]).toEqual(['Withdrawn', undefined])
  expect(reply.headers.get('retry-after')).toBeNull()
  expect((await read(reply)).exit).toBe(0)
})

it('an index row that is gone leaves its event pending, after two minutes as a broken promise', async () => {
  const { secret, withdrawal } = await withdrawn()
  await ledger.local.runner.settle()
  const row = (await ledger.stored('log')).find(({ sk }) => sk === `event#${withdrawal.json.receiptId}`)
  await ledger.damage('log', { pk: row?.pk ?? '', sk: row?.sk ?? '' })
  expect((await asked(secret)).json.pending).toHaveLength(1)
  passes(3 * minuteMs)
  const { exit, out } = await read(await asked(secret))
  expect([exit, out]).toEqual([1, expect.stringContaining('BROKEN PROMISE')])
})
