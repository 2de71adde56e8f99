/** What a person sees whose address no page can answer, and what programs get there: status, language, ways on, and nothing of the address. */
import { describe, expect, it } from 'vitest'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()

/** As browsers ask when a person opens an address. */
const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' }

describe('a browser', () => {
  it.each([
    ['/nothing', 404, 'This page does not exist'],
    ['/console/nothing', 404, 'This page does not exist'],
    ['/console/nothing/at/all', 404, 'This page does not exist'],
    ['/reference/nothing', 404, 'This page does not exist'],
    ['/policies/', 404, 'This page does not exist'],
    ['/policies/ljungsten/cookie-policy/versions/2/more', 404, 'This page does not exist'],
    ['/policies/ljungsten/cookie-policy?format=pdf', 400, 'This address is not understood'],
    [`/policies/${'a'.repeat(2000)}`, 404, 'This page does not exist'],
  ])('that opens %s gets a page with status %i', async (path, status, title) => {
    const { headers, text, ...found } = await ledger.get(path, browser)
    expect([found.status, headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8'])
    expect(text).toContain(`<h1>${title}</h1>`)
    expect(text).toContain('<a href="/?lang=en">The front page</a>')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self';/)
    expect(text.length).toBeLessThan(4_000)
  })

  it('gets it in its language, or in that of the address', async () => {
    const inSwedish = { ...browser, 'accept-language': 'sv-SE,sv;q=0.9' }
    const page = await ledger.get('/nothing', inSwedish)
    expect(page.text).toContain('<h1>Sidan finns inte</h1>')
    expect([page.headers.get('content-language'), page.headers.get('vary')]).toEqual([
      'sv',
      expect.stringContaining('accept-language'),
    ])
    expect((await ledger.get('/nothing?lang=en', inSwedish)).text).toContain('<html lang="en">')
  })

  it('is told that a page takes nothing, and which methods there are', async () => {
    const answer = await fetch(`${ledger.url}/policies/ljungsten`, { method: 'POST', headers: browser, body: 'a=1' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect(await answer.text()).toContain('<h1>This address only shows a page</h1>')
  })

  it.each([
    '/%22%3E%3Cscript%3Ealert(1)%3C/script%3E',
    '/policies/%3Cimg%20src=x%20onerror=alert(1)%3E/x',
    '/policies/"><svg onload=alert(1)>/y',
    "/console/'-alert(1)-'",
    '//evil.example/policies/x',
    '/policies//evil.example/x',
    '/nothing?lang="><script>alert(1)</script>',
  ])('gets nothing of the address %s back', async (path) => {
    const { status, text } = await ledger.get(path, browser)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(text).not.toMatch(/alert|onerror|onload|evil/)
  })

  it('gets the problem document at an address of programs', async () => {
    for (const path of ['/v1/nothing', '/log/nobody/checkpoint', '/v1/controllers/nobody/policies'])
      expect((await ledger.get(path, browser)).headers.get('content-type')).toBe('application/problem+json')
  })
})

describe('a program', () => {
  it.each([
    ['/nothing', { accept: '*/*' }],
    ['/console/nothing', { accept: '*/*' }],
    ['/console/nothing', { accept: 'application/json' }],
    ['/policies/nobody', { accept: 'application/json' }],
    ['/policies/nobody', { accept: 'application/problem+json' }],
  ])('that asks for %s with %o gets the problem document', async (path, headers) => {
    const { text, ...found } = await ledger.get(path, headers)
    expect([found.status, found.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
    expect(JSON.parse(text)).toMatchObject({ code: 'not-found', status: 404 })
  })

  it('that asks for a page without naming a type gets the page', async () => {
    expect((await ledger.get('/policies/nobody', { accept: '*/*' })).headers.get('content-type')).toContain('text/html')
  })
})
