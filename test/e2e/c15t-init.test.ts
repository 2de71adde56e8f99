/** Requests of a c15t client before it asks the person: preflights, `init` and `status`. */
import { beforeEach, describe, expect, test } from 'vitest'
import { C15tClient, pageOrigin } from '../support/c15t-calls.ts'
import { administer, noon, statusOfVisitor } from '../support/demo-calls.ts'
import { snippetsOf } from '../support/readme-snippets.ts'
import { siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
let client: C15tClient
beforeEach(() => {
  ledger.setClock(noon)
  client = new C15tClient(ledger)
})

const statusOf = (purposeId: string, subjectId = client.subjectId) => statusOfVisitor(ledger, subjectId, { purposeId })

test('a site is created with the names of the README', async () => {
  const request = snippetsOf('functions/c15t/README.md').get('site') ?? ''
  const [, path = ''] = /^POST \/v1\/controllers\/\{controller\}(\S+)$/m.exec(request) ?? []
  const site = JSON.parse(request.slice(request.indexOf('{ ')))
  const { status, json } = await administer(ledger, path, { ...site, site: 'readme' })
  expect([status, json.c15t]).toEqual([201, site.c15t])
})

describe('preflights', () => {
  test.each([
    ['/init', 'GET'],
    ['/subjects', 'POST'],
    ['/subjects/sub_111D6fDmTET4TfwFxNqjm63UMG', 'PATCH'],
  ])('%s %s', async (path, method) => {
    const { status, headers } = await client.preflight(path, method)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(pageOrigin)
    expect(headers.get('access-control-allow-credentials')).toBe('true')
    expect(headers.get('access-control-allow-methods')).toContain(method)
    expect(headers.get('access-control-allow-headers')?.toLowerCase().split(',')).toEqual(
      expect.arrayContaining(['content-type', 'x-c15t-version', 'x-request-id', 'authorization']),
    )
    expect(headers.get('access-control-max-age')).toBe('600')
    expect(headers.get('vary')).toContain('origin')
  })

  test.each([
    'https://evil.example',
    'null',
    `${pageOrigin}.evil.example`,
    `${pageOrigin}:444`,
    'http://www.ljungsten.example',
    'HTTPS://WWW.LJUNGSTEN.EXAMPLE',
  ])('a page of %s gets no answer but the reason, and stores nothing', async (origin) => {
    expect((await client.preflight('/subjects', 'POST', origin)).status).toBe(204)
    for (const reply of [
      await client.call('GET', '/init', undefined, { origin }),
      await client.post(client.submission({ marketing: true }), { origin }),
    ]) {
      expect([reply.status, reply.json.code]).toEqual([403, 'ORIGIN_NOT_ALLOWED'])
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
      expect(reply.headers.get('access-control-allow-credentials')).toBe('true')
    }
    expect((await statusOf('marketing-cookies')).status).toBe('Unknown')
  })

  test('no other route allows credentials', async () => {
    const path = `/v1/notices/cookie-policy?key=${siteKeyOf(ledger, 'ljungsten/web')}`
    const { headers } = await ledger.get(path, { origin: pageOrigin })
    expect(headers.get('access-control-allow-origin')).toBe(pageOrigin)
    expect(headers.get('access-control-allow-credentials')).toBeNull()
  })
})

describe('init', () => {
  test('asks what the policy in force declares, with nothing preselected, in the requested language', async () => {
    const { json } = await client.call('GET', '/init', undefined, { 'accept-language': 'sv-SE,sv;q=0.9,en;q=0.8' })
    expect(json.policy).toMatchObject({
      model: 'opt-in',
      consent: { scopeMode: 'strict', preselectedCategories: [], gpc: true },
      ui: { mode: 'banner' },
    })
    expect(json.policy.consent.categories.slice(0, 4)).toEqual([
      'necessary',
      'functionality',
      'measurement',
      'marketing',
    ])
    expect(json.translations.language).toBe('sv')
    expect(json.translations.translations.consentTypes.measurement.title).toBe('Statistik')
    expect(json.translations.translations.cookieBanner.description).toContain('Lupin Analytics')
    const { layout, primaryActions } = json.policy.ui.banner
    expect([layout[0], primaryActions.toSorted()]).toEqual([
      ['reject', 'accept'],
      ['accept', 'reject'],
    ])
  })

  test.each([
    ['de-DE,de;q=0.9', 'en', 'Statistics'],
    ['en-GB', 'en', 'Statistics'],
    [undefined, 'en', 'Statistics'],
    ['de,sv;q=0.5', 'sv', 'Statistik'],
  ])('for %s in %s', async (accepted, language, title) => {
    const headers = { 'accept-language': accepted ?? '*' }
    const { translations } = (await client.call('GET', '/init', undefined, headers)).json
    expect([translations.language, translations.translations.consentTypes.measurement.title]).toEqual([language, title])
  })

  test('no header says where the caller is', async () => {
    const there = {
      'x-c15t-country': 'US',
      'x-c15t-region': 'CA',
      'cf-ipcountry': 'US',
      'cloudfront-viewer-country': 'US',
    }
    const [here, claimed] = [await client.call('GET', '/init'), await client.call('GET', '/init', undefined, there)]
    expect({ ...claimed.json, policySnapshotToken: '' }).toEqual({ ...here.json, policySnapshotToken: '' })
    expect(claimed.json).toMatchObject({ jurisdiction: 'GDPR', location: { countryCode: null } })
  })

  test('the client asks again exactly when earlier consents no longer stand', async () => {
    const policyAt = async (at: string) => {
      ledger.setClock(at)
      return JSON.stringify((await client.call('GET', '/init')).json.policy)
    }
    const before = await policyAt('2025-05-30T12:00:00.000Z')
    const changed = await policyAt('2025-06-05T12:00:00.000Z')
    expect(changed).not.toBe(before)
    expect(await policyAt('2026-02-28T12:00:00.000Z')).toBe(changed)
    // Version 3 is minor: what was agreed to stands.
    expect(await policyAt('2027-03-02T12:00:00.000Z')).toBe(changed)
  })

  test('a site with nothing to ask shows no banner, and grants nothing', async () => {
    const draft = { site: 'silent', kind: 'web', name: 'Silent', origins: [pageOrigin], c15t: { purposes: {} } }
    const { key } = (await administer(ledger, '/sites', draft)).json
    const { policy } = (await ledger.get(`/c15t/${key}/init`, { origin: pageOrigin })).json
    expect(policy).toMatchObject({ model: 'opt-in', consent: { categories: ['necessary'] }, ui: { mode: 'none' } })
    const { status, json } = await ledger.post(`/c15t/${key}/subjects`, client.submission({ measurement: true }))
    expect([status, json.appliedPreferences]).toEqual([200, { necessary: true, measurement: false }])
  })

  test('a site without names of its own asks purposes by theirs', async () => {
    const draft = { site: 'plain', kind: 'web', name: 'Plain', origins: [pageOrigin] }
    const { key } = (await administer(ledger, '/sites', draft)).json
    const { json } = await ledger.get(`/c15t/${key}/init`, { origin: pageOrigin })
    expect(json.policy.consent.categories).toEqual(expect.arrayContaining(['necessary', 'preferences', 'statistics']))
    expect(json.policy.consent.categories).not.toContain('necessary-cookies')
    const body = client.submission({ statistics: true, preferences: false, marketing: true })
    const { appliedPreferences } = (await ledger.post(`/c15t/${key}/subjects`, body)).json
    expect(appliedPreferences).toEqual({ necessary: true, statistics: true, preferences: false, marketing: false })
  })
})

test('status returns the release, and nothing about the caller', async () => {
  const { json } = await client.call('GET', '/status')
  expect(json).toMatchObject({ version: '2.2.1', client: { ip: null, userAgent: null } })
})
