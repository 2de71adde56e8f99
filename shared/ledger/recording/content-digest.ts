/**
 * The digest of what a client sent, which distinguishes a replay from a conflict. It is keyed, because after an erasure the content of a
 * bare hash could still be guessed. The request is not stored byte for byte (notice tokens are dropped, addresses cut), so an audit
 * cannot compute the digest again; a check of its own shows whether it was changed.
 *
 *   digest  mac (24) ‖ check (8)
 *   mac     HMAC(k_digest, JCS(content)), without sentAt
 *   check   HMAC(k_digest, "check " ‖ SK of the entry ‖ " " ‖ base64url(mac) ‖ " " ‖ refuted), the last as it is in the entry, or empty;
 *           no content's JSON begins with "check "
 *
 * In older entries, whose payload has format 1, the 32 bytes are the whole first HMAC; only the first 24 are compared.
 */
import { timingSafeEqual } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ClientEvent } from '../../consent/client-event.ts'
import { hmac } from '../derived-keys.ts'
import type { Attribute, Item, Key } from '../store.ts'
import type { SubjectKeys } from '../vault/subject-keys.ts'

const macBytes = 24
const checkBytes = 8

/** @param key the entry's key, as `eventKey` makes it */
export function contentDigest(event: ClientEvent, key: Key, subject: SubjectKeys, refuted: string | undefined): Buffer {
  const { sentAt: _, ...content } = event
  const mac = hmac(subject.digest, String(canonicalize(content))).subarray(0, macBytes)
  return Buffer.concat([mac, checkOf(mac, key.sk, refuted, subject)])
}

/** In constant time. */
export function isSameContent(recorded: Uint8Array, given: Uint8Array): boolean {
  if (recorded.length !== macBytes + checkBytes) return false
  return timingSafeEqual(recorded.subarray(0, macBytes), given.subarray(0, macBytes))
}

/** Whether the stored digest was made for this entry; `undefined` for an older entry, whose digest has no check. */
export function isDigestIntact(item: Item, subject: SubjectKeys): boolean | undefined {
  const {
    sk,
    values: { digest, refuted },
  } = item
  if (!(digest instanceof Uint8Array) || digest.length !== macBytes + checkBytes) return false
  if (isBeforeDigestChecks(item)) return undefined
  const mac = digest.subarray(0, macBytes)
  return timingSafeEqual(checkOf(mac, sk, refuted, subject), digest.subarray(macBytes))
}

/** By the payload's format byte, which cannot be forged: under another format the payload does not open. */
export function isBeforeDigestChecks({ values: { payload } }: Item): boolean {
  return payload instanceof Uint8Array && payload[0] === 1
}

function checkOf(mac: Uint8Array, sk: string, refuted: Attribute | undefined, subject: SubjectKeys): Buffer {
  return hmac(subject.digest, `check ${sk} ${Buffer.from(mac).toString('base64url')} ${refuted ?? ''}`).subarray(
    0,
    checkBytes,
  )
}
