/** What HTTP (RFC 9110) promises of every route, read off the route table: HEAD, methods that a path does not answer, credentials first. */
import { beforeAll, describe, expect, test } from 'vitest'
import { methodsOf } from '../../functions/http/path-methods.ts'
import { routes } from '../../functions/served-routes.ts'
import { fallback } from '../../shared/api/route-key.ts'
import type { Access, Route } from '../../shared/api/routes.ts'
import { bearer, device, noon, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
const secret = aDeviceSecret()
beforeAll(async () => {
  ledger.setClock(noon)
  await record(ledger, visitorEvent(ledger, secret))
})

const all: readonly Route[] = routes
const parameters: Readonly<Record<string, () => string>> = {
  controller: () => 'ljungsten',
  policyId: () => 'cookie-policy',
  version: () => '2',
  siteKey: () => siteKeyOf(ledger, 'ljungsten/web'),
  file: () => 'banner.js',
  type: () => 'terms',
}
const pathOf = ({ path }: Route) => path.replaceAll(/\{(\w+)\+?\}/g, (_, name) => parameters[name]?.() ?? 'x')
const withKey = (path: string) => `${path}?key=${siteKeyOf(ledger, 'ljungsten/web')}`

describe('HEAD', () => {
  /** Headers that belong to the connection or to one answer, and not to the resource. */
  const own = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding', 'date', 'apigw-requestid'])
  const headersOf = (response: Response) => [...response.headers].filter(([name]) => !own.has(name))

  test.each(all.filter(({ method }) => method === 'GET').map((route) => [route.path, route] as const))(
    '%s is answered as GET is, without a body',
    async (_, route) => {
      const needsKey = ['site', 'subject'].includes(route.access) && !route.path.startsWith('/c15t/')
      const path = ledger.url + (needsKey ? withKey(pathOf(route)) : pathOf(route))
      const headers = route.access === 'subject' ? device(secret) : {}
      const get = await fetch(path, { headers })
      const head = await fetch(path, { method: 'HEAD', headers })
      expect(head.status).toBe(get.status)
      expect(headersOf(head)).toEqual(headersOf(get))
      expect(await head.text()).toBe('')
      expect(await get.text()).not.toBe('')
    },
  )
})

describe('a method that a path does not answer', () => {
  test.each([...new Set(all.map(({ path }) => path))])('%s is answered 405 with what it does answer', async (path) => {
    const given = pathOf({ ...fallback, path })
    const answer = await ledger.send(given, { method: 'DELETE' })
    const expected = all.filter((route) => route.path === path).map(({ method }) => method)
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe(methodsOf(given).join(', '))
    expect(methodsOf(given)).toEqual(expect.arrayContaining(expected))
  })

  test('is not answered 405 where there is no path', async () => {
    expect(await ledger.send('/v1/nothing', { method: 'DELETE' })).toMatchObject({ status: 404 })
  })
})

describe('a caller without a credential', () => {
  const guarded: readonly Access[] = ['subject', 'audit', 'administration', 'erasure', 'ledger']
  const routesOf = all.filter(({ access }) => guarded.includes(access)).map((route) => [route.method, route] as const)

  test.each(routesOf)('%s %o is refused before what it sends is looked at', async (method, route) => {
    const body = method === 'GET' ? undefined : '{"no": "such form"'
    const answer = await ledger.send(`${withKey(pathOf(route))}&such=query`, { method, body })
    expect(answer.status).toBe(401)
  })

  test.each(['/v1/audit/proofs', '/v1/erasures'])('whose token is for another controller: %s', async (path) => {
    const token = await ledger.token('consent.audit consent.erase', 'tallmo')
    const answer = await ledger.post(path, { controller: 'ljungsten', no: 'such form' }, bearer(token))
    expect(answer.status).toBe(401)
  })
})

test('an encoded body is refused for its encoding', async () => {
  const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' }
  const answer = await ledger.send(withKey('/v1/events'), { method: 'POST', headers, body: '{}' })
  expect(answer).toMatchObject({ status: 415, json: { code: 'unsupported-media-type', allowed: ['identity'] } })
})

test('a page that the API makes runs nothing, and no media type is guessed', async () => {
  const path = '/v1/controllers/ljungsten/policies/cookie-policy/diff?from=1&to=2&format=html'
  const { headers } = await ledger.get(path)
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
  for (const each of [path, '/v1/nothing', '/openapi.json', '/console/preferences', '/log/ljungsten/checkpoint'])
    expect((await ledger.get(each)).headers.get('x-content-type-options'), each).toBe('nosniff')
})
