/** What endpoints are sent: from an event that is recorded over HTTP to a message that arrives over HTTP and verifies. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { world } from '../../infra/demo/world/world.ts'
import { type DeliveryRunner, startDeliveries } from '../../infra/local/delivery-runner.ts'
import { maxBodyBytes } from '../../shared/ledger/fan-out/message-source.ts'
import {
  administer,
  audit,
  bearer,
  bearerWithoutGrant,
  device,
  type EventBody,
  record,
  visitorEvent,
} from '../support/demo-calls.ts'
import { snippetsOf } from '../support/readme-snippets.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { type WebhookReceiver, webhookReceiver } from '../support/webhook-receiver.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
const path = '/v1/controllers/ljungsten/endpoints'
let token: Record<string, string>
let deliveries: DeliveryRunner
let receiver: WebhookReceiver

beforeAll(async () => {
  // Receivers compare the time of a signature with their own clock.
  ledger.setClock(new Date().toISOString())
  token = await bearerWithoutGrant(ledger, 'editor', 'consent.admin', 'ljungsten')
  const { local } = ledger
  const maker = { ...local.ledger, finder: local.subjectFinder, baseUrl: () => 'https://ledger.example' }
  deliveries = startDeliveries(maker, { allowsLoopback: true })
})
afterAll(() => deliveries?.close())
beforeEach(async () => {
  receiver = await webhookReceiver()
  return () => receiver.close()
})

async function endpoint(name: string, more: EventBody) {
  const draft = { endpoint: name, url: receiver.url, types: ['consent.given', 'consent.withdrawn'], ...more }
  const made = await ledger.post(path, draft, token)
  expect(made.status, made.text).toBe(201)
  receiver.secret = made.json.secret
  return made.json
}

async function decide(secret: string, verb: string, more: EventBody = {}) {
  const decisions = [{ purposeId: 'statistics', verb }]
  expect((await record(ledger, visitorEvent(ledger, secret, { decisions, ...more }))).status).toBe(201)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

async function delivered() {
  await ledger.local.runner.settle()
  await deliveries.run()
  return receiver.received
}

test('a thin message names regime, purpose, policy, version and leaf, and the person by pseudonym only', async () => {
  const secret = aDeviceSecret()
  await endpoint('thin', {})
  await decide(secret, 'given')
  await decide(secret, 'withdrawn', { subject: { deviceSecret: secret } })
  const got = await delivered()
  expect(got.map(({ message }) => message.type)).toEqual(['consent.given', 'consent.withdrawn'])
  const { id, message } = got[1] ?? { id: '', message: {} }
  expect(message).toEqual({
    type: 'consent.withdrawn',
    timestamp: expect.stringMatching(/Z$/),
    data: {
      ...{ id, controller: 'ljungsten', endpoint: 'thin', leaf: expect.any(Number), sequence: 2 },
      subject: expect.stringMatching(/^[\w-]{43}$/),
      ...{ purposeId: 'statistics', policyId: 'cookie-policy', version: '2', effect: 'no' },
      regime: { jurisdiction: expect.any(String), legalBasis: 'consent' },
      ask: `https://ledger.example/v1/deliveries/${id}`,
    },
  })
  expect(receiver.refused).toBe(0)
})

test('a fat message has the identifier and the decision; both are far below the greatest length', async () => {
  await endpoint('fat', { payload: 'fat' })
  await decide(aDeviceSecret(), 'given')
  const [{ message } = { message: undefined }] = await delivered()
  expect(message.data.identifier).toEqual({ type: 'device', id: expect.stringMatching(/^[\w-]{43}$/) })
  expect(message.data).toMatchObject({ verb: 'given', assurance: 'anonymous', actor: 'self', site: 'web' })
  expect(JSON.stringify(message).length).toBeLessThan(maxBodyBytes / 10)
})

test('an endpoint gets the types and purposes that it asked for', async () => {
  await endpoint('some', { types: ['consent.withdrawn'], purposes: ['marketing-cookies'] })
  const secret = aDeviceSecret()
  const both = (verb: string) => ['statistics', 'marketing-cookies'].map((purposeId) => ({ purposeId, verb }))
  await decide(secret, 'given', { decisions: both('given') })
  await decide(secret, 'withdrawn', { decisions: both('withdrawn'), subject: { deviceSecret: secret } })
  expect((await delivered()).map(({ message: { type, data } }) => [type, data.purposeId])).toEqual([
    ['consent.withdrawn', 'marketing-cookies'],
  ])
})

test('what happened before an endpoint was made is sent when it asks for it', async () => {
  const { from } = await endpoint('later', {})
  const replayed = await webhookReceiver()
  await decide(aDeviceSecret(), 'given')
  await delivered()
  const made = await ledger.post(
    path,
    { endpoint: 'replayed', url: replayed.url, types: ['consent.given'], from },
    token,
  )
  replayed.secret = made.json.secret
  await delivered()
  const leaves = (all: WebhookReceiver) => all.received.map(({ message }) => message.data.leaf)
  expect(leaves(replayed)).toEqual(leaves(receiver))
  await replayed.close()
})

test('a failing receiver is seen, and gets what it missed by a redelivery, with the same ids', async () => {
  await endpoint('failing', { types: ['consent.given'] })
  receiver.status = 500
  await decide(aDeviceSecret(), 'given')
  await delivered()
  const list = async (which: string) =>
    (await ledger.get(`${path}/failing/deliveries?list=${which}`, token)).json.deliveries
  const [waiting] = await list('waiting')
  expect(waiting).toMatchObject({ state: 'waiting', attempts: 1, lastStatus: 500, sequence: 1 })
  receiver.status = 204
  const redeliver = (body: EventBody) => ledger.post(`${path}/failing/redeliveries`, body, token)
  await redeliver({ redelivery: 1, deliveryId: waiting.deliveryId })
  expect((await delivered()).map(({ id, message }) => [id, message.data.leaf])).toEqual([
    [waiting.deliveryId, waiting.leaf],
  ])
  expect(await list('ended')).toMatchObject([{ deliveryId: waiting.deliveryId, redelivery: 1, state: 'delivered' }])
  await redeliver({ redelivery: 2, from: waiting.leaf, to: waiting.leaf + 1000 })
  await redeliver({ redelivery: 3, test: true })
  await delivered()
  expect(receiver.received.map(({ message }) => message.type)).toEqual([
    'consent.given',
    'consent.given',
    'endpoint.ping',
  ])
})

test('after a rotation both secrets verify', async () => {
  await endpoint('rotated', {})
  const old = receiver.secret
  const { json } = await ledger.post(`${path}/rotated/secrets`, { change: 2 }, token)
  for (const secret of [old, json.secret]) {
    receiver.secret = secret
    await decide(aDeviceSecret(), 'given')
    await delivered()
  }
  expect([receiver.received.length, receiver.refused]).toEqual([2, 0])
})

test('an erasure is told, and closes what still waits', async () => {
  const identifier = { type: 'email', id: `erased-${Date.now()}@example.org` }
  await endpoint('crm', { types: ['consent.given', 'subject.erased'], payload: 'fat' })
  receiver.status = 503
  const operator = bearer(await ledger.token('consent.write'))
  const event = visitorEvent(ledger, '', {
    ...{ subject: { identifier }, decisions: [{ purposeId: 'statistics', verb: 'given' }] },
  })
  expect((await record(ledger, event, 'ljungsten/web', operator)).status).toBe(201)
  await delivered()
  const eraser = bearer(await ledger.token('consent.erase'))
  await ledger.post('/v1/erasures', { controller: 'ljungsten', subject: identifier, ground: 'order' }, eraser)
  await ledger.local.runner.release()
  receiver.status = 204
  ledger.setClock(new Date(Date.parse(ledger.now()) + 60_000).toISOString())
  await delivered()
  await delivered()
  expect(receiver.received.map(({ message: { type, data } }) => [type, data.sequence])).toEqual([['subject.erased', 2]])
  const { json } = await ledger.get(`${path}/crm/deliveries?list=ended`, token)
  expect(json.deliveries.map(({ state }: { state: string }) => state)).toEqual(['delivered', 'closed'])
  expect(JSON.stringify(await ledger.stored('entries'))).not.toContain(identifier.id)
})

test('a receiver asks who a thin message is about, with a grant, and the person sees that it did', async () => {
  const secret = aDeviceSecret()
  await endpoint('asking', { types: ['consent.withdrawn'] })
  await decide(secret, 'withdrawn')
  const [got] = await delivered()
  const url = new URL(got?.message.data.ask)
  const without = await bearerWithoutGrant(ledger, 'no grant', 'consent.audit', 'ljungsten')
  expect(await ledger.get(url.pathname, without)).toMatchObject({ status: 403, json: { code: 'grant-needed' } })
  const auditor = bearer(await ledger.token('consent.audit', 'ljungsten', 'the CRM'))
  const { status, json } = await ledger.get(url.pathname, auditor)
  expect(status).toBe(200)
  expect(json).toMatchObject({
    subject: deviceIdentity(secret),
    consents: [{ purposeId: 'statistics', status: 'Refused' }],
  })
  const reads = await ledger.get(`/v1/me/reads?key=${ledger.key('ljungsten/web')}`, device(secret))
  expect(reads.json.reads).toHaveLength(1)
  // Ids that were never given out lead to nobody, and are told from others by nobody without a grant.
  const { leaf } = got?.message.data ?? {}
  const madeUp = [`ljungsten_asking_${leaf - 1}_0`, `ljungsten_unmade_${leaf}_0`, 'ljungsten_asking_999999_0']
  for (const id of madeUp) {
    expect((await ledger.get(`/v1/deliveries/${id}`, auditor)).status, id).toBe(404)
    expect((await ledger.get(`/v1/deliveries/${id}`, without)).json.code, id).toBe('grant-needed')
  }
  const malformed = ['nobody', `ljungsten_asking_${leaf}`].map((id) => `/v1/deliveries/${id}`)
  for (const path of malformed) {
    expect((await ledger.get(path, auditor)).status).toBe(404)
    expect((await ledger.get(path)).status).toBe(401)
  }
})

test('what is awaited does not tell a yes from a no', async () => {
  const secret = aDeviceSecret()
  await endpoint('awaited', { completionHours: 1 })
  await decide(secret, 'given')
  await decide(secret, 'withdrawn', { subject: { deviceSecret: secret } })
  const leaves = (await delivered()).map(({ message }) => String(message.data.leaf).padStart(16, '0'))
  const rows = (await ledger.stored('entries')).filter(({ pk }) => pk === 'ljungsten#awaited#awaited')
  expect(rows.map(({ sk }) => sk.split('#')[1])).toEqual(leaves)
})

test('the receiver of the README verifies a message, answers it once, and reports that it has acted', async () => {
  const code = snippetsOf('shared/ledger/fan-out/README.md').get('receiver') ?? ''
  const port = await freePort()
  const made = await endpoint('readme', {
    url: `http://127.0.0.1:${port}/`,
    types: ['consent.given'],
    completionHours: 1,
  })
  const program = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, LEDGER_URL: ledger.url, ENDPOINT_SECRET: made.secret, PORT: String(port) },
  })
  let said = ''
  program.stdout.on('data', (chunk) => {
    said += chunk
  })
  try {
    await expect
      .poll(() =>
        fetch(`http://127.0.0.1:${port}/`, { method: 'POST' }).then(
          (r) => r.status,
          () => 0,
        ),
      )
      .toBe(401)
    await decide(aDeviceSecret(), 'given')
    await delivered()
    const ended = async () => (await ledger.get(`${path}/readme/deliveries?list=ended`, token)).json.deliveries
    await expect.poll(async () => (await ended())[0]?.isCompleted).toBe(true)
    const [{ deliveryId }] = await ended()
    await ledger.post(`${path}/readme/redeliveries`, { redelivery: 1, deliveryId }, token)
    await delivered()
    expect((await ended()).map(({ state }: { state: string }) => state)).toEqual(['delivered', 'delivered'])
    expect(said.match(/consent\.given statistics/g)).toHaveLength(1)
  } finally {
    program.kill()
  }
})

test('messages about publications and links are as described', async () => {
  const types = ['policy.published', 'link.made', 'link.ended']
  await endpoint('others', { types, payload: 'fat' })
  const { policyId: _, effectiveFrom: __, ...published } = world.ljungsten.publications[0]?.draft ?? { policyId: '' }
  const draft = { ...published, version: '1', purposes: [] }
  expect((await administer(ledger, '/policies/told/versions', draft)).status).toBe(201)
  const subjects = ['a', 'b'].map((name) => ({ type: 'email', id: `${name}-${Date.now()}@example.org` }))
  const operator = bearer(await ledger.token('consent.write'))
  for (const identifier of subjects) {
    const event = visitorEvent(ledger, '', { subject: { identifier } })
    expect((await record(ledger, event, 'ljungsten/web', operator)).status).toBe(201)
  }
  const link = { controller: 'ljungsten', subjects, ground: 'one number', requestId: randomUUID() }
  const { json } = await ledger.post('/v1/links', link, operator)
  const unlink = {
    controller: 'ljungsten',
    subject: subjects[0],
    linkId: json.linkId,
    ground: 'two',
    requestId: randomUUID(),
  }
  expect((await ledger.post('/v1/unlinks', unlink, operator)).status).toBe(201)
  const got = (await delivered()).map(({ message }) => message.type)
  expect(got.toSorted()).toEqual(['link.ended', 'link.ended', 'link.made', 'link.made', 'policy.published'])
  expect(receiver.refused).toBe(0)
})

test('a receiver reports that it has acted: signed, once, and the person and an auditor see it, and what is not reported', async () => {
  const secret = aDeviceSecret()
  await endpoint('acting', { types: ['consent.withdrawn'], completionHours: 1 })
  const decisions = ['statistics', 'marketing-cookies'].map((purposeId) => ({ purposeId, verb: 'withdrawn' }))
  await decide(secret, 'withdrawn', { decisions })
  const [{ id } = { id: '' }] = await delivered()
  const timelineEvent = async (purposeId: string, more: EventBody = {}) => {
    const { json } = await audit(ledger, 'timeline', { subject: deviceIdentity(secret), purposeId, ...more })
    return json.events[0]
  }
  const missing = { endpoint: 'acting', purposeId: 'statistics', dueAt: expect.stringMatching(/Z$/), isLate: false }
  const before = await timelineEvent('statistics')
  expect(before).toMatchObject({ notReported: [missing] })
  expect(before.completions).toBeUndefined()
  const body = JSON.stringify({ evidence: { sha256: 'a'.repeat(64) } })
  const report = (key: string, of = id, text = body, signed = { id, body }) => {
    const at = new Date(ledger.now())
    const headers = {
      ...{ 'content-type': 'application/json', 'webhook-id': signed.id },
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(key).sign(signed.id, at, signed.body),
    }
    return ledger.send(`/v1/deliveries/${of}/completion`, { method: 'POST', headers, body: text })
  }
  const another = `whsec_${Buffer.alloc(32).toString('base64')}`
  for (const refused of [
    report(another),
    report(receiver.secret, 'ljungsten_thin_1_0'),
    report(receiver.secret, id, '{}'),
  ])
    expect(await refused).toMatchObject({ status: 401, json: { code: 'unauthenticated' } })
  const early = JSON.stringify({ completedAt: '2099-01-01T00:00:00Z' })
  expect(await report(receiver.secret, id, early, { id, body: early })).toMatchObject({
    ...{ status: 400, json: { code: 'invalid-request', field: '/completedAt' } },
  })
  await ledger.post(`${path}/acting/redeliveries`, { redelivery: 1, kind: 'test' }, token)
  await delivered()
  for (const test of ['ljungsten_acting_0_0', 'ljungsten_acting_0_9999', 'ljungsten_acting_ping_1'])
    expect((await report(receiver.secret, test, body, { id: test, body })).status).toBe(404)
  const first = await report(receiver.secret)
  expect(first).toMatchObject({ status: 201, json: { endpoint: 'acting', evidence: { sha256: 'a'.repeat(64) } } })
  expect(await report(receiver.secret)).toMatchObject({ status: 200, json: first.json })
  const { json } = await ledger.get(`/v1/me/history?key=${ledger.key('ljungsten/web')}`, device(secret))
  expect(json.events[0].completions).toEqual([first.json])
  const { json: ended } = await ledger.get(`${path}/acting/deliveries?list=ended`, token)
  expect(ended.deliveries).toMatchObject([{ isCompleted: false }, { deliveryId: id, isCompleted: true }])
  await ledger.local.runner.settle()
  const reported = await timelineEvent('statistics')
  expect(reported.completions).toEqual([{ ...first.json, purposeId: 'statistics', reportLeaf: expect.any(Number) }])
  expect(reported.completions[0].reportLeaf).toBeGreaterThan(first.json.leaf)
  expect(reported.notReported).toBeUndefined()
  const marketing = await bearerWithoutGrant(ledger, 'marketing only', 'consent.audit', 'ljungsten')
  const grant = {
    ...{ grantId: randomUUID(), auditor: { subject: 'marketing only' }, name: 'Marketing', subjects: 'all' },
    ...{ purposes: ['marketing-cookies'], until: '2090-01-01T00:00:00Z' },
  }
  expect((await ledger.post('/v1/controllers/ljungsten/grants', grant, token)).status).toBe(201)
  const question = { controller: 'ljungsten', subject: deviceIdentity(secret), purposeId: 'marketing-cookies' }
  const [narrow] = (await ledger.post('/v1/audit/timeline', question, marketing)).json.events
  expect([narrow.completions, narrow.notReported.length]).toEqual([undefined, 1])
  expect((await timelineEvent('statistics', { knownAt: reported.times.recordedAt })).completions).toBeUndefined()
  ledger.setClock(new Date(Date.parse(ledger.now()) + 2 * 3_600_000).toISOString())
  await delivered()
  const standing = (await ledger.get(path, token)).json.endpoints.find((each: EventBody) => each.endpoint === 'acting')
  expect(standing.deliveries.lateCompletions).toBe(1)
  const late = { endpoint: 'acting', purposeId: 'marketing-cookies', isLate: true }
  expect(await timelineEvent('marketing-cookies')).toMatchObject({ notReported: [late] })
})
