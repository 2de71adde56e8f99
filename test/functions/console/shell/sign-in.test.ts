/** Signing in: what is kept for the return belongs to the address that the browser goes to, and what was kept otherwise is no session. */
import { afterEach, expect, it, vi } from 'vitest'
import { beginSignIn, currentSession } from '../../../../functions/console/shell/sign-in.ts'

afterEach(() => vi.unstubAllGlobals())

const option = {
  ...{ controller: 'acme', name: 'Acme', clientId: 'console', audience: 'acme', issuer: 'https://login.example' },
  ...{ authorizationEndpoint: 'https://login.example/a', tokenEndpoint: 'https://login.example/t' },
}

it('of two presses, each goes to the provider with the state that is kept', async () => {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', { setItem: (name: string, text: string) => kept.set(name, text) })
  const seen: (readonly [gone: string | null, kept: string])[] = []
  const assign = (address: URL) =>
    seen.push([address.searchParams.get('state'), JSON.parse([...kept.values()][0] ?? '{}').state])
  vi.stubGlobal('location', { href: 'https://ledger.example/console/', origin: 'https://ledger.example', assign })
  await Promise.all([beginSignIn(option, 'auditor', '#/ask'), beginSignIn(option, 'auditor', '#/ask')])
  expect(seen).toHaveLength(2)
  for (const [gone, waiting] of seen) expect(gone).toBe(waiting)
})

const session = {
  controller: 'acme',
  name: 'Acme',
  token: 'a.b.c',
  scopes: ['consent.audit'],
  endsAt: Date.now() + 60_000,
}

it.each<[string, string | null, unknown]>([
  ['a session', JSON.stringify(session), session],
  ['nothing', null, undefined],
  ['what is no JSON', '{', undefined],
  ['another form', '{"token":"a.b.c"}', undefined],
  ['no form', 'null', undefined],
  ['one that has ended', JSON.stringify({ ...session, endsAt: 0 }), undefined],
])('%s', (_, kept, found) => {
  vi.stubGlobal('sessionStorage', { getItem: () => kept })
  expect(currentSession()).toEqual(found)
})
