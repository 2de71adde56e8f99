/**
 * The notice key and the pepper of a controller are replaced over HTTP, as the runbook says: no request fails meanwhile, everybody stays who
 * they are, tokens of a stolen notice key are no evidence, and the change is a record with a leaf and an act.
 */
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { digestOf } from '../../shared/consent/published-leaf.ts'
import { parsePolicy, verifyFile } from '../../shared/verify/verify.ts'
import {
  audit,
  bearer,
  bearerWithoutGrant,
  device,
  type EventBody,
  minuteMs,
  notice,
  record,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
const path = '/v1/controllers/ljungsten/keys'
const later = (ms: number) => ledger.setClock(new Date(ledger.local.ledger.clock() + ms).toISOString())
const change = async (body: EventBody) => ledger.post(path, body, bearer(await ledger.token('ledger.admin', 'ledger')))
const own = async (secret: string) =>
  (await ledger.get(`/v1/me/consents?key=${siteKeyOf(ledger, 'ljungsten/web')}`, device(secret))).json.consents
const tokenFor = async (secret: string) =>
  String((await notice(ledger, 'cookie-policy', 'ljungsten/web', device(secret))).json.noticeToken)
const gradeOf = async (secret: string, noticeToken: string) =>
  (await record(ledger, visitorEvent(ledger, secret, { shown: [{ noticeToken }] }))).json.link[0].grade

const known = aDeviceSecret()
let receipts: unknown[]
const ownReceipts = async (secret: string): Promise<unknown[]> =>
  (await ledger.get(`/v1/me/receipts?key=${siteKeyOf(ledger, 'ljungsten/web')}`, device(secret))).json.receipts

beforeAll(async () => {
  await record(ledger, visitorEvent(ledger, known))
  await ledger.local.runner.settle()
  receipts = await ownReceipts(known)
})

test('both are replaced while events come and are asked about: no request fails, and everybody stays who they are', async () => {
  const early = await tokenFor(known)
  const statuses: number[] = []
  let goesOn = true
  const visitors: string[] = []
  const traffic = Array.from({ length: 3 }, async () => {
    while (goesOn) {
      const secret = aDeviceSecret()
      visitors.push(secret)
      const subject = { deviceSecret: secret, new: true }
      statuses.push((await record(ledger, visitorEvent(ledger, secret, { subject }))).status)
      statuses.push((await record(ledger, visitorEvent(ledger, secret))).status)
      statuses.push((await audit(ledger, 'consents', { subject: deviceIdentity(known) })).status)
    }
  })
  const made = await change({ change: 1, keys: ['pepper', 'notice'], stolen: false, ground: 'the yearly drill' })
  expect(made).toMatchObject({ status: 201, json: { change: 1, keys: ['notice', 'pepper'], stolen: false } })
  for (const _ of [1, 2, 3]) {
    later(31_000)
    await record(ledger, visitorEvent(ledger, known))
  }
  goesOn = false
  await Promise.all(traffic)
  expect(new Set(statuses)).toEqual(new Set([200, 201]))

  expect(await gradeOf(known, early)).toBe('served')
  expect(await gradeOf(known, await tokenFor(known))).toBe('served')
  const timeline = await audit(ledger, 'timeline', { subject: deviceIdentity(known), purposeId: 'statistics' })
  expect(timeline.json.events).toHaveLength(6)
  // Visitors from before, during and after the change, eight or so of them.
  for (const secret of visitors.filter((_, i) => i % Math.ceil(visitors.length / 8) === 0)) {
    const { json } = await audit(ledger, 'timeline', { subject: deviceIdentity(secret), purposeId: 'statistics' })
    expect(json.events).toHaveLength(2)
  }
  await ledger.local.runner.settle()
  const after = await ownReceipts(known)
  const policy = (await ledger.get('/log/ljungsten/policy')).text
  for (const receipt of [...receipts, ...after])
    expect(await verifyFile(JSON.stringify(receipt), parsePolicy(policy))).toMatchObject({ verdict: 'valid' })
})

test('a change is a record with a leaf and an act; sent twice it is one, and out of turn it is refused', async () => {
  const before = new Set((await ledger.stored('entries')).map(({ sk }) => sk))
  const draft = { change: 2, keys: ['notice'], stolen: false, ground: 'once more' }
  const made = await change(draft)
  expect(await change(draft)).toMatchObject({ status: 200, json: made.json })
  const added = (await ledger.stored('entries')).filter(({ sk }) => !before.has(sk))
  expect(added.filter(({ pk }) => pk.startsWith('ljungsten#act#'))).toHaveLength(2)
  const stored = added.find(({ sk }) => sk === 'keys#2')
  expect(stored?.values.draft).toBe(digestOf(draft))
  expect(JSON.parse(String(stored?.values.leaf))).toEqual({
    ...{ kind: 'key-change', change: 2, keys: ['notice'], stolen: false, changedAt: made.json.changedAt },
    ...{ content: digestOf(made.json), v: 1 },
  })
  const refusals: readonly [EventBody, object][] = [
    [
      { ...draft, ground: 'another' },
      { status: 409, json: { field: '/change', allowed: 3 } },
    ],
    [
      { ...draft, change: 4 },
      { status: 400, json: { field: '/change', allowed: 3 } },
    ],
    [
      { ...draft, change: 3, keys: ['data'] },
      { status: 400, json: { field: '/keys/0' } },
    ],
    [
      { ...draft, change: 3, keys: [] },
      { status: 400, json: { field: '/keys' } },
    ],
    [
      { ...draft, change: 3, ground: '' },
      { status: 400, json: { field: '/ground' } },
    ],
    [
      { change: 3, keys: ['notice'], ground: 'why' },
      { status: 400, json: { field: '/stolen' } },
    ],
    [
      { ...draft, change: 3, keys: ['checkpoint'] },
      { status: 400, json: { field: '/vkey' } },
    ],
    [
      { ...draft, change: 3, vkey: 'a' },
      { status: 400, json: { field: '/vkey' } },
    ],
    [
      { ...draft, change: 3, keys: ['checkpoint'], vkey: 'a+b+c' },
      { status: 400, json: { field: '/vkey' } },
    ],
  ]
  for (const [body, refused] of refusals) expect(await change(body)).toMatchObject(refused)
})

test('no token of a stolen notice key is evidence, whatever time it states; the event is recorded all the same', async () => {
  const secret = aDeviceSecret()
  const stolen = await tokenFor(secret)
  expect(await gradeOf(secret, stolen)).toBe('served')
  expect((await change({ change: 3, keys: ['notice'], stolen: true, ground: 'a copy was found' })).status).toBe(201)
  const reply = await record(ledger, visitorEvent(ledger, secret, { shown: [{ noticeToken: stolen }] }))
  expect(reply.status).toBe(201)
  expect(reply.json.link[0].grade).not.toBe('served')
  expect(await gradeOf(secret, await tokenFor(secret))).toBe('served')
})

test('a grant about a person holds across the pepper, and one made later names a person of before', async () => {
  const question = { controller: 'ljungsten', subject: deviceIdentity(known), purposeId: 'statistics' }
  const grant = async (auditor: string) => {
    const draft = {
      ...{ grantId: randomUUID(), auditor: { subject: auditor }, name: 'An auditor' },
      ...{
        subjects: { named: [deviceIdentity(known)] },
        until: new Date(ledger.local.ledger.clock() + 86_400_000).toISOString(),
      },
    }
    const post = async () =>
      ledger.post('/v1/controllers/ljungsten/grants', draft, bearer(await ledger.token('consent.admin')))
    expect(await post()).toMatchObject({ status: 201, json: { subjects: { named: 1 } } })
    return post
  }
  const ask = async (auditor: string, subject = question.subject) =>
    (
      await ledger.post(
        '/v1/audit/consents',
        { ...question, subject },
        await bearerWithoutGrant(ledger, auditor, 'consent.audit'),
      )
    ).status
  const repeated = await grant('before')
  expect((await change({ change: 4, keys: ['pepper'], stolen: false, ground: 'again' })).status).toBe(201)
  later(2 * minuteMs)
  await record(ledger, visitorEvent(ledger, known))
  await grant('after')
  expect(await repeated()).toMatchObject({ status: 200, json: { subjects: { named: 1 } } })
  expect([await ask('before'), await ask('after')]).toEqual([200, 200])
  expect(await ask('after', deviceIdentity(aDeviceSecret()))).toBe(403)
  expect(await own(known)).not.toEqual([])
})

test('keys are changed by the ledger’s operator only', async () => {
  const body = { change: 5, keys: ['notice'], stolen: false, ground: 'why' }
  const everything = 'consent.audit consent.admin consent.erase consent.write consent.import ledger.admin'
  const credentials: readonly Record<string, string>[] = [
    {},
    { 'x-site-key': ledger.key('ljungsten/web') },
    bearer(await ledger.token(everything, 'ljungsten')),
  ]
  for (const headers of credentials) expect((await ledger.post(path, body, headers)).status).toBe(401)
  expect((await ledger.post(path, body, bearer(await ledger.token('consent.admin', 'ledger')))).status).toBe(403)
})
