/** The public pages over HTTP: what they say in which language, their caching, their other forms, and what leads nowhere. */
import { beforeAll, describe, expect, it } from 'vitest'
import { world } from '../../infra/demo/world/world.ts'
import { administer, noon } from '../support/demo-calls.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeAll(() => ledger.setClock(noon))

const swedish = { 'accept-language': 'sv-SE,sv;q=0.9,en;q=0.5' }
const policy = '/policies/ljungsten/cookie-policy'

/** The words of a page, without its tags. */
const wordsOf = (page: string) =>
  page
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

describe('the policies of a controller', () => {
  it('are listed with their versions in force, and with who is responsible', async () => {
    const { status, headers, text } = await ledger.get('/policies/ljungsten')
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    for (const policyId of ['cookie-policy', 'privacy-policy', 'general-terms'])
      expect(text).toContain(`href="/policies/ljungsten/${policyId}?lang=en"`)
    expect(wordsOf(text)).toContain('Version 2 · In force since 1 June 2025')
    expect(wordsOf(text)).toContain('integritet@ljungsten.example')
    expect(wordsOf(text)).toContain('a living person')
  })

  it('may be none', async () => {
    expect((await ledger.get('/policies/nobody')).status).toBe(404)
  })
})

describe('a policy', () => {
  it('is shown in the version in force, with date, hash, declarations and other versions', async () => {
    const { text } = await ledger.get(policy)
    const { json } = await ledger.get('/v1/controllers/ljungsten/policies/cookie-policy')
    const { sha256 } = json.texts.find((each: { locale: string }) => each.locale === 'en')
    expect(text).toContain('<html lang="en">')
    expect(text).toMatch(/<h1>[^<]*[Cc]ookie[^<]*<\/h1>/)
    expect(text).toContain(`<code class="hash">${sha256}</code>`)
    const words = wordsOf(text)
    expect(words).toContain('Version 2 · In force since 1 June 2025 · published on')
    expect(words).toContain('Version 3 comes into force on 1 March 2027.')
    for (const declared of ['Necessary cookies', 'lj_session', 'A legitimate interest', 'Without it each page'])
      expect(words).toContain(declared)
    for (const version of ['1', '2', '3']) expect(text).toContain(`href="${policy}/versions/${version}?lang=en"`)
    expect(text.match(/<h1/g)).toHaveLength(1)
    expect(text).not.toContain('<script')
  })

  it.each([
    ['/versions/1', 'This version is no longer in force.', 'Was in force from 1 March 2024 to 1 June 2025'],
    [
      '/versions/3',
      'This version is not in force yet. It comes into force on 1 March 2027.',
      'In force from 1 March 2027',
    ],
  ])('at %s says how it stands', async (path, notice, statement) => {
    const words = wordsOf((await ledger.get(policy + path)).text)
    expect(words).toContain(notice)
    expect(words).toContain(statement)
  })

  it.each([
    ['the address', '?lang=sv', {}],
    ['the browser', '', swedish],
    ['the address before the browser', '?lang=sv', { 'accept-language': 'en' }],
  ])('is in the language of %s', async (_, query, headers) => {
    const page = await ledger.get(policy + query, headers)
    expect(page.text).toContain('<html lang="sv">')
    expect(wordsOf(page.text)).toContain('Gäller sedan 1 juni 2025')
    expect(wordsOf(page.text)).toContain('Nödvändiga cookies')
    expect(page.text).not.toContain('lang="sv-SE"')
    expect(page.headers.get('vary')).toContain('accept-language')
  })

  it('in a language that nobody wrote is in another, marked with its own', async () => {
    const { text } = await ledger.get(policy, { 'accept-language': 'de' })
    expect(text).toContain('<html lang="en">')
  })

  it('links to the preference centre of a site that the ledger’s own pages may write for, and to none otherwise', async () => {
    expect((await ledger.get(policy)).text).not.toContain('/console/preferences')
    const made = await administer(ledger, '/sites', {
      site: 'hosted',
      kind: 'web',
      name: 'Hosted',
      origins: [ledger.url],
    })
    // Longer than an instance remembers what sites there are.
    ledger.setClock('2026-11-22T12:01:00.000Z')
    expect((await ledger.get(policy)).text).toContain(`/console/preferences?key=${made.json.key}&amp;lang=en`)
  })
})

describe('caching', () => {
  it.each(['/policies/ljungsten', policy, `${policy}/versions/1`, `${policy}/diff?from=1&to=2`, `${policy}/feed.atom`])(
    '%s is not sent again to a client that has it',
    async (path) => {
      const { headers } = await ledger.get(path)
      expect(headers.get('cache-control')).toBe('public, max-age=30')
      const again = await ledger.get(path, { 'if-none-match': headers.get('etag') ?? '' })
      expect([again.status, again.text]).toEqual([304, ''])
      const inSwedish = await ledger.get(path, { ...swedish, 'if-none-match': headers.get('etag') ?? '' })
      expect(inSwedish.status).toBe(200)
    },
  )

  it('lets pages run no script, load nothing foreign, and be framed by nobody', async () => {
    const { headers } = await ledger.get(policy)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('a difference', () => {
  it('shows the words that changed, and the purposes by their titles', async () => {
    const { text } = await ledger.get(`${policy}/diff?from=1&to=2`)
    expect(text).toMatch(/<ins>[^<]+<\/ins>/)
    expect(text).toMatch(/<del>[^<]+<\/del>/)
    expect(wordsOf(text)).toContain('Purposes that change')
    expect(wordsOf(text)).not.toContain('dataCategories')
    expect(text).toContain('<summary lang="en">')
    expect(wordsOf(text)).toContain('lup_visit · holds the visit together')
    expect(wordsOf(text)).not.toMatch(/\*|\|---/)
  })

  it('of a version and itself is none', async () => {
    expect(wordsOf((await ledger.get(`${policy}/diff?from=2&to=2`)).text)).toContain('The text is the same.')
  })
})

it('a version that was retracted says so, in its page, in the list and in the feed', async () => {
  const latest = world.ljungsten.publications.findLast(({ draft }) => draft.policyId === 'general-terms')?.draft
  const terms = '/policies/ljungsten/general-terms'
  const draft = {
    ...latest,
    policyId: undefined,
    version: '4',
    level: 'minor',
    changes: [],
    effectiveFrom: '2027-06-01T00:00:00.000Z',
  }
  const published = await administer(ledger, '/policies/general-terms/versions', draft)
  expect(published.status, published.text).toBe(201)
  const retraction = { version: '4', reason: 'a mistake' }
  expect((await administer(ledger, '/policies/general-terms/retractions', retraction)).status).toBe(201)
  ledger.setClock('2026-11-22T12:05:00.000Z')
  const said = 'was retracted on 22 November 2026 and never came into force'
  expect(wordsOf((await ledger.get(`${terms}/versions/4`)).text)).toContain(said)
  expect(wordsOf((await ledger.get(terms)).text)).toContain('Version 4 retracted')
  expect((await ledger.get(`${terms}/feed.atom`)).text).toContain(said)
})

describe('other forms', () => {
  it.each([
    ['by the address', `${policy}?format=jsonld`, {}],
    ['by the header', policy, { accept: 'application/ld+json' }],
  ])('JSON-LD is asked for %s', async (_, path, headers) => {
    const { headers: answered, text } = await ledger.get(path, headers)
    expect(answered.get('content-type')).toBe('application/ld+json')
    const document = JSON.parse(text)
    expect(document).toMatchObject({
      '@context': { '@vocab': 'https://schema.org/', dpv: 'https://w3id.org/dpv#' },
      '@id': `${policy}/versions/2`,
      version: '2',
      publisher: { name: 'Ljungsten Inkasso AB' },
    })
    const [statistics] = document['dpv:hasProcess'].filter(
      (each: { identifier: string }) => each.identifier === 'statistics',
    )
    expect(statistics['dpv:hasLegalBasis']).toEqual({ '@id': 'dpv:Consent' })
    for (const { contentUrl, sha256 } of document.encoding) expect(contentUrl).toBe(`/v1/texts/${sha256}`)
  })

  it('the feed has every version, newest first', async () => {
    const { headers, text } = await ledger.get(`${policy}/feed.atom`, swedish)
    expect(headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
    const ids = [...text.matchAll(/<id>([^<]+)<\/id>/g)].map(([, id]) => id)
    const ofVersion = (version: string) => `urn:consent-ledger:version:ljungsten:cookie-policy:${version}`
    expect(ids).toEqual(['urn:consent-ledger:policy:ljungsten:cookie-policy', ...['3', '2', '1'].map(ofVersion)])
    expect(text).toContain('<title>Cookiepolicy')
  })

  it('a page names both', async () => {
    const { text } = await ledger.get(policy)
    expect(text).toMatch(
      /<link rel="alternate" type="application\/ld\+json" title="[^"]+" href="[^"]+\?format=jsonld">/,
    )
    expect(text).toMatch(
      new RegExp(`<link rel="alternate" type="application/atom\\+xml" title="[^"]+" href="${policy}/feed.atom`),
    )
  })
})

describe('an address that leads nowhere', () => {
  it.each([
    ['/policies/nobody', 404],
    ['/policies/ljungsten/nothing', 404],
    [`${policy}/versions/99`, 404],
    [`${policy}/diff?from=1&to=99`, 404],
    ['/policies/ljungsten/nothing/feed.atom', 404],
    [`${policy}/diff`, 400],
    [`${policy}?format=pdf`, 400],
  ])('%s is answered %i with a page', async (path, status) => {
    const page = await ledger.get(path, swedish)
    expect([page.status, page.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8'])
    expect(page.text).toMatch(status === 404 ? /<h1>Sidan finns inte<\/h1>/ : /<h1>Adressen går inte att förstå<\/h1>/)
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  it('leads on to the policies of a controller that there is, and not to one that there is not', async () => {
    const { text } = await ledger.get('/policies/ljungsten/nothing/at/all', swedish)
    expect(text).toContain('<a href="/policies/ljungsten?lang=sv">Den ansvariges policyer</a>')
    expect((await ledger.get('/policies/nobody/cookie-policy', swedish)).text).not.toContain('/policies/nobody')
  })
})
