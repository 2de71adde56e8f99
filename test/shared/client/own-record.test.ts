/** `@consent-ledger/client/own-record`: what it sends, with whose credential, and when it knows that an erasure is done. */
import { expect, it } from 'vitest'
import { openConsent } from '../../../shared/client/client.ts'
import { withOwnRecord } from '../../../shared/client/own-record.ts'
import { memoryStorage } from '../../support/client-world.ts'

const tokenOf = (sub: string) => `e30.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.c2ln`
const token = tokenOf('kim')
const secret = '0f'.repeat(24)
const request = { requestId: 'r.0', requestedAt: '2026-11-30T12:00:00.000Z', answerBy: 'later', state: 'open' }

function aPage(answers: readonly object[], more: { token?: () => string; device?: string } = { device: secret }) {
  const items = new Map<string, string>()
  if (more.device) items.set('consent-ledger:site_1:device', JSON.stringify(more.device))
  const sent: { url: string; init: RequestInit }[] = []
  const errors: string[] = []
  const left = [...answers]
  const options = {
    url: 'https://ledger.example/',
    key: 'site_1',
    ...(more.token && { token: more.token }),
    storage: memoryStorage(items),
    fetch: async (url: string | URL | Request, init: RequestInit = {}) => {
      sent.push({ url: String(url), init })
      const body = left.shift() ?? {}
      return Response.json(body, { status: 'code' in body ? 400 : 200 })
    },
    onError: ({ code }: { code: string }) => void errors.push(code),
  }
  return { client: withOwnRecord(openConsent(options), options), sent, errors, items }
}

it.each([
  ['the device', {}, `Device ${secret}`],
  ['the account', { token: () => token }, `Bearer ${token}`],
])('fetches pages of the file as %s, with the credential in no address', async (_, more, authorization) => {
  const { client, sent } = aPage([{ events: [], next: 'page-2' }, { events: [] }], { device: secret, ...more })
  expect((await client.ownRecord())?.next).toBe('page-2')
  await client.ownRecord('page-2')
  expect(sent.map(({ url }) => url)).toEqual([
    'https://ledger.example/v1/me/download?key=site_1',
    'https://ledger.example/v1/me/download?key=site_1&after=page-2',
  ])
  for (const { init } of sent) expect(init.headers).toEqual({ authorization })
})

it('makes the device its secret first, when it has none', async () => {
  const { client, sent } = aPage([{ consents: [] }, { events: [] }], {})
  await client.ownRecord()
  expect(sent.map(({ init }) => new Headers(init.headers).get('authorization'))).toEqual([
    expect.stringMatching(/^Device [0-9a-f]{48}$/),
    new Headers(sent[0]?.init.headers).get('authorization'),
  ])
})

it('asks for erasure, and says that it is done when the ledger no longer knows who asked', async () => {
  const { client, sent } = aPage([{ requests: [] }, { requests: [request] }, { requests: [request] }, { requests: [] }])
  expect(await client.erasureRequests()).toEqual({ requests: [], isDone: false })
  expect(await client.askErasure()).toEqual({ requests: [request], isDone: false })
  expect(sent[1]).toMatchObject({
    url: 'https://ledger.example/v1/me/erasure-requests?key=site_1',
    init: { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
  })
  expect((await client.erasureRequests())?.isDone).toBe(false)
  expect(await client.erasureRequests()).toEqual({ requests: [], isDone: true })
})

it('keeps apart which of several accounts asked', async () => {
  let sub = 'kim'
  const { client } = aPage([{ requests: [request] }, { requests: [] }, { requests: [] }], { token: () => tokenOf(sub) })
  await client.askErasure()
  sub = 'lo'
  expect(await client.erasureRequests()).toEqual({ requests: [], isDone: false })
  sub = 'kim'
  expect(await client.erasureRequests()).toEqual({ requests: [], isDone: true })
})

it('forgets an erasure once the person has events again, so that they can ask again', async () => {
  const event = { receiptId: 'one' }
  const { client } = aPage([
    { requests: [request] },
    { events: [event], erasureRequests: [request] },
    { requests: [] },
    { events: [event], erasureRequests: [] },
    { requests: [] },
  ])
  await client.askErasure()
  await client.ownRecord()
  expect((await client.erasureRequests())?.isDone).toBe(true)
  await client.ownRecord()
  expect((await client.erasureRequests())?.isDone).toBe(false)
})

it('reports a refusal, and returns nothing', async () => {
  const { client, errors } = aPage([{ code: 'rate-limited' }])
  expect(await client.askErasure()).toBeUndefined()
  expect(errors).toEqual(['rate-limited'])
})
