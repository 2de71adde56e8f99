/**
 * Disclosures with a random salt (RFC 9901), stored under another key than the subject's. A salt derived from a subject's keys would be
 * lost when the subject is erased, and would let a holder of these keys confirm a guess of the value.
 */
import { type Claim, disclosureJson } from '../consent/leaf.ts'
import type { Randomness } from './store.ts'

const saltBytes = 16

export function randomDisclosure(claim: Claim, random: Randomness): string {
  const salt = Buffer.from(random(saltBytes)).toString('base64url')
  return Buffer.from(disclosureJson(salt, claim)).toString('base64url')
}
