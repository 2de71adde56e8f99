/** From whom an event came, by the peer's address or the header that the edge alone writes; and which answer its caller gets. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { eventEndpoints } from '../../../functions/endpoints/events.ts'
import { deviceIdentity } from '../../../functions/http/access.ts'
import { createHandler } from '../../../functions/http/app.ts'
import { receipt as receiptSchema } from '../../../shared/api/schemas/answers.ts'
import { eventsOf } from '../../../shared/ledger/answers/answers-for-subject.ts'
import { createController, createSite } from '../../../shared/ledger/controllers/create-controller.ts'
import { publishVersion } from '../../../shared/ledger/controllers/publish-policies.ts'
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

describe('the answer', () => {
  /** How many answers a promise was signed for. */
  let promises: number
  beforeEach(() => {
    promises = 0
    const { promiseIssuer } = ledger
    ledger = {
      ...ledger,
      promiseIssuer: {
        issue(...what) {
          promises++
          return promiseIssuer.issue(...what)
        },
      },
    }
  })

  const event = (more: object = {}) => ({
    eventId: randomUUID(),
    occurredAt: '2026-11-22T12:00:00.000Z',
    sentAt: '2026-11-22T12:00:00.100Z',
    decisions: [
      { purposeId: 'newsletter', verb: 'refused' },
      { policyId: 'privacy', verb: 'acknowledged' },
    ],
    ...{ channel: 'web', surface: 'banner', act: 'button', control: 'refuse-all', layer: 1 },
    ...more,
  })
  const device = { subject: { deviceSecret } }
  const authorization = `Device ${deviceSecret}`

  async function ask(
    route: 'recordEvents' | 'recordOwnEvents',
    body: object,
    { query = {}, headers = {} }: { query?: Record<string, string>; headers?: Record<string, string> } = {},
  ) {
    const handler = createHandler(eventEndpoints, memoryInstance(ledger))
    const given = { query: { key: siteKey, ...query }, headers: { authorization, ...headers }, body }
    const { statusCode, body: text = '', headers: sent = {} } = await answerOf(handler, apiEvent(route, given))
    return { status: statusCode, text, json: JSON.parse(text), applied: sent['preference-applied'] }
  }

  const minimal = { query: { return: 'minimal' } }
  const short = ['decisions', 'eventId', 'receiptId', 'times']
  /** The log has no proof yet, and this event names no mandate. */
  const full = Object.keys(receiptSchema.shape).filter((name) => !['tlogProof', 'mandates'].includes(name))

  it.each([
    ['who does not ask', {}, false, undefined],
    ['who asks in the query', minimal, true, undefined],
    ['who prefers it', { headers: { prefer: 'respond-async, return=minimal; a=b' } }, true, 'return=minimal'],
    ['who prefers it in quotes', { headers: { prefer: 'return = "minimal"' } }, true, 'return=minimal'],
    ['who prefers all', { headers: { prefer: 'return=representation' } }, false, undefined],
    [
      'whose query says otherwise',
      { query: { return: 'representation' }, headers: { prefer: 'return=minimal' } },
      false,
    ],
    ['who means something else', { headers: { prefer: 'xreturn=minimal, return=minimalist' } }, false, undefined],
  ] as const)('of one %s', async (_who, how, isShort, applied?: string) => {
    const first = await ask('recordEvents', event(device), how)
    expect([first.status, Object.keys(first.json).toSorted()]).toEqual([201, (isShort ? short : full).toSorted()])
    expect(first.applied).toBe(applied)
    expect(promises).toBe(isShort ? 0 : 1)

    const own = await ask('recordOwnEvents', event(), how)
    expect([own.status, Object.keys(own.json).toSorted()]).toEqual([201, (isShort ? short : full).toSorted()])

    const batch = await ask('recordEvents', { events: [event(device), event({ ...device, decisions: [] })] }, how)
    expect(batch.json.outcomes.map((outcome: object) => Object.keys(outcome))).toEqual([
      ['status', isShort ? 'recorded' : 'receipt'],
      ['status', 'problem'],
    ])
  })

  it('that is short has the members of the receipt, in at most 1 KB', async () => {
    const given = event(device)
    const { json, text } = await ask('recordEvents', given, minimal)
    expect(text.length).toBeLessThanOrEqual(1_024)
    const receipt = await ask('recordEvents', given)
    expect(receipt.status).toBe(200)
    expect(receipt.json).toMatchObject(json)
  })

  it('that is short is the same when the event comes again, as 200', async () => {
    const given = event(device)
    const first = await ask('recordEvents', given, minimal)
    const again = await ask('recordEvents', given, minimal)
    expect([again.status, again.json]).toEqual([200, first.json])
  })

  it('is refused where it asks for what there is not, and nothing is recorded', async () => {
    const { status, json } = await ask('recordEvents', event(device), { query: { return: 'nothing' } })
    expect([status, json.code, json.field]).toEqual([400, 'invalid-request', '/return'])
    expect(await events()).toEqual([])
  })
})
