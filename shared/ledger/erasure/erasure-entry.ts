/**
 * The entry that records an erasure. Ground and actor are sealed for the controller.
 *
 *   PK  `<controller>#erased`          SK  the `sub`
 *   leaf    {"_sd":[digest, ...sorted],"_sd_alg":"sha-256","kind":"erased","sub":"<base64url>","v":1}              (RFC 8785)
 *   day     `2026-11-28`, no finer: the leaf is released with all others of its day (`log/release-erasures.ts`)
 *   payload the day, and disclosures of `field:ground`, `field:scope` and `field:actor` (null: the ledger itself, by its clock), sealed
 *           under a key that is derived from the controller's data key
 *
 * Unlike the actor of other acts (`administrative-acts.ts`), this one is sealed under the controller's key: the function that destroys keys has no right
 * to create any, and an actor must not be able to erase the record of its own erasures. Older entries have no actor.
 *
 * The salts are random and only in the payload, because a subject's own keys are destroyed. The only datum of the person is the `sub`, which
 * cannot be attributed once the vault's rows are deleted.
 */
import { type Claim, digestLeaf } from '../../consent/leaf.ts'
import { conforms, oneOf, record, type TypeOf } from '../../consent/schema.ts'
import { deriveKey } from '../derived-keys.ts'
import { disclosureDigest, randomDisclosure } from '../disclosures.ts'
import { type Holder, holderName } from '../holder-entry.ts'
import { erasedPk } from '../log/log-items.ts'
import { openPayload, sealPayload } from '../sealed-payload.ts'
import type { Item, Key, Randomness } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'

/** Why a subject is erased. `retention`: nothing needs the records any more. `order`: of a court or an authority. */
export const erasureGrounds = ['data-subject-request', 'retention', 'order'] as const
export type ErasureGround = (typeof erasureGrounds)[number]

/** What is erased: all that the controller has of the subject. There is no other scope yet. */
export const erasureScopes = ['subject'] as const
export type ErasureScope = (typeof erasureScopes)[number]

const erasureReason = record({ ground: oneOf(erasureGrounds), scope: oneOf(erasureScopes) })
export interface ErasureReason extends TypeOf<typeof erasureReason> {}

export const isErasureReason = (value: unknown): value is ErasureReason => conforms(erasureReason, value)

/** Holder of the token that requested the erasure. */
export type ErasureActor = Holder

/** Longer than any content, so that the length does not show the ground. */
const paddedBytes = 512

export const erasureKey = (controller: string, sub: string): Key => ({ pk: erasedPk(controller), sk: sub })

export function erasureItem(
  scope: VaultScope,
  sub: string,
  reason: ErasureReason,
  actor: ErasureActor | undefined,
  day: string,
  random: Randomness,
): Item {
  const key = erasureKey(scope.controller, sub)
  const disclosures = claimsOf(reason, actor).map((claim) => randomDisclosure(claim, random))
  const payload = sealPayload({ disclosures, day }, sealingKey(scope), key, random, paddedBytes)
  return { ...key, values: { leaf: erasedLeaf(sub, disclosures), day, payload } }
}

/** The content that an erasure entry seals. */
export interface OpenedErasure {
  /** The disclosures to which the leaf commits. */
  readonly disclosures: readonly string[]
  /** Must equal attribute `day`, which is in clear. Entries of the first releases did not seal it. */
  readonly day?: string
}

/** @throws when this controller did not seal the entry */
export function openErasure(scope: VaultScope, { pk, sk, values: { payload } }: Item): OpenedErasure {
  if (!(payload instanceof Uint8Array)) throw new Error('an erasure without payload')
  return openPayload(payload, sealingKey(scope), { pk, sk }) as OpenedErasure
}

/**
 * Whether the item is an erasure of the whole subject that this controller recorded. Any function that inserts entries could plant another,
 * so one that does not open ends no hold.
 */
export function isErasure(scope: VaultScope, item: Item): boolean {
  try {
    return openErasure(scope, item).disclosures.every((text) => {
      const [, name, value] = JSON.parse(Buffer.from(text, 'base64url').toString())
      return name !== 'field:scope' || erasureScopes.includes(value)
    })
  } catch {
    return false
  }
}

export function erasedLeaf(sub: string, disclosures: readonly string[]): string {
  return digestLeaf('erased', disclosures.map(disclosureDigest), sub)
}

function claimsOf({ ground, scope }: ErasureReason, actor: ErasureActor | undefined): Claim[] {
  return [
    { name: 'field:ground', value: ground },
    { name: 'field:scope', value: scope },
    { name: 'field:actor', value: actor ? holderName(actor) : null },
  ]
}

const sealingKey = ({ controller, secrets }: VaultScope) => deriveKey(secrets.dataKey, 'erasure', controller)
