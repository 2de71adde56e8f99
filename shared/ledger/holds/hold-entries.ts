/**
 * How holds are stored. Their content is sealed for the controller (`controller-entry.ts`).
 *
 *   hold      PK `<controller>#hold`          SK `hold#<holdId>`        commits to field:hold, field:actor, and for each subject held to
 *                                                                  field:subject
 *   release   PK `<controller>#hold`          SK `released#<holdId>`    commits to field:release, field:actor
 *   mark      PK `<controller>#held`          SK `<holdId>`             of a hold on a purpose or on what is older than a date; no values
 *   turn      PK `<controller>#held#<sub>`    SK a number, 16 digits    see `hold-turns.ts`
 *
 * A hold on a subject does not name it: the caller knows whose hold it is, and a name would keep the link after an erasure. Only the turn
 * joins the two, sealed under a key of the subject. The salt of field:subject is derived from that key, too.
 */

import { conformsExactly } from '../../consent/exact-schema.ts'
import { type Hold, isHold } from '../../consent/holds.ts'
import { eventId, instant, record } from '../../consent/schema.ts'
import { LedgerError } from '../../errors.ts'
import { actorIn, claimsInEntry, controllerEntry } from '../controller-entry.ts'
import { disclosureDigest, makeDisclosure } from '../disclosures.ts'
import { type Holder, holderName } from '../holder-entry.ts'
import { type Item, type Key, queryAll, type Randomness, type Table } from '../store.ts'
import type { HoldsKey, VaultScope } from '../vault/subject-keys.ts'

/** A hold as the ledger has it, with who made and released it. */
export interface StoredHold extends Hold {
  readonly by: Holder
  readonly releasedBy?: Holder
}

export const holdPk = (controller: string): string => `${controller}#hold`
export const heldPk = (controller: string): string => `${controller}#held`
export const holdPrefix = 'hold#'

export const holdKey = (controller: string, holdId: string): Key => ({
  pk: holdPk(controller),
  sk: holdPrefix + holdId,
})
export const releaseKey = (controller: string, holdId: string): Key => ({
  pk: holdPk(controller),
  sk: `released#${holdId}`,
})
export const holdMark = (controller: string, holdId: string): Item => ({
  pk: heldPk(controller),
  sk: holdId,
  values: {},
})

/** @param subjects those that the hold is on; none for another kind of hold */
export function holdItem(
  scope: VaultScope,
  hold: Hold,
  by: Holder,
  subjects: readonly HoldsKey[],
  random: Randomness,
): Item {
  const claims = [
    { name: 'field:hold', value: hold },
    { name: 'field:actor', value: holderName(by) },
  ]
  const others = subjects.map((subject) => subjectDigest(hold.holdId, subject))
  const key = holdKey(scope.controller, hold.holdId)
  return controllerEntry(scope, key, { kind: 'hold', at: hold.madeAt, claims, others }, random)
}

export function releaseItem(scope: VaultScope, holdId: string, at: string, by: Holder, random: Randomness): Item {
  const claims = [
    { name: 'field:release', value: { holdId, releasedAt: at } },
    { name: 'field:actor', value: holderName(by) },
  ]
  return controllerEntry(scope, releaseKey(scope.controller, holdId), { kind: 'hold-released', at, claims }, random)
}

/** Digest of field:subject in the leaf of a hold. Only the subject's key makes it. */
export function subjectDigest(holdId: string, { sub, key }: HoldsKey): string {
  return disclosureDigest(makeDisclosure(holdId, { name: 'field:subject', value: sub }, key))
}

export const isHoldOf = (item: Item, holdId: string, subject: HoldsKey): boolean =>
  String(item.values.leaf).includes(`"${subjectDigest(holdId, subject)}"`)

/**
 * The holds of these ids that no release has ended.
 *
 * @throws `keys-unreadable` when one of them is gone or cannot be read: what it covers is then not known, so nothing may be destroyed. A
 * release that cannot be read may be planted, so it ends no hold.
 */
export async function unreleasedHolds(
  entries: Pick<Table, 'get'>,
  scope: VaultScope,
  holdIds: readonly string[],
): Promise<StoredHold[]> {
  const { controller } = scope
  const keys = holdIds.flatMap((holdId) => [holdKey(controller, holdId), releaseKey(controller, holdId)])
  const items = keys.length === 0 ? [] : await entries.get(keys)
  try {
    return holdIds.flatMap((holdId, i) => {
      const [made, released] = [items[2 * i], items[2 * i + 1]]
      if (released !== undefined && openRelease(scope, released)) return []
      if (made === undefined) throw new Error(`the hold ${holdId} is gone`)
      return [openHold(scope, made)]
    })
  } catch {
    throw new LedgerError('keys-unreadable', 'a hold cannot be read, so nothing that it may cover is destroyed')
  }
}

/** The holds that are not on a subject and that no release has ended. */
export async function generalHolds(entries: Pick<Table, 'get' | 'query'>, scope: VaultScope): Promise<StoredHold[]> {
  const holdIds: string[] = []
  for await (const { sk } of queryAll(entries, heldPk(scope.controller))) holdIds.push(sk)
  return unreleasedHolds(entries, scope, holdIds)
}

/** @throws when this controller did not seal them, or a later release of the ledger sealed them in another form */
export function openHold(scope: VaultScope, made: Item, released?: Item): StoredHold {
  const claims = claimsInEntry(scope, made, ['field:hold', 'field:actor'])
  const hold = claims.get('field:hold')
  if (!isHold(hold)) throw new Error('a hold in a form that is not known')
  const stored = { ...hold, by: actorIn(claims) }
  return released === undefined ? stored : { ...stored, ...openRelease(scope, released) }
}

const release = record({ holdId: eventId, releasedAt: instant })

export function openRelease(scope: VaultScope, item: Item): Pick<StoredHold, 'releasedAt' | 'releasedBy'> {
  const claims = claimsInEntry(scope, item, ['field:release', 'field:actor'])
  const content = claims.get('field:release')
  if (!conformsExactly(release, content)) throw new Error('a release in a form that is not known')
  if (item.sk !== releaseKey(scope.controller, content.holdId).sk) throw new Error('a release of another hold')
  return { releasedAt: content.releasedAt, releasedBy: actorIn(claims) }
}
