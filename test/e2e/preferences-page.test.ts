/** The page of the hosted preference centre: whose it is, the way back to the site, what it says without a script, and to whom it is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleConsole } from '../../infra/bundle/console.ts'
import { administer } from '../support/demo-calls.ts'
import { type Reply, type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let key: string
beforeAll(async () => {
  await bundleConsole()
  ledger = await startLedger({ clockOnlyGoesOn: true })
  key = await keyOf('shop', [ledger.url, 'http://localhost:3000', 'https://www.shop.example', 'https://m.shop.example'])
})
afterAll(() => ledger.close())

async function keyOf(site: string, origins: readonly string[]): Promise<string> {
  const made = await administer(ledger, '/sites', { site, kind: 'web', name: site, origins })
  expect(made.status, made.text).toBe(201)
  return made.json.key
}

const pageOf = (query: Readonly<Record<string, string>>, headers = {}): Promise<Reply> =>
  ledger.get(`/console/preferences?${new URLSearchParams(query)}`, headers)
const links = ({ text }: Reply) =>
  [...text.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'))

it('names the controller, how to reach it and its authority, in the reader’s language', async () => {
  const english = await pageOf({ key, lang: 'en' })
  expect(english.status).toBe(200)
  expect(english.text).toContain('<title>Your privacy choices – Ljungsten Inkasso AB</title>')
  expect(english.text).toContain('href="mailto:integritet@ljungsten.example"')
  expect(english.text).toContain('You may complain to Integritetsskyddsmyndigheten (IMY)')
  const swedish = await pageOf({ key }, { 'accept-language': 'sv-SE,sv;q=0.9' })
  expect(swedish.text).toContain('<html lang="sv">')
  expect(swedish.text).toContain('<title>Dina integritetsval – Ljungsten Inkasso AB</title>')
})

it('runs its own script alone, is framed by nobody and kept by no shared cache', async () => {
  const { headers } = await pageOf({ key })
  expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(headers.get('cache-control')).toBe('private, no-cache')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
})

describe('the way back', () => {
  it.each([
    ['the site’s address with HTTPS', {}, {}, 'https://www.shop.example'],
    ['the origin that the person came from', {}, { referer: 'https://m.shop.example/a?b' }, 'https://m.shop.example'],
    ['the origin in the address', { from: 'http://localhost:3000' }, {}, 'http://localhost:3000'],
    [
      'none that is not the site’s',
      { from: 'https://evil.example' },
      { referer: 'https://evil.example/' },
      'https://www.shop.example',
    ],
    ['no script', { from: 'javascript:alert(1)' }, {}, 'https://www.shop.example'],
  ] as const)('is %s', async (_, query, headers, back) => {
    const found = links(await pageOf({ key, lang: 'en', ...query }, headers))
    expect(found.filter((href) => /^(?!mailto:)[a-z]+:/.test(href))).toEqual([back, back])
    // The other language keeps it.
    expect(found).toContain(`/console/preferences?${new URLSearchParams({ key, lang: 'sv', from: back })}`)
  })

  it('is not there for a site without an address of its own', async () => {
    const found = links(await pageOf({ key: await keyOf('app', [ledger.url]) }))
    expect(found.filter((href) => /^https?:/.test(href))).toEqual([])
  })
})

it('says how to decide without a script, and links the policies in force', async () => {
  const page = await pageOf({ key, lang: 'sv' })
  const [, plain = ''] = /<noscript>(.*)<\/noscript>/s.exec(page.text) ?? []
  expect(plain).toContain('<h1>Dina integritetsval</h1>')
  expect(plain).toContain('Skriv och säg nej, ta tillbaka ett ja eller invänd.')
  expect(plain).toContain('mailto:integritet@ljungsten.example')
  for (const [policyId, title] of [
    ['cookie-policy', 'Cookiepolicy'],
    ['privacy-policy', 'Integritetspolicy'],
    ['general-terms', 'Allmänna villkor'],
  ])
    expect(plain).toContain(`<a href="/policies/ljungsten/${policyId}?lang=sv">${title}</a>`)
})

it.each([
  ['no key', {}],
  ['what is no key', { key: '"><script>alert(1)</script>' }],
  ['a key that no site has', { key: `site_ljungsten_web_${'A'.repeat(22)}` }],
  ['a key of a controller that is not here', { key: `site_nobody_web_${'A'.repeat(22)}` }],
] as const)('is a page that says what to do for %s', async (_, query) => {
  const page = await pageOf({ lang: 'en', ...query })
  expect(page.status).toBe(404)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.text).toContain('<h1>No website belongs to this address</h1>')
  expect(page.text).not.toContain('<script')
})

it('an icon is where browsers look for one', async () => {
  const { status, headers } = await ledger.get('/favicon.ico')
  expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
})
