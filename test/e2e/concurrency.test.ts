/** Many writers at once, over HTTP: an answer to one of them stays true after the writes of the others. */
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { world } from '../../infra/demo/world/world.ts'
import { administer, audit, type EventBody, lasting, noon, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { isEvent } from '../support/stored-items.ts'

const writers = 50

const ledger = sharedLedger()
beforeAll(() => ledger.setClock(noon))

async function recordedIds(secret: string): Promise<string[]> {
  const { json } = await audit(ledger, 'timeline', { subject: deviceIdentity(secret), purposeId: 'statistics' })
  return json.events.map((e: EventBody) => e.eventId).sort()
}

const verbOf = (i: number) => (i % 2 === 0 ? 'given' : 'refused')
const decision = (i: number) => ({ decisions: [{ purposeId: 'statistics', verb: verbOf(i) }] })

test.each([
  ['announced new by all', true, true],
  ['announced new by nobody', false, true],
  ['known before', false, false],
])('fifty decisions of one subject, %s, are all recorded once', async (_, isNew, isFirst) => {
  const secret = aDeviceSecret()
  const subject = { deviceSecret: secret, ...(isNew && { new: true }) }
  const earlier = isFirst ? [] : [visitorEvent(ledger, secret)]
  for (const event of earlier) await record(ledger, event)
  const own = Array.from({ length: writers - 10 }, (_, i) => visitorEvent(ledger, secret, { ...decision(i), subject }))
  const shared = visitorEvent(ledger, secret, { subject })
  const all = [...own, ...Array<EventBody>(10).fill(shared)]
  const replies = await Promise.all(all.map((event) => record(ledger, event)))
  const count = (replies: readonly Reply[], status: number) => replies.filter((r) => r.status === status).length
  expect([count(replies, 201), count(replies, 200)]).toEqual([own.length + 1, 9])
  const receipts = replies.slice(own.length).map((r) => JSON.stringify(lasting(r.json)))
  expect(new Set(receipts).size).toBe(1)
  expect(await recordedIds(secret)).toEqual([...earlier, ...own, shared].map((e) => e.eventId).sort())
  expect(new Set(replies.map((r) => JSON.parse(r.json.leaf).sub)).size).toBe(1)
})

test('of three contents under one eventId exactly one wins, and every answer names it', async () => {
  const secret = aDeviceSecret()
  const eventId = randomUUID()
  const subject = { deviceSecret: secret, new: true }
  const contents = ['given', 'refused', 'deferred'].map((verb) =>
    visitorEvent(ledger, secret, {
      eventId,
      subject,
      occurredAt: noon,
      decisions: [{ purposeId: 'statistics', verb }],
    }),
  )
  const replies = await Promise.all(Array.from({ length: 51 }, (_, i) => record(ledger, contents[i % 3])))
  const statuses = replies.map((r) => r.status)
  const winner = statuses.indexOf(201)
  expect(statuses).toEqual(
    Array.from({ length: 51 }, (_, i) => (i === winner ? 201 : i % 3 === winner % 3 ? 200 : 409)),
  )
  const conflicts = replies.filter((r) => r.status === 409).map((r) => r.json)
  expect(new Set(conflicts.map((c) => c.recordedDigest)).size).toBe(1)
  expect(new Set(conflicts.map((c) => c.givenDigest)).size).toBe(2)
  const agreeing = replies.filter((r) => r.status !== 409)
  expect(new Set(agreeing.map((r) => JSON.stringify(lasting(r.json)))).size).toBe(1)
  expect(await recordedIds(secret)).toEqual([eventId])
})

test('fifty batches at once are recorded whole', async () => {
  const before = (await ledger.stored('entries')).filter(isEvent).length
  const secrets = Array.from({ length: 10 }, aDeviceSecret)
  const batches = Array.from({ length: writers }, () => ({
    events: secrets.map((secret) => visitorEvent(ledger, secret)),
  }))
  const replies = await Promise.all(batches.map((batch) => record(ledger, batch)))
  expect(new Set(replies.flatMap((r) => r.json.outcomes.map((o: EventBody) => o.status)))).toEqual(new Set([201]))
  expect((await ledger.stored('entries')).filter(isEvent).length - before).toBe(writers * secrets.length)
  for (const secret of secrets) expect(await recordedIds(secret)).toHaveLength(writers)
})

test('readers see whole events in growing number while others write', async () => {
  const secret = aDeviceSecret()
  let writing = true
  const seen: number[] = []
  const reading = (async () => {
    while (writing) seen.push((await recordedIds(secret)).length)
  })()
  for (let i = 0; i < 20; i++) await record(ledger, visitorEvent(ledger, secret, decision(i)))
  writing = false
  await reading
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  expect(await recordedIds(secret)).toHaveLength(20)
})

test('of two versions for one instant, published at once, one wins', async () => {
  const latest = world.ljungsten.publications.findLast(({ draft }) => draft.policyId === 'cookie-policy')?.draft
  const { policyId: _, ...draft } = {
    ...latest,
    level: 'minor',
    changes: [],
    effectiveFrom: '2027-09-01T00:00:00.000Z',
  }
  const publish = (version: string) => administer(ledger, '/policies/cookie-policy/versions', { ...draft, version })
  const replies = await Promise.all(['4a', '4b'].map(publish))
  expect(replies.map((r) => r.json.code ?? r.status).sort()).toEqual([201, 'version-conflict'])
})
