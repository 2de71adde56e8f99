/**
 * Entries whose content is sealed for the controller: a hold, its release (`hold-entries.ts`), a request to erase that waits for the
 * end of a hold (`waiting-erasures.ts`), a grant of an auditor and its revocation (`audit-grants.ts`),
 * a manifest of what retention destroyed (`disposition-entries.ts`), a change of an endpoint and a redelivery (`endpoint-entries.ts`), a
 * receiver's report (`completions.ts`), and a notice of consents that end (`expiry-items.ts`).
 *
 *   leaf     {"_sd":[digest, ...sorted],"_sd_alg":"sha-256","kind":"<kind>","sub":"<base64url>"?,"v":1}              (RFC 8785)
 *   hour     as of an event
 *   payload  {disclosures, others, hour}, sealed under a key that is derived from the controller's data key
 *
 * As with an erasure (`erasure-entry.ts`), the holder of the token is sealed under the controller's key, not under keys of its own: the
 * function that inserts these entries can create no key, and nobody may erase the record of a hold by erasing who made or released it. The
 * salts are random and only in the payload.
 */
import { type Claim, digestLeaf } from '../consent/leaf.ts'
import { deriveKey } from './derived-keys.ts'
import { disclosureDigest, randomDisclosure } from './disclosures.ts'
import type { Holder } from './holder-entry.ts'
import { openPayload, sealPayload } from './sealed-payload.ts'
import type { Item, Key, Randomness } from './store.ts'
import type { VaultScope } from './vault/subject-keys.ts'

export type ControllerEntryKind =
  | 'hold'
  | 'hold-released'
  | 'erasure-requested'
  | 'erasure-asked'
  | 'erasure-granted'
  | 'erasure-refused'
  | 'grant'
  | 'grant-revoked'
  | 'disposition'
  | 'endpoint'
  | 'redelivery'
  | 'completion'
  | 'expiry'

export interface ControllerEntry {
  readonly kind: ControllerEntryKind
  /** RFC 3339. */
  readonly at: string
  readonly claims: readonly Claim[]
  /** Pseudonym, for an entry that is in the name of one. */
  readonly sub?: string
  /** Digests of claims that the controller's key does not open. */
  readonly others?: readonly string[]
  /** Length up to which the content does not show. @default 768 */
  readonly paddedBytes?: number
}

interface Sealed {
  readonly disclosures: readonly string[]
  readonly others: readonly string[]
  /** Must equal the attribute `hour`, which is in clear. */
  readonly hour: string
}

/** Longer than nearly any content, so that the length does not show what it is. Only a grant for many subjects is longer. */
const longerThanMost = 768

export function controllerEntry(scope: VaultScope, key: Key, entry: ControllerEntry, random: Randomness): Item {
  const { kind, at, claims, sub, others = [], paddedBytes = longerThanMost } = entry
  const disclosures = claims.map((claim) => randomDisclosure(claim, random))
  const hour = at.slice(0, 13)
  const sealed: Sealed = { disclosures, others, hour }
  const leaf = leafOf(kind, sealed, sub)
  return { ...key, values: { leaf, hour, payload: sealPayload(sealed, sealingKey(scope), key, random, paddedBytes) } }
}

/**
 * The values of its claims by name.
 *
 * @param names of the claims that the caller knows
 * @throws when this controller did not seal the entry, or it has other claims: they may change what the known ones mean
 */
export function claimsInEntry<Name extends string>(
  scope: VaultScope,
  item: Item,
  names: readonly Name[],
): ReadonlyMap<Name, unknown> {
  const claims = open(scope, item).disclosures.map((text): [Name, unknown] => {
    const [, name, value] = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (!names.includes(name)) throw new Error('an entry with a claim that is not known')
    return [name, value]
  })
  return new Map(claims)
}

/** The holder of the token that made the entry. Its form is not checked: it is only shown, and no rule depends on it. */
export function actorIn(claims: { get(name: 'field:actor'): unknown }): Holder {
  return claims.get('field:actor') as Holder
}

/** The disclosures of its claims, for a proof. @throws when this controller did not seal the entry */
export const disclosuresIn = (scope: VaultScope, item: Item): readonly string[] => open(scope, item).disclosures

/** What is wrong with the entry, for the self-audit. */
export function controllerEntryDifference(
  scope: VaultScope,
  kind: ControllerEntryKind,
  item: Item,
  sub?: string,
): string | undefined {
  try {
    const sealed = open(scope, item)
    if (leafOf(kind, sealed, sub) !== item.values.leaf) return 'its leaf has other digests than its content'
    return sealed.hour === item.values.hour ? undefined : 'its hour is not that of its content'
  } catch {
    return 'its content does not open'
  }
}

function leafOf(kind: ControllerEntryKind, { disclosures, others }: Sealed, sub?: string): string {
  return digestLeaf(kind, [...disclosures.map(disclosureDigest), ...others], sub)
}

function open(scope: VaultScope, { pk, sk, values: { payload } }: Item): Sealed {
  if (!(payload instanceof Uint8Array)) throw new Error('an entry without payload')
  // Nothing but this module seals under this key, so the form is not checked.
  return openPayload(payload, sealingKey(scope), { pk, sk }) as Sealed
}

const sealingKey = ({ controller, secrets }: VaultScope) => deriveKey(secrets.dataKey, 'hold', controller)
