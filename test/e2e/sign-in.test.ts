/**
 * Signing in to the console at the development issuer, over real HTTP: the whole code flow as a maintained client does it. What is refused is in
 * `sign-in-refusals.test.ts`.
 */
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleConsole } from '../../infra/bundle/console.ts'
import { consoleConfig } from '../../shared/api/schemas/console-config.ts'
import { choose, configFor, exchange, insecure, postChoice, startSignIn, ticketOn } from '../support/console-sign-in.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
beforeAll(async () => {
  await bundleConsole()
  ledger = await startLedger()
})
afterAll(() => ledger.close())

const question = { controller: 'ljungsten', subject: { type: 'email', id: 'kim@example.org' } }
const ask = (token: string) => ledger.post('/v1/audit/consents', question, { authorization: `Bearer ${token}` })
const get = (address: URL | string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(address, { redirect: 'manual', headers })

describe('config.json', () => {
  it('names the controllers that trust the issuer of this machine, by name, and where to sign in', async () => {
    const config = consoleConfig.parse((await ledger.get('/console/config.json')).json)
    expect(config.controllers.map(({ controller, name, audience }) => [controller, name, audience])).toEqual([
      ['ljungsten', expect.stringContaining('Ljungsten'), 'consent-ledger/ljungsten'],
      ['tallmo', expect.stringContaining('Tallmo'), 'consent-ledger/tallmo'],
    ])
    expect(config.controllers[0]).toMatchObject({
      issuer: 'urn:consent-ledger:development-issuer',
      authorizationEndpoint: `${ledger.url}/development/authorize`,
      tokenEndpoint: `${ledger.url}/development/token`,
    })
  })

  it('is not kept, and needs no further origin in the page’s policy', async () => {
    expect((await ledger.get('/console/config.json')).headers.get('cache-control')).toBe('no-cache')
    expect((await ledger.get('/console/')).headers.get('content-security-policy')).toContain("connect-src 'self';")
  })
})

describe('the code flow', () => {
  it('the auditor signs in, and questions are answered', async () => {
    const started = await startSignIn(ledger.url, 'consent.audit')
    const tokens = await exchange(started, await choose(ledger.url, started, { as: 'auditor' }))
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'consent.audit', expires_in: 3600 })
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: 'urn:consent-ledger:development-issuer',
      aud: 'consent-ledger/ljungsten',
      sub: 'auditor@ljungsten.example',
      scope: 'consent.audit',
    })
    expect((await ask(tokens.access_token)).status).toBe(200)
  })

  it('the auditor of the second controller, too, and of that one alone', async () => {
    const started = await startSignIn(ledger.url, 'consent.audit', {}, await configFor(ledger.url, 'tallmo'))
    const { access_token } = await exchange(started, await choose(ledger.url, started, { as: 'auditor' }))
    const headers = { authorization: `Bearer ${access_token}` }
    const asked = { ...question, controller: 'tallmo' }
    expect((await ledger.post('/v1/audit/consents', asked, headers)).status).toBe(200)
    expect((await ask(access_token)).status).toBe(401)
  })

  it('the administrator administers, and does not audit', async () => {
    const started = await startSignIn(ledger.url, 'consent.audit consent.admin consent.hold')
    const { access_token, scope } = await exchange(started, await choose(ledger.url, started, { as: 'administrator' }))
    expect(scope).toBe('consent.admin consent.hold')
    const sites = await ledger.get('/v1/controllers/ljungsten/sites', { authorization: `Bearer ${access_token}` })
    expect(sites.status).toBe(200)
    expect((await ask(access_token)).status).toBe(403)
  })

  it('someone else gets the scopes that were ticked, of those that were asked for', async () => {
    const started = await startSignIn(ledger.url, 'consent.audit consent.admin')
    const ticket = await ticketOn(await get(started.address))
    const form = new URLSearchParams({ ticket, as: 'other', subject: ' kim ' })
    for (const scope of ['consent.audit', 'consent.erase', 'ledger.admin']) form.append('scope', scope)
    const answer = await postChoice(ledger.url, form)
    const tokens = await exchange(started, new URL(answer.headers.get('location') ?? ''))
    expect(tokens.scope).toBe('consent.audit')
    expect(decodeJwt(tokens.access_token).sub).toBe('kim')
  })

  it('who cancels comes back with an error', async () => {
    const started = await startSignIn(ledger.url, 'consent.audit')
    const callback = await choose(ledger.url, started, { as: 'nobody' })
    expect(() => oauth.validateAuthResponse(started.server, started.client, callback, started.state)).toThrow(
      oauth.AuthorizationResponseError,
    )
    expect(callback.searchParams.get('error')).toBe('access_denied')
  })

  it('with openid: an ID token for the console, which is no token for a controller', async () => {
    const issuer = new URL('urn:consent-ledger:development-issuer')
    const found = await fetch(`${ledger.url}/development/.well-known/openid-configuration`)
    const server = await oauth.processDiscoveryResponse(issuer, found)
    const nonce = oauth.generateRandomNonce()
    const started = await startSignIn(ledger.url, 'openid consent.audit', { nonce })
    const callback = await choose(ledger.url, started, { as: 'auditor' })
    const parameters = oauth.validateAuthResponse(server, started.client, callback, started.state)
    const { client, redirectUri, verifier } = started
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      redirectUri,
      verifier,
      insecure,
    )
    const checks = { expectedNonce: nonce, requireIdToken: true }
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, checks)
    await oauth.validateApplicationLevelSignature(server, answer, insecure)
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'auditor@ljungsten.example' })
    expect((await ask(tokens.id_token ?? '')).status).toBe(401)
    expect((await ask(tokens.access_token)).status).toBe(200)
  })
})

describe('the page', () => {
  it.each([
    ['en', 'Choose who to be', 'is for development'],
    ['sv', 'Välj vem du är', 'är till för utveckling'],
  ])(
    'in %s: says that it is for development; runs nothing, leaks nothing and is framed by nobody',
    async (language, title, notice) => {
      const { address } = await startSignIn(ledger.url, 'consent.audit')
      const page = await get(address, { 'accept-language': language })
      const text = await page.text()
      expect(page.status).toBe(200)
      expect(text).toContain(`<html lang="${language}">`)
      for (const words of [title, notice, 'Ljungsten', 'auditor@ljungsten.example']) expect(text).toContain(words)
      expect(text).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=/)
      expect(page.headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      )
      expect(page.headers.get('cache-control')).toBe('no-store')
      expect(page.headers.get('access-control-allow-origin')).toBeNull()
      expect((await get(`${ledger.url}/development/sign-in.css`)).headers.get('content-type')).toContain('text/css')
    },
  )

  it('offers nobody whose scopes were not asked for', async () => {
    const { address } = await startSignIn(ledger.url, 'consent.audit')
    expect(await (await get(address)).text()).not.toContain('administrator@')
  })
})

describe('for others than programs on this machine it does not exist', () => {
  const paths = ['authorize', 'jwks.json', '.well-known/openid-configuration', 'sign-in.css']
  it.each([
    ['behind a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['behind a proxy that says so', { forwarded: 'for=203.0.113.9' }],
  ])('%s', async (_, headers) => {
    for (const path of paths) expect((await ledger.get(`/development/${path}`, headers)).status, path).toBe(404)
    const { json } = await ledger.get('/console/config.json', headers)
    expect(json).toEqual({ controllers: [] })
  })
})

it('with a provider of its own, the page may call that provider and no other', async () => {
  const acme = { controller: 'acme', name: 'Acme AB', clientId: 'console', audience: 'consent-ledger/acme' }
  const discovered = { ...acme, issuer: 'https://login.example.com/tenant' }
  const named = {
    ...{ ...acme, controller: 'grytan', issuer: 'https://cognito.example' },
    authorizationEndpoint: 'https://auth.example.net/authorize',
    tokenEndpoint: 'https://auth.example.net/token',
  }
  const served = { consoleConfig: { controllers: [discovered, named] }, developmentSignIn: false }
  const other = await startLedger({ served })
  const policyOf = async (path: string) => (await other.get(path)).headers.get('content-security-policy')
  const own = "connect-src 'self' https://login.example.com https://auth.example.net;"
  expect(await policyOf('/console/')).toContain(own)
  expect(await policyOf('/console/index.html')).toContain(own)
  expect(await policyOf('/console/preferences')).toContain("connect-src 'self';")
  expect((await other.get('/console/config.json')).json).toEqual(served.consoleConfig)
  await other.close()
})

it('where it is off, it does not exist, and nobody signs in', async () => {
  const other = await startLedger({ served: { developmentSignIn: false } })
  expect((await other.get('/development/authorize')).status).toBe(404)
  expect((await other.post('/development/token', {})).status).toBe(404)
  expect((await other.get('/console/config.json')).json).toEqual({ controllers: [] })
  await other.close()
})
