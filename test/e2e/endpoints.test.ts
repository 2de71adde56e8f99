/** Endpoints over HTTP: made, changed, their secrets replaced, redeliveries asked for. What they are sent is in `deliveries.test.ts`. */
import { beforeAll, expect, test } from 'vitest'
import { bearerWithoutGrant, type EventBody, noon } from '../support/demo-calls.ts'
import type { Reply } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ served: { deliversToLoopback: false } })
const path = '/v1/controllers/ljungsten/endpoints'
let token: Record<string, string>

beforeAll(async () => {
  ledger.setClock(noon)
  token = await bearerWithoutGrant(ledger, 'editor', 'consent.admin', 'ljungsten')
})

const post = (below: string, body: EventBody) => ledger.post(path + below, body, token)
const get = (below: string) => ledger.send(path + below, { headers: token })
const told = ({ status, json }: Reply) => (status < 300 ? status : `${status} ${json.code} ${json.field}`)
const draft = {
  endpoint: 'crm',
  url: 'https://crm.example.org/consent?tenant=1',
  types: ['consent.withdrawn', 'policy.published'],
  purposes: ['statistics'],
}

test('an endpoint is made once, and its secret shown once', async () => {
  const made = await post('', draft)
  expect(made).toMatchObject({ status: 201, json: { change: 1, payload: 'thin', state: 'enabled', secrets: 1 } })
  expect(made.json.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(made.json.publicKey).toMatch(/^whpk_/)
  expect(made.json.changedBy).toMatchObject({ subject: 'editor' })
  const again = await post('', draft)
  expect(again).toMatchObject({ status: 200, json: { change: 1 } })
  expect(again.json).not.toHaveProperty('secret')
  expect(told(await post('', { ...draft, payload: 'fat' }))).toBe('409 already-exists /endpoint')
  const { json } = await get('')
  expect(json.endpoints).toMatchObject([
    { endpoint: 'crm', from: made.json.from, deliveries: { delivered: 0, isGone: false } },
  ])
  expect(JSON.stringify(json)).not.toContain('whsec_')
})

test.each([
  [{ url: 'ftp://crm.example.org/' }, '400 invalid-request /url'],
  [{ url: 'https://user:word@crm.example.org/' }, '400 invalid-request /url'],
  [{ url: 'http://crm.example.org/' }, '400 invalid-request /url'],
  [{ url: 'http://127.0.0.1:9000/' }, '400 invalid-request /url'],
  [{ url: 'http://localhost.example.org/' }, '400 invalid-request /url'],
  [{ types: ['consent.outdated'] }, '400 invalid-request /types/0'],
  [{ types: ['consent.withdrawn', 'consent.outdated'] }, '400 invalid-request /types/1'],
  [{ expiringDays: 30 }, '400 invalid-request /expiringDays'],
  [{ types: [] }, '400 invalid-request /types'],
  [{ types: ['consent.vanished'] }, '400 invalid-request /types/0'],
  [{ purposes: ['unheard-of'] }, '400 unknown-purpose /purposes/0'],
  [{ endpoint: 'Not an id' }, '400 invalid-request /endpoint'],
])('%o is refused', async (more, expected) => {
  expect(told(await post('', { ...draft, endpoint: 'other', ...more }))).toBe(expected)
})

test('a change has the next number, and another with the same number is refused', async () => {
  const { endpoint: _, ...settings } = { ...draft, state: 'disabled' }
  expect(told(await post('/crm/changes', { ...settings, change: 3 }))).toBe('400 invalid-request /change')
  expect(await post('/crm/changes', { ...settings, change: 2 })).toMatchObject({
    status: 201,
    json: { state: 'disabled' },
  })
  expect(told(await post('/crm/changes', { ...settings, change: 2 }))).toBe(200)
  expect(told(await post('/crm/changes', { ...settings, state: 'enabled', change: 2 }))).toBe(
    '409 already-exists /change',
  )
  expect(told(await post('/crm/changes', { ...settings, url: 'http://127.0.0.1/', change: 3 }))).toBe(
    '400 invalid-request /url',
  )
  expect(told(await post('/nobody/changes', { ...settings, change: 2 }))).toBe('404 not-found undefined')
})

test('a new secret signs beside the old one, for as long as is asked', async () => {
  const rotated = await post('/crm/secrets', { change: 3, overlapHours: 2 })
  expect(rotated).toMatchObject({ status: 201, json: { secrets: 2, state: 'disabled' } })
  expect(rotated.json.secret).toMatch(/^whsec_/)
  expect((await post('/crm/secrets', { change: 4, overlapHours: 0 })).json).toMatchObject({ secrets: 1 })
})

test('of two rotations of one number the second is refused, unless it is the first one again', async () => {
  const another = await bearerWithoutGrant(ledger, 'another editor', 'consent.admin', 'ljungsten')
  const rotation = { change: 5, overlapHours: 2 }
  expect((await post('/crm/secrets', rotation)).status).toBe(201)
  const again = await post('/crm/secrets', rotation)
  expect(again.status).toBe(200)
  expect(again.json).not.toHaveProperty('secret')
  const refused = '409 already-exists /change'
  expect(told(await ledger.post(`${path}/crm/secrets`, rotation, another))).toBe(refused)
  expect(told(await post('/crm/secrets', { ...rotation, overlapHours: 0 }))).toBe(refused)
  const { endpoint: _, ...settings } = { ...draft, state: 'disabled' }
  expect(told(await post('/crm/changes', { ...settings, change: 5 }))).toBe(refused)
  expect((await post('/crm/changes', { ...settings, change: 6 })).status).toBe(201)
  expect(told(await post('/crm/secrets', { ...rotation, change: 6 }))).toBe(refused)
})

test('a fifth secret ends none of the four before its time', async () => {
  const rotate = (change: number, overlapHours: number) => post('/crm/secrets', { change, overlapHours })
  for (const change of [7, 8]) expect((await rotate(change, 24)).status).toBe(201)
  expect((await get('')).json.endpoints).toMatchObject([{ secrets: 4 }])
  expect(told(await rotate(9, 24))).toMatch(/limit-reached \/overlapHours$/)
  expect((await rotate(8, 24)).status).toBe(200)
  expect((await rotate(9, 0)).json).toMatchObject({ secrets: 1 })
})

test('redeliveries are numbered, and are of this endpoint', async () => {
  expect(await post('/crm/redeliveries', { redelivery: 1, from: 3, to: 9, only: 'dead' })).toMatchObject({
    status: 201,
    json: { kind: 'dead', from: 3, to: 9 },
  })
  expect(told(await post('/crm/redeliveries', { redelivery: 1, from: 3, to: 9, only: 'dead' }))).toBe(200)
  expect(told(await post('/crm/redeliveries', { redelivery: 1, test: true }))).toBe('409 already-exists /redelivery')
  expect(told(await post('/crm/redeliveries', { redelivery: 3, test: true }))).toBe('400 invalid-request /redelivery')
  expect(told(await post('/crm/redeliveries', { redelivery: 2, from: 9, to: 3 }))).toBe('400 invalid-request /to')
  const of = (deliveryId: string) => post('/crm/redeliveries', { redelivery: 2, deliveryId })
  expect(told(await of('ljungsten_mail_7_0'))).toBe('400 invalid-request /deliveryId')
  expect((await of('ljungsten_crm_7_0')).json).toMatchObject({ kind: 'one', from: 7, to: 7 })
})

test('deliveries are listed', async () => {
  for (const list of ['waiting', 'ended'])
    expect((await get(`/crm/deliveries?list=${list}`)).json).toEqual({ deliveries: [] })
  expect(told(await get('/crm/deliveries?list=all'))).toBe('400 invalid-request /list')
})

test('only a token of the controller’s administration may', async () => {
  const auditor = await bearerWithoutGrant(ledger, 'auditor', 'consent.audit', 'ljungsten')
  expect(told(await ledger.send(path, { headers: auditor }))).toBe('403 forbidden undefined')
  const stranger = await bearerWithoutGrant(ledger, 'editor', 'consent.admin', 'tallmo')
  expect(told(await ledger.post(path, draft, stranger))).toMatch(/^401/)
})
