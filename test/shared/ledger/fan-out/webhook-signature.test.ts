import { createPublicKey, verify } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import {
  isSignedWith,
  newSecret,
  newSigningKey,
  publicKeyOf,
  signedHeaders,
} from '../../../../shared/ledger/fan-out/webhook-signature.ts'
import { pooledRandomness } from '../../../../shared/ledger/randomness.ts'

const random = pooledRandomness()
const [older, newer, signingKey] = [newSecret(random), newSecret(random), newSigningKey(random)]
const body = '{"type":"consent.withdrawn","name":"Åsa"}'
const seconds = Math.floor(Date.now() / 1000)
const headers = { ...signedHeaders('acme_crm_7_0', seconds, body, { secrets: [newer, older], signingKey }) }

describe('a signature by Standard Webhooks', () => {
  it.each([older, newer])('is verified by the specification’s own library, with each secret that signs', (secret) => {
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
  })

  it('is not verified with another secret, another body or another id', () => {
    expect(() => new Webhook(newSecret(random)).verify(body, headers)).toThrow()
    expect(() => new Webhook(newer).verify(`${body} `, headers)).toThrow()
    expect(() => new Webhook(newer).verify(body, { ...headers, 'webhook-id': 'acme_crm_8_0' })).toThrow()
  })

  it('has a v1a beside it that the endpoint’s public key verifies', () => {
    const v1a = headers['webhook-signature'].split(' ').filter((each) => each.startsWith('v1a,'))
    expect(v1a).toHaveLength(1)
    const published = publicKeyOf(signingKey)
    expect(published).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/)
    const x = Buffer.from(published.slice('whpk_'.length), 'base64').toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const signature = Buffer.from(v1a[0]?.slice('v1a,'.length) ?? '', 'base64')
    expect(verify(null, Buffer.from(`acme_crm_7_0.${seconds}.${body}`), key, signature)).toBe(true)
    expect(verify(null, Buffer.from(`acme_crm_7_1.${seconds}.${body}`), key, signature)).toBe(false)
  })

  it('of a receiver is accepted for five minutes', () => {
    const sign = (secret: string) => ({
      'webhook-id': 'acme_crm_7_0',
      'webhook-timestamp': String(seconds),
      'webhook-signature': new Webhook(secret).sign('acme_crm_7_0', new Date(seconds * 1000), body),
    })
    expect(isSignedWith(sign(older), body, [newer, older], seconds + 299)).toBe(true)
    expect(isSignedWith(sign(older), body, [newer, older], seconds + 301)).toBe(false)
    expect(isSignedWith(sign(older), body, [newer, older], seconds - 301)).toBe(false)
    expect(isSignedWith(sign(older), `${body}\n`, [newer, older], seconds)).toBe(false)
    expect(isSignedWith(sign(older), body, [newer], seconds)).toBe(false)
    expect(isSignedWith({ ...sign(newer), 'webhook-signature': '' }, body, [newer], seconds)).toBe(false)
    expect(isSignedWith({}, body, [newer], seconds)).toBe(false)
  })
})
