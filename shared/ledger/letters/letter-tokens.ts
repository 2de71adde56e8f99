/**
 * Tokens of the links in letters: to unsubscribe, and to confirm a request (double opt-in).
 *
 *   <controller> "." base64url(AES-256-GCM(JSON of the grant))     key `letter` of the controller's data key (`derived-keys.ts`),
 *                                                                  "letter-v1 <kind> <controller>" authenticated
 *
 * A token is a permission for whoever holds it, and it is opaque: it shows the controller and nothing about the person or the purposes. It is
 * stored nowhere. A token of another kind or controller, and a changed one, does not open.
 */
import type { Identity } from '../../consent/event.ts'
import { deriveKey, hmac, openBytes, sealBytes } from '../derived-keys.ts'
import type { Randomness } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'

/** What the holder of a link to unsubscribe may do: say no to these purposes. It does not expire. */
export interface UnsubscribeGrant {
  /** Site for which the withdrawal is recorded. */
  readonly site: string
  /** As the controller's server wrote it. */
  readonly subject: Identity
  readonly purposes: readonly string[]
}

/** What the holder of a link to confirm may do: confirm the yes of one event. */
export interface ConfirmationGrant extends UnsubscribeGrant {
  readonly eventId: string
  /** RFC 3339. */
  readonly expiresAt: string
}

interface Grants {
  readonly unsubscribe: UnsubscribeGrant
  readonly confirmation: ConfirmationGrant
}
export type LetterKind = keyof Grants

/** Longer than any token of ours: an identifier has at most 256 characters, which may take 4 bytes each. */
export const maxLetterTokenLength = 3072
/** Most purposes of a token, so that its address stays short. */
export const maxLetterPurposes = 8
const form = /^([a-z0-9-]{1,40})\.([\w-]+)$/

type TokenScope = Pick<VaultScope, 'controller'> & { readonly secrets: Pick<VaultScope['secrets'], 'dataKey'> }

export function sealLetterToken<K extends LetterKind>(
  scope: TokenScope,
  kind: K,
  grant: Grants[K],
  random: Randomness,
): string {
  const sealed = sealBytes(keyOf(scope), Buffer.from(JSON.stringify(grant)), contextOf(scope, kind), random)
  return `${scope.controller}.${sealed.toString('base64url')}`
}

/** The controller that a token names; `undefined` for what cannot be a token. */
export function controllerOfToken(token: string): string | undefined {
  return token.length > maxLetterTokenLength ? undefined : form.exec(token)?.[1]
}

/** `undefined` unless this controller made the token, for a link of this kind. */
export function openLetterToken<K extends LetterKind>(
  scope: TokenScope,
  kind: K,
  token: string,
): Grants[K] | undefined {
  const text = form.exec(token)?.[2] ?? ''
  const sealed = Buffer.from(text, 'base64url')
  // One token has one spelling, so that a changed last character is not a second one.
  if (sealed.toString('base64url') !== text) return undefined
  try {
    // What opens was sealed above, so it has the form.
    return JSON.parse(openBytes(keyOf(scope), sealed, contextOf(scope, kind)).toString())
  } catch {
    return undefined
  }
}

/** A UUID (version 8, RFC 9562) that only this controller can compute: the same facts give the same event, so that it is recorded once. */
export function letterEventId(scope: TokenScope, facts: readonly unknown[]): string {
  const bytes = hmac(keyOf(scope), JSON.stringify(['event', ...facts])).subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function keyOf({ controller, secrets }: TokenScope) {
  return deriveKey(secrets.dataKey, 'letter', controller)
}

const contextOf = ({ controller }: TokenScope, kind: LetterKind) => `letter-v1 ${kind} ${controller}`
