/** Every way in which a stranger could bend the sign-in at the development issuer, over real HTTP. The good ways are in `sign-in.test.ts`. */
import { createHash } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choose, postChoice, type Started, startSignIn, ticketOn } from '../support/console-sign-in.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
beforeAll(async () => {
  ledger = await startLedger()
})
afterAll(() => ledger.close())

const get = (address: URL | string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(address, { redirect: 'manual', headers })

/** Asks for tokens with these parameters in the place of the right ones. */
async function token({ client, redirectUri, verifier }: Started, code: string, more: Record<string, string> = {}) {
  const right = { client_id: client.client_id, redirect_uri: redirectUri, code_verifier: verifier }
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, ...right, ...more })
  const answer = await fetch(`${ledger.url}/development/token`, { method: 'POST', body })
  return { status: answer.status, headers: answer.headers, json: await answer.json() }
}

const codeIn = (callback: URL) => callback.searchParams.get('code') ?? ''

describe('a request that is not the console’s leads nowhere', () => {
  it.each<[string, Record<string, string | null>]>([
    ['another address', { redirect_uri: 'https://evil.example/' }],
    ['another port', { redirect_uri: 'http://127.0.0.1:1/console/' }],
    ['another name of this machine', { redirect_uri: 'http://localhost.evil.example/console/' }],
    ['no address', { redirect_uri: null }],
    ['a path that leads on', { redirect_uri: 'http://127.0.0.1/console/../v1/events' }],
    ['another client', { client_id: 'evil' }],
    ['no client', { client_id: null }],
  ])('%s', async (_, more) => {
    const { address } = await startSignIn(ledger.url, 'consent.audit', more)
    const answer = await get(address)
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    expect(await answer.text()).not.toContain('evil')
  })

  it.each(['?a', '#a', '/', '%2f..', '@evil.example', '\\evil.example'])('its own address and %s', async (more) => {
    const { address } = await startSignIn(ledger.url, 'consent.audit', {
      redirect_uri: `${ledger.url}/console/${more}`,
    })
    expect((await get(address)).status).toBe(400)
  })

  it('two addresses', async () => {
    const { address } = await startSignIn(ledger.url, 'consent.audit')
    address.searchParams.append('redirect_uri', 'https://evil.example/')
    expect((await get(address)).status).toBe(400)
  })

  it('a page of another origin that loads it in the background', async () => {
    const { address } = await startSignIn(ledger.url, 'consent.audit')
    expect((await get(address, { 'sec-fetch-site': 'cross-site' })).status).toBe(400)
  })
})

describe('a request of the console that is wrong is refused by its code, with the issuer and the state', () => {
  it.each<[string, Record<string, string | null>, error: string]>([
    ['without PKCE', { code_challenge: null, code_challenge_method: null }, 'invalid_request'],
    ['PKCE by plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE by default, which is plain', { code_challenge_method: null }, 'invalid_request'],
    ['a challenge that is no SHA-256', { code_challenge: 'short' }, 'invalid_request'],
    ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['the hybrid flow', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['an answer in the fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    ['a request elsewhere', { request_uri: 'https://evil.example/' }, 'request_uri_not_supported'],
    ['no resource', { resource: null }, 'invalid_target'],
    ['the ledger itself', { resource: 'consent-ledger' }, 'invalid_target'],
    ['a controller that there is not', { resource: 'consent-ledger/none' }, 'invalid_target'],
    ['no question to the person', { prompt: 'none' }, 'login_required'],
    ['a nonce that is too long', { nonce: 'n'.repeat(513) }, 'invalid_request'],
  ])('%s', async (_, more, error) => {
    const { address, redirectUri, state } = await startSignIn(ledger.url, 'consent.audit', more)
    const location = new URL((await get(address)).headers.get('location') ?? '')
    expect(location.origin + location.pathname).toBe(redirectUri)
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      ...{ error, state, iss: 'urn:consent-ledger:development-issuer' },
    })
  })

  it('a parameter twice', async () => {
    const { address } = await startSignIn(ledger.url, 'consent.audit')
    address.searchParams.append('scope', 'consent.admin')
    expect((await get(address)).headers.get('location')).toContain('error=invalid_request')
  })

  it('a state that is too long is not sent back', async () => {
    const { address } = await startSignIn(ledger.url, 'consent.audit', { state: 's'.repeat(513) })
    const location = new URL((await get(address)).headers.get('location') ?? '')
    expect([location.searchParams.get('error'), location.searchParams.has('state')]).toEqual(['invalid_request', false])
  })

  it('more than a request may have is refused before it is read', async () => {
    const { address } = await startSignIn(ledger.url, 'consent.audit', { nonce: 'n'.repeat(11_000) })
    expect((await get(address)).status).toBe(431)
  })
})

describe('the choice is taken from this page alone, once', () => {
  it.each([
    ['of another origin', { origin: 'https://evil.example' }],
    ['of an origin that is hidden', { origin: 'null' }],
  ])('not from a page %s', async (_, headers) => {
    const ticket = await ticketOn(await get((await startSignIn(ledger.url, 'consent.audit')).address))
    const answer = await postChoice(ledger.url, { ticket, as: 'auditor' }, headers)
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    expect((await postChoice(ledger.url, { ticket, as: 'auditor' })).status).toBe(303)
  })

  it('not without the name that only the page knows, and not twice', async () => {
    expect((await postChoice(ledger.url, { as: 'auditor' })).status).toBe(400)
    expect((await postChoice(ledger.url, { ticket: 'guessed', as: 'auditor' })).status).toBe(400)
    const ticket = await ticketOn(await get((await startSignIn(ledger.url, 'consent.audit')).address))
    expect((await postChoice(ledger.url, { ticket, as: 'auditor' })).status).toBe(303)
    expect((await postChoice(ledger.url, { ticket, as: 'auditor' })).status).toBe(400)
  })

  it.each([
    ['nobody of the page', { as: 'constructor' }],
    ['someone without a name', { as: 'other', subject: '  ' }],
    ['a name that is too long', { as: 'other', subject: 'k'.repeat(257) }],
    ['more than a form may have', { as: 'auditor', filler: 'x'.repeat(9_000) }],
  ])('not for %s', async (_, choice) => {
    const ticket = await ticketOn(await get((await startSignIn(ledger.url, 'consent.audit')).address))
    expect((await postChoice(ledger.url, { ticket, ...choice })).status).toBe(400)
  })

  it('not from a body that is no form', async () => {
    const headers = { origin: ledger.url, 'content-type': 'application/json' }
    const answer = await fetch(`${ledger.url}/development/authorize`, { method: 'POST', headers, body: '{}' })
    expect(answer.status).toBe(400)
  })
})

describe('a code is exchanged once, by whom it was made for', () => {
  async function coded(): Promise<[Started, string]> {
    const started = await startSignIn(ledger.url, 'consent.audit')
    return [started, codeIn(await choose(ledger.url, started, { as: 'auditor' }))]
  }
  const plain = (text: string) => createHash('sha256').update(text).digest('base64url')

  it.each<[string, Record<string, string>, error: string]>([
    ['another client', { client_id: 'evil' }, 'invalid_client'],
    ['another address', { redirect_uri: 'https://evil.example/' }, 'invalid_grant'],
    ['another verifier', { code_verifier: oauth.generateRandomCodeVerifier() }, 'invalid_grant'],
    ['no verifier', { code_verifier: '' }, 'invalid_grant'],
    ['a verifier that is too long', { code_verifier: 'v'.repeat(129) }, 'invalid_grant'],
    ['another resource', { resource: 'consent-ledger/tallmo' }, 'invalid_target'],
    ['another grant', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['another code', { code: 'guessed' }, 'invalid_grant'],
  ])('%s is refused', async (_, more, error) => {
    const [started, code] = await coded()
    const { status, json, headers } = await token(started, code, more)
    expect([status, json.error, json.access_token]).toEqual([400, error, undefined])
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it('the challenge is no verifier', async () => {
    const [started, code] = await coded()
    expect((await token(started, code, { code_verifier: plain(started.verifier) })).json.error).toBe('invalid_grant')
  })

  it('a wrong guess uses the code up', async () => {
    const [started, code] = await coded()
    await token(started, code, { code_verifier: oauth.generateRandomCodeVerifier() })
    expect((await token(started, code)).json.error).toBe('invalid_grant')
  })

  it('of two exchanges at once one succeeds', async () => {
    const [started, code] = await coded()
    const answers = await Promise.all([token(started, code), token(started, code)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  it('a code of another sign-in does not go with this verifier', async () => {
    const [[started], [, otherCode]] = [await coded(), await coded()]
    expect((await token(started, otherCode)).json.error).toBe('invalid_grant')
  })

  it('a parameter twice, JSON, and a body beyond the limit are refused', async () => {
    const send = (body: BodyInit, type = 'application/x-www-form-urlencoded') =>
      fetch(`${ledger.url}/development/token`, { method: 'POST', body, headers: { 'content-type': type } })
    for (const answer of [
      await send('grant_type=authorization_code&grant_type=authorization_code'),
      await send('{}', 'application/json'),
      await send(`grant_type=authorization_code&code=${'c'.repeat(9_000)}`),
    ])
      expect([answer.status, (await answer.json()).error]).toEqual([400, 'invalid_request'])
  })
})
