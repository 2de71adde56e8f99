/** Leaving for the identity provider: what is kept for the return belongs to the address that the browser goes to. */
import { afterEach, expect, it, vi } from 'vitest'
import { beginSignIn } from '../../../../functions/console/shell/sign-in.ts'

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
