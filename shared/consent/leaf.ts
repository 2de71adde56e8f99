/**
 * What a leaf of kind `event` commits to, and how it is disclosed: RFC 9901 (SD-JWT) disclosures under a closed set of names.
 *
 *   leaf        {"_sd":[digest, ...sorted],"_sd_alg":"sha-256","kind":"event","sub":"<base64url>","v":1}      (RFC 8785)
 *   disclosure  base64url(JSON [salt, name, value])             digest = base64url(SHA-256(ASCII of the disclosure))
 *   names       `decision:<id>` for each id covered, and `field:<group>` for each of the seven groups
 *
 * So `|_sd| = |covers| + 7`, which shows a verifier that something is withheld. An empty group is committed as null.
 */
import { type RecordedEvent, targetId } from './event.ts'

export const fieldGroups = ['covers', 'times', 'who', 'identity', 'link', 'how', 'context'] as const
export type FieldGroup = (typeof fieldGroups)[number]

/** Largest size of an event leaf, in bytes. */
export const maxLeafBytes = 16 * 1024

export interface Claim {
  readonly name: string
  readonly value: unknown
}

/** Every claim of an event, in the order in which its disclosures are listed; `covers` first. */
export function claimsOf(event: RecordedEvent): Claim[] {
  const covers = event.decisions.map(targetId)
  return [
    field('covers', covers),
    field('times', { eventId: event.eventId, ...event.times }),
    field('who', event.who),
    field('identity', event.identity),
    field('link', event.link),
    field('how', { site: event.site, ...event.how }),
    field('context', event.context),
    ...event.decisions.map((decision) => ({ name: `decision:${targetId(decision)}`, value: decision })),
  ]
}

function field(group: FieldGroup, value: object): Claim {
  return { name: `field:${group}`, value: Object.keys(value).length === 0 ? null : value }
}

export function eventLeaf(sub: string, digests: readonly string[]): string {
  return digestLeaf('event', digests, sub)
}

/** Kinds of leaves that commit to claims. */
export type DigestLeafKind =
  | 'event'
  | 'read'
  | 'act'
  | 'erased'
  | 'hold'
  | 'hold-released'
  | 'erasure-requested'
  | 'erasure-asked'
  | 'erasure-granted'
  | 'erasure-refused'
  | 'grant'
  | 'grant-revoked'
  | 'link'
  | 'unlink'
  | 'mandate'
  | 'mandate-ended'
  | 'disposition'
  | 'endpoint'
  | 'redelivery'
  | 'completion'
  | 'expiry'

/** The canonical text of a leaf that commits to claims. Digests may come in any order: sorting hides which is which. */
export function digestLeaf(kind: DigestLeafKind, digests: readonly string[], sub?: string): string {
  return JSON.stringify({ _sd: [...digests].sort(), _sd_alg: 'sha-256', kind, sub, v: 1 })
}

/** Whether `leaf` is an event leaf of that subject that a verifier accepts. Never throws, because anyone may have written the row. */
export function isEventLeafOf(leaf: unknown, sub: string): leaf is string {
  if (typeof leaf !== 'string' || leaf.length > maxLeafBytes) return false
  try {
    const { _sd: digests } = JSON.parse(leaf)
    if (!Array.isArray(digests) || digests.length < fieldGroups.length || digests.length > maxDigests) return false
    const isDigest = (each: unknown) => typeof each === 'string' && digestForm.test(each)
    return digests.every(isDigest) && new Set(digests).size === digests.length && eventLeaf(sub, digests) === leaf
  } catch {
    return false
  }
}

/** 32 bytes in base64url. */
const digestForm = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
const maxDigests = 1000

/** The bytes of a disclosure before base64url. RFC 9901 leaves the JSON form to the issuer; a verifier never makes it again. */
export function disclosureJson(salt: string, claim: Claim): string {
  return JSON.stringify([salt, claim.name, claim.value])
}
