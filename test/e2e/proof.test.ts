/** Proofs over HTTP on both time axes, verified with the log's keys alone; and what a restart on the same folder leaves of them. */
import { beforeAll, describe, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { policyOfKeys, verifyFile } from '../../shared/verify/verify.ts'
import { audit, dayMs, type EventBody, hourMs, moved, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
const secret = aDeviceSecret()
/** When the visitor said yes to statistics, and when no. */
let yesAt = ''
let noAt = ''

beforeAll(async () => {
  const said = async (verb: string): Promise<string> => {
    const event = visitorEvent(ledger, secret, { decisions: [{ purposeId: 'statistics', verb }] })
    const { status, json } = await record(ledger, event)
    expect(status).toBe(201)
    await ledger.local.runner.settle()
    return json.times.recordedAt
  }
  yesAt = await said('given')
  ledger.setClockAhead(dayMs)
  noAt = await said('withdrawn')
  ledger.setClockAhead(2 * dayMs)
})

async function proven(more: EventBody, subject = deviceIdentity(secret)): Promise<Reply> {
  const reply = await audit(ledger, 'proofs', { subject, purposeId: 'statistics', ...more })
  expect(reply.status).toBe(200)
  const { verdict, failed, answer } = await verifyFile(reply.text, policyOfKeys(ledger.local.logKeys('ljungsten')))
  expect(failed).toBeUndefined()
  expect(verdict).toBe('valid')
  expect(answer?.status.status).toBe(reply.json.answer.status)
  return reply
}

const sizeOf = (note: string) => parseCheckpoint(parseNote(note).text).size

describe('the same question', () => {
  it('about now, as known now, counts the withdrawal', async () => {
    const { json } = await proven({})
    expect(json.answer.status).toBe('Withdrawn')
    expect(json.events).toHaveLength(2)
    expect(json.knownAtCheckpoint).toBeUndefined()
  })

  it('about the time between, as known now: the consent was in effect', async () => {
    const { json } = await proven({ at: moved(yesAt, hourMs) })
    expect(json.answer).toMatchObject({ status: 'Given', knownThen: { status: 'Given' } })
    expect(json.events).toHaveLength(2)
  })

  it('as known between: the later event is not in the proof, and the older tree is proven to be a prefix', async () => {
    const { json } = await proven({ knownAt: moved(yesAt, hourMs) })
    expect(json.answer.status).toBe('Given')
    expect(json.events).toHaveLength(1)
    expect(json.limits.provisional).toBe(false)
    expect(sizeOf(json.knownAtCheckpoint.checkpoint)).toBeLessThan(sizeOf(json.checkpoint))
  })

  it('as known before anything was recorded', async () => {
    const { json } = await proven({ knownAt: moved(yesAt, -hourMs) })
    expect(json.answer).toMatchObject({ status: 'Unknown', reason: 'nothing-recorded' })
    expect(json.events).toEqual([])
  })

  it('as known at the instant of the withdrawal', async () => {
    expect((await proven({ knownAt: noAt })).json.answer.status).toBe('Withdrawn')
  })

  it('about an unknown person', async () => {
    const { json } = await proven({}, deviceIdentity(aDeviceSecret()))
    expect(json.answer.status).toBe('Unknown')
  })

  it('with each version of the demo’s past in the log on its own day', async () => {
    const { json } = await proven({})
    expect(json.versions.length).toBeGreaterThan(2)
    for (const logged of json.versions) expect(Object.keys(logged)).toEqual(['leaf', 'tlogProof', 'version'])
  })
})

it('includes an event recorded a moment ago, because the answer waits for the log', async () => {
  const fresh = aDeviceSecret()
  for (const verb of ['given', 'withdrawn']) {
    await record(ledger, visitorEvent(ledger, fresh, { decisions: [{ purposeId: 'statistics', verb }] }))
    const { json } = await proven({}, deviceIdentity(fresh))
    expect(json.answer.status).toBe(verb === 'given' ? 'Given' : 'Withdrawn')
  }
})

it('refuses to write when its clock is behind the log and the client’s time confirms it', async () => {
  const occurredAt = ledger.now()
  ledger.setClockAhead(0)
  const { status, json } = await record(ledger, visitorEvent(ledger, aDeviceSecret(), { occurredAt }))
  expect([status, json.code]).toEqual([503, 'unavailable'])
  const { status: other } = await record(ledger, visitorEvent(ledger, aDeviceSecret()))
  expect(other).toBe(201)
  ledger.setClockAhead(2 * dayMs)
})
