/** "Erase my data" over HTTP: who may ask and who may answer, the states that each sees, and that afterwards the person is unknown. */
import { beforeAll, describe, expect, test } from 'vitest'
import { retainWholeVault } from '../../infra/local/daily-retention.ts'
import { bearer, decisionEvent, device, type EventBody, noon, record } from '../support/demo-calls.ts'
import { expectRefusal } from '../support/refusals.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
beforeAll(() => ledger.setClock(noon))

const path = () => `/v1/me/erasure-requests?key=${siteKeyOf(ledger, 'ljungsten/web')}`
const look = (headers: Record<string, string>) => ledger.get(path(), headers)
const ask = (headers: Record<string, string>, body: EventBody = {}) => ledger.post(path(), body, headers)
const officer = async (scope = 'consent.erase', controller = 'ljungsten') =>
  bearer(await ledger.token(scope, controller, 'officer'))
const list = async (scope?: string) => ledger.get('/v1/controllers/ljungsten/erasure-requests', await officer(scope))
const decide = async (body: EventBody, scope?: string, controller?: string): Promise<Reply> =>
  ledger.post('/v1/erasure-decisions', { controller: 'ljungsten', ...body }, await officer(scope, controller))

async function known(): Promise<Record<string, string>> {
  const secret = aDeviceSecret()
  expect((await record(ledger, { ...decisionEvent(ledger), subject: { deviceSecret: secret } })).status).toBe(201)
  return device(secret)
}

test('a request that is granted is carried out, and then the person is answered as one who was never known', async () => {
  const me = await known()
  const asked = await ask(me)
  expect(asked.status).toBe(201)
  const [request] = asked.json.requests
  expect(request).toEqual({
    ...{
      requestId: expect.any(String),
      requestedAt: expect.any(String),
      answerBy: expect.stringMatching(/^2026-12-22/),
    },
    state: 'open',
  })
  const again = await ask(me, { scope: 'subject' })
  expect([again.status, again.json]).toEqual([200, asked.json])
  const { requestId } = request
  expect((await list()).json.requests).toContainEqual(request)
  const hold = { holdId: crypto.randomUUID(), ground: 'legal-obligation', covers: { purposeId: 'statistics' } }
  const counsel = await officer('consent.hold')
  await ledger.post('/v1/holds', { controller: 'ljungsten', ...hold }, counsel)
  expect((await look(me)).json.requests).toEqual([
    { ...request, state: 'held', held: [{ ground: 'legal-obligation' }] },
  ])
  await ledger.post(`/v1/holds/${hold.holdId}/release`, { controller: 'ljungsten' }, counsel)
  expect((await decide({ requestId, decision: 'granted' })).json).toMatchObject({ requestId, state: 'granted' })
  expect((await look(me)).json.requests[0].state).toBe('granted')
  const file = await ledger.get(path().replace('erasure-requests', 'download'), me)
  expect(file.json.erasureRequests).toEqual((await look(me)).json.requests)

  const report = { changed: () => undefined, counted: () => undefined, disposed: () => undefined }
  await retainWholeVault(ledger.local.retentionJob, report)
  const never = device(aDeviceSecret())
  for (const route of ['erasure-requests', 'history', 'reads', 'receipts']) {
    const at = path().replace('erasure-requests', route)
    const [erased, unknown] = [await ledger.get(at, me), await ledger.get(at, never)]
    expect([route, erased.status, erased.text]).toEqual([route, unknown.status, unknown.text])
  }
  const [erased, unknown] = [await ask(me), await ask(never)]
  expect([erased.status, erased.text]).toEqual([200, unknown.text])
  expect((await list()).json.requests).toContainEqual({ ...request, state: 'done' })
})

test('a refusal has a ground, which the person sees; asking again has to wait a day', async () => {
  const me = await known()
  const [{ requestId }] = (await ask(me)).json.requests
  const refusal = { requestId, decision: 'refused', ground: 'legal-claims' }
  expect((await decide({ requestId, decision: 'refused' })).status).toBe(400)
  expect((await decide({ ...refusal, ground: 'because' })).status).toBe(400)
  expect((await decide(refusal)).status).toBe(200)
  const [seen] = (await look(me)).json.requests
  expect(seen).toMatchObject({ state: 'refused', refusal: { ground: 'legal-claims', refusedAt: expect.any(String) } })
  expectRefusal(await decide({ requestId, decision: 'granted' }), {
    status: 409,
    code: 'already-exists',
    field: '/requestId',
  })
  const soon = await ask(me)
  expect([soon.status, soon.json.code]).toEqual([429, 'rate-limited'])
  expect(Number(soon.headers.get('retry-after'))).toBeGreaterThan(80_000)
})

describe('nobody else', () => {
  test('sees or answers a request', async () => {
    const me = await known()
    const [{ requestId }] = (await ask(me)).json.requests
    expect((await look(await known())).json).toEqual({ requests: [] })
    for (const scope of ['', 'consent.admin', 'consent.write', 'consent.hold', 'consent.audit']) {
      expect((await list(scope)).status, scope).toBe(403)
      expect((await decide({ requestId, decision: 'granted' }, scope)).status, scope).toBe(403)
    }
    expect((await decide({ requestId, decision: 'granted' }, 'consent.erase', 'tallmo')).status).toBe(401)
    const theirs = await ledger.post(
      '/v1/erasure-decisions',
      { controller: 'tallmo', requestId, decision: 'granted' },
      await officer('consent.erase', 'tallmo'),
    )
    expect([theirs.status, theirs.json.code]).toEqual([404, 'not-found'])
    expect((await look(me)).json.requests[0].state).toBe('open')
  })

  test('may keep an answer, and a body says nothing but the scope', async () => {
    const me = await known()
    expect((await ask(me, { scope: 'everything' })).status).toBe(400)
    expect((await ask(me, { reason: 'my name is Kim' })).status).toBe(400)
    expect((await look(me)).headers.get('cache-control')).toBe('no-store')
    expect((await look(me)).json).toEqual({ requests: [] })
  })
})
