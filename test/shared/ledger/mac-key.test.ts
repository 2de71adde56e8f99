import { createHmac, randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { hmac, hmacText } from '../../../shared/ledger/derived-keys.ts'
import { MacKey } from '../../../shared/ledger/mac-key.ts'

const messages = ['', 'x', 'å𝄞\ud800\0', 'm'.repeat(55), 'm'.repeat(1365), 'm'.repeat(1366), 'ö'.repeat(70_000)]

test('makes the same MACs as Node’s HMAC, whatever was hashed before', () => {
  for (const message of [...messages, ...messages.toReversed()]) {
    const raw = randomBytes(32)
    const [key, mac] = [new MacKey(raw), createHmac('sha256', raw).update(message).digest()]
    expect(hmac(key, message)).toEqual(mac)
    expect(hmacText(key, message, 32)).toBe(mac.toString('base64url'))
    expect(hmacText(key, message, 16)).toBe(mac.subarray(0, 16).toString('base64url'))
  }
})

test('has 32 bytes, and shows none of them', () => {
  expect(() => new MacKey(randomBytes(31))).toThrow('32 bytes')
  expect(inspect(new MacKey(Buffer.alloc(32, 65)), { showHidden: true })).not.toMatch(/65|41|A/)
})
