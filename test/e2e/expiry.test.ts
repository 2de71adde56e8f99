/** A consent that ends by itself, over real HTTP: recorded, told 10 days before and when it has ended, asked about, and reported on. No time is slept. */
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { type DeliveryRunner, startDeliveries } from '../../infra/local/delivery-runner.ts'
import {
  bearer,
  bearerWithoutGrant,
  dayMs,
  moved,
  record,
  statusOfVisitor,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { type WebhookReceiver, webhookReceiver } from '../support/webhook-receiver.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
const path = '/v1/controllers/ljungsten/endpoints'
let deliveries: DeliveryRunner
let receiver: WebhookReceiver

beforeAll(async () => {
  receiver = await webhookReceiver()
  const { local } = ledger
  // The receiver compares the time of a signature with its own clock.
  const maker = {
    ...local.ledger,
    clock: Date.now,
    finder: local.subjectFinder,
    baseUrl: () => 'https://ledger.example',
  }
  deliveries = startDeliveries(maker, { allowsLoopback: true })
})
afterAll(async () => {
  await deliveries?.close()
  await receiver?.close()
})

async function toldAt(at: string) {
  ledger.setClock(at)
  await ledger.local.runner.settle()
  await ledger.local.expiry.run()
  await ledger.local.runner.settle()
  await deliveries.run()
  return receiver.received.splice(0).map(({ message }) => message)
}

const administrator = () => bearerWithoutGrant(ledger, 'editor', 'consent.admin', 'ljungsten')

test('days ahead are for endpoints that hear of what expires', async () => {
  const draft = { endpoint: 'wrong', url: receiver.url, types: ['consent.expired'], expiringDays: 10 }
  const refused = { status: 400, json: { code: 'invalid-request', field: '/expiringDays' } }
  expect(await ledger.post(path, draft, await administrator())).toMatchObject(refused)
  const days = { ...draft, types: ['consent.expiring'] }
  for (const expiringDays of [0, 91, 1.5])
    expect(await ledger.post(path, { ...days, expiringDays }, await administrator())).toMatchObject(refused)
})

test('a receiver hears that a consent will end, that it has ended, asks about it, and reports', async () => {
  const secret = aDeviceSecret()
  expect((await record(ledger, visitorEvent(ledger, secret))).status).toBe(201)
  const { endsAt } = await statusOfVisitor(ledger, secret, { purposeId: 'statistics' })
  // The consent is older than the endpoint.
  ledger.setClock(moved(endsAt, -11 * dayMs))
  const draft = { endpoint: 'crm', url: receiver.url, types: ['consent.expired', 'consent.expiring'], expiringDays: 10 }
  const made = await ledger.post(path, draft, await administrator())
  expect(made).toMatchObject({ status: 201, json: { expiringDays: 10 } })
  receiver.secret = made.json.secret
  expect(await toldAt(ledger.now())).toEqual([])
  const [ahead, ...others] = await toldAt(moved(endsAt, -5 * dayMs))
  expect(others).toEqual([])
  expect(ahead).toMatchObject({
    type: 'consent.expiring',
    data: {
      purposeId: 'statistics',
      policyId: 'cookie-policy',
      version: '2',
      expiresAt: endsAt,
      days: 10,
      sequence: 1,
    },
  })
  const messages = await toldAt(moved(endsAt, 2 * 60_000))
  expect(messages).toMatchObject([
    { type: 'consent.expired', data: { expiresAt: endsAt, given: ahead.data.given, sequence: 2 } },
  ])
  const { id, ask } = messages[0].data
  const { pathname } = new URL(ask)
  const auditor = bearer(await ledger.token('consent.audit', 'ljungsten', 'the CRM'))
  expect(await ledger.get(pathname, auditor)).toMatchObject({
    status: 200,
    json: {
      subject: deviceIdentity(secret),
      consents: [{ purposeId: 'statistics', status: 'Expired', reason: 'validity-ended' }],
    },
  })
  const at = new Date(ledger.now())
  const headers = {
    ...{ 'content-type': 'application/json', 'webhook-id': id },
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(receiver.secret).sign(id, at, '{}'),
  }
  const report = await ledger.send(`/v1/deliveries/${id}/completion`, { method: 'POST', headers, body: '{}' })
  expect(report).toMatchObject({ status: 201, json: { endpoint: 'crm' } })
  // An hour later there is nothing to tell; the log has a notice all the same.
  expect(await toldAt(moved(endsAt, 62 * 60_000))).toEqual([])
  const notices = (await ledger.stored('entries')).filter(({ pk }) => pk === 'ljungsten#expiry')
  expect(notices).toHaveLength(4)
})
