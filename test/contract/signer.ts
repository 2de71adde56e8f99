/** What every implementation of the `Signer` port must do. */
import { createPublicKey, verify } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Signer } from '../../shared/ledger/store.ts'

/** By way of JWK, so that no layout of ours is in between. */
export function verifies(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const x = Buffer.from(publicKey).toString('base64url')
  return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature)
}

export function signerContract(name: string, makeSigner: () => Promise<Signer>): void {
  describe(`a signer by ${name}`, () => {
    let signer: Signer
    beforeAll(async () => {
      signer = await makeSigner()
    })

    it('shows its public key: 32 bytes, the same each time', async () => {
      expect(signer.publicKey).toHaveLength(32)
      expect(Buffer.from((await makeSigner()).publicKey).equals(signer.publicKey)).toBe(true)
    })

    it('signs the message as it is, always alike', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 600 }), async (message) => {
          const signature = await signer.sign(message)
          expect(signature).toHaveLength(64)
          expect(verifies(signer.publicKey, message, signature)).toBe(true)
          expect(Buffer.from(await signer.sign(message)).equals(signature)).toBe(true)
        }),
        { numRuns: 20 },
      )
    })

    it('signs messages of 4,096 bytes, and many at once, each its own', async () => {
      const messages = Array.from({ length: 8 }, (_, i) => new Uint8Array(4_096).fill(i))
      const signatures = await Promise.all(messages.map((message) => signer.sign(message)))
      messages.forEach((message, i) => {
        signatures.forEach((signature, j) => {
          expect(verifies(signer.publicKey, message, signature)).toBe(i === j)
        })
      })
    })

    it('returns bytes that no other caller can change', async () => {
      const message = Buffer.from('acme\n')
      const signature = await signer.sign(message)
      const before = Buffer.from(signature)
      signature.fill(0)
      expect(before.equals(await signer.sign(message))).toBe(true)
    })
  })
}
