/** The front page and the API reference over HTTP: who gets which form, in which language, with which headers. */
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleConsole } from '../../infra/bundle/console.ts'
import { bundleReference } from '../../infra/bundle/reference.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeAll(() => Promise.all([bundleConsole(), bundleReference()]))

describe('/', () => {
  it('answers a browser with a page that runs nothing and leads to what there is', async () => {
    const { status, headers, text } = await ledger.get('/', { accept: 'text/html,*/*;q=0.8' })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    )
    expect(headers.get('vary')).toBe('accept, accept-language, origin, accept-encoding')
    expect(headers.get('cache-control')).toBe('public, max-age=300')
    expect(text).not.toContain('<script')
    expect(text).not.toMatch(/ style=| on\w+=/)
    for (const href of ['/console/icon.svg', '/console/public.css'])
      expect((await fetch(ledger.url + href)).status, href).toBe(200)
    for (const href of ['/console/', '/console/#/verify', '/reference', '/openapi.json'])
      expect(text).toContain(`href="${href}"`)
  })

  it.each([
    ['/', 'sv-SE,sv;q=0.9,en;q=0.8', 'sv'],
    ['/', 'de', 'en'],
    ['/', '', 'en'],
    ['/?lang=en', 'sv', 'en'],
    ['/?lang=sv', 'en', 'sv'],
    ['/?lang=%3Cscript%3E', 'sv', 'en'],
  ])('%s for a reader of "%s" is in %s', async (path, accepted, language) => {
    const { headers, text } = await ledger.get(path, { 'accept-language': accepted })
    expect(headers.get('content-language')).toBe(language)
    expect(text).toContain(`<html lang="${language}">`)
    expect(text).toContain(language === 'sv' ? '<h1>Samtyckesregister</h1>' : '<h1>Consent ledger</h1>')
  })

  it('answers a program with JSON, whose places exist', async () => {
    const { headers, json } = await ledger.get('/', { accept: 'application/json' })
    expect(headers.get('vary')).toBe('accept, accept-language, origin, accept-encoding')
    expect(json.name).toBe('consent-ledger')
    for (const place of ['openapi', 'reference', 'checkpoint', 'keys'])
      expect((await ledger.get(json.places[place].replace('{controller}', 'ljungsten'))).status, place).toBe(200)
  })

  it('is not sent again to a browser that has it', async () => {
    const etag = (await ledger.get('/')).headers.get('etag') ?? ''
    const ask = (path: string, tag: string) => fetch(ledger.url + path, { headers: { 'if-none-match': tag } })
    expect([(await ask('/', etag)).status, (await ask('/?lang=sv', etag)).status]).toEqual([304, 200])
    const head = await fetch(ledger.url, { method: 'HEAD' })
    expect([head.status, head.headers.get('etag')]).toEqual([200, etag])
  })

  it('refuses other methods by name', async () => {
    expect((await ledger.post('/', {})).status).toBe(405)
  })
})

describe('/reference', () => {
  it('runs its own script alone, which makes no markup of text and calls this ledger', async () => {
    const { status, headers, text } = await ledger.get('/reference')
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
    )
    expect(text).toContain('<noscript>')
    const addresses = [...text.matchAll(/ (?:src|href)="(\/reference\/[^"]+)"/g)].map(([, address = '']) => address)
    expect(addresses).toEqual(['/reference/reference.css', '/reference/reference.js'])
    for (const address of addresses) expect((await fetch(ledger.url + address)).status).toBe(200)
  })

  it.each([
    ['reference.js', 'text/javascript; charset=utf-8'],
    ['reference.css', 'text/css; charset=utf-8'],
    ['licences.txt', 'text/plain; charset=utf-8'],
  ])('%s is served in both codings, and once', async (file, type) => {
    const address = `${ledger.url}/reference/${file}`
    const plain = await fetch(address, { headers: { 'accept-encoding': 'identity' } })
    const packed = await fetch(address, { headers: { 'accept-encoding': 'gzip' } })
    expect([plain.headers.get('content-type'), plain.headers.get('content-encoding')]).toEqual([type, null])
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    const text = await plain.text()
    expect(await packed.text()).toBe(text)
    expect(text.length).toBeGreaterThan(1_000)
    const etag = plain.headers.get('etag') ?? ''
    expect(packed.headers.get('etag')).toBe(etag)
    const again = await fetch(address, { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  it('has no other files, whatever the path', async () => {
    for (const file of ['nothing.js', 'constructor', '..%2fconsole%2fbanner.js', 'reference.js.map'])
      expect((await ledger.get(`/reference/${file}`)).status, file).toBe(404)
  })
})
