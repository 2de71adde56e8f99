/** From whom an event came: by the peer's address, or by the header that the edge alone writes. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { eventEndpoints } from '../../../functions/endpoints/events.ts'
import { deviceIdentity } from '../../../functions/http/access.ts'
import { createHandler } from '../../../functions/http/app.ts'
import { eventsOf } from '../../../shared/ledger/answers-for-subject.ts'
import { createController, createSite } from '../../../shared/ledger/create-controller.ts'
import { publishVersion } from '../../../shared/ledger/publish-policies.ts'
import { apiEvent } from '../../support/api-event.ts'
import { answerOf, memoryInstance } from '../../support/memory-instance.ts'
import { controllerDraft, type MemoryLedger, memoryLedger, versionDraft } from '../../support/memory-ledger.ts'

const deviceSecret = 'YWxpY2UtZGV2aWNlLXNlY3JldA'
let ledger: MemoryLedger
let siteKey: string

beforeEach(async () => {
  ledger = memoryLedger('2026-11-22T12:00:00.000Z')
  await createController(ledger, { ...controllerDraft, ipAddress: 'keep' })
  const site = await createSite(ledger, 'acme', { site: 'web', kind: 'web', name: 'Web', origins: [] })
  siteKey = site.record.key
  await publishVersion(ledger, 'acme', versionDraft())
})

/** The address that an event is recorded with. */
async function recordedFrom(headers: Record<string, string>, isBehindEdge: boolean, sourceIp = '198.51.100.1') {
  const handler = createHandler(eventEndpoints, memoryInstance(ledger, { isBehindEdge }))
  const body = {
    eventId: randomUUID(),
    occurredAt: '2026-11-22T12:00:00.000Z',
    subject: { deviceSecret },
    decisions: [{ purposeId: 'newsletter', verb: 'given' }],
    ...{ channel: 'web', surface: 'banner', act: 'button' },
  }
  const { statusCode } = await answerOf(
    handler,
    apiEvent('recordEvents', { query: { key: siteKey }, headers, body, sourceIp }),
  )
  expect(statusCode).toBe(201)
  return (await events()).find(({ eventId }) => eventId === body.eventId)?.context?.ipAddress
}

async function events() {
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('no such controller')
  return (await eventsOf(ledger, snapshot, deviceIdentity(deviceSecret))).map(({ event }) => event)
}

describe('behind the edge', () => {
  it.each(['203.0.113.7', '2001:db8::1'])('the header’s address %s is recorded', async (address) => {
    expect(await recordedFrom({ 'x-viewer-address': address }, true)).toBe(address)
  })

  it('a request without the header is the peer’s', async () => {
    expect(await recordedFrom({}, true)).toBe('198.51.100.1')
  })
})

describe('not behind the edge', () => {
  it.each([
    ['the edge’s header', { 'x-viewer-address': '203.0.113.7' }],
    ['a proxy’s', { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7', 'x-real-ip': '203.0.113.7' }],
  ])('%s is anybody’s to write, and ignored', async (_what, headers) => {
    expect(await recordedFrom(headers, false)).toBe('198.51.100.1')
  })
})
