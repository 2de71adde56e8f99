/**
 * Disclosures of claims ([RFC 9901](https://www.rfc-editor.org/rfc/rfc9901), SD-JWT): base64url of `[salt, name, value]`. A leaf has their digests.
 */
import { hash } from 'node:crypto'
import { type Claim, disclosureJson } from '../consent/leaf.ts'
import { type HmacKey, hmacText } from './derived-keys.ts'
import type { Randomness } from './store.ts'

/** base64url(SHA-256(ASCII of the disclosure)): RFC 9901, section 4.2.3. */
export function disclosureDigest(disclosure: string): string {
  return hash('sha256', disclosure, 'base64url')
}

/** @param id unique among what this key salts: an eventId, or the sort key of a read or act */
export function makeDisclosure(id: string, claim: Claim, saltKey: HmacKey): string {
  const salt = hmacText(saltKey, JSON.stringify([id, claim.name]), 16)
  return Buffer.from(disclosureJson(salt, claim)).toString('base64url')
}

const saltBytes = 16

/**
 * A disclosure with a random salt, stored under another key than the subject's. A salt derived from a subject's keys would be lost when the
 * subject is erased, and would let a holder of these keys confirm a guess of the value.
 */
export function randomDisclosure(claim: Claim, random: Randomness): string {
  const salt = Buffer.from(random(saltBytes)).toString('base64url')
  return Buffer.from(disclosureJson(salt, claim)).toString('base64url')
}
