/**
 * The controller's request to erase a subject while a hold stands. It waits, and is carried out when no hold stands: by retention
 * (`apply-retention.ts`) or by the next request. A person's own request is another thing (`asked-erasure-entries.ts`). Until then retention destroys no key of the subject, so that the request can be shown.
 *
 *   PK `<controller>#requested`    SK the `sub`        form: `controller-entry.ts`; the leaf names the `sub`
 *   commits to field:ground, field:scope, field:actor and field:request (its time)
 *
 * The first request counts. One that was carried out stays, beside the erasure's entry.
 */
import { LedgerError } from '../../errors.ts'
import { claimsInEntry, controllerEntry } from '../controller-entry.ts'
import { holderName } from '../holder-entry.ts'
import { type Item, type Key, queryAll, type Randomness, type Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { type ErasureActor, type ErasureReason, isErasureReason } from './erasure-entry.ts'

export interface ErasureRequest {
  readonly reason: ErasureReason
  readonly actor?: ErasureActor
}

export const requestedPk = (controller: string): string => `${controller}#requested`

export const requestKey = (controller: string, sub: string): Key => ({ pk: requestedPk(controller), sk: sub })

export function requestItem(
  scope: VaultScope,
  sub: string,
  { ground, scope: whole }: ErasureReason,
  actor: ErasureActor | undefined,
  at: string,
  random: Randomness,
): Item {
  const claims = [
    { name: 'field:ground', value: ground },
    { name: 'field:scope', value: whole },
    { name: 'field:actor', value: actor ? holderName(actor) : null },
    { name: 'field:request', value: { requestedAt: at } },
  ]
  return controllerEntry(
    scope,
    requestKey(scope.controller, sub),
    { kind: 'erasure-requested', at, claims, sub },
    random,
  )
}

/** @throws `keys-unreadable` when this controller did not seal it, or it asks for another erasure than this release knows */
export function openRequest(scope: VaultScope, item: Item): ErasureRequest {
  try {
    const claims = claimsInEntry(scope, item, ['field:ground', 'field:scope', 'field:actor', 'field:request'])
    const reason = { ground: claims.get('field:ground'), scope: claims.get('field:scope') }
    if (!isErasureReason(reason)) throw new Error('a request in a form that is not known')
    // The actor is not checked: no rule depends on it.
    const actor = claims.get('field:actor') as ErasureActor | null
    return { reason, ...(actor && { actor }) }
  } catch {
    throw new LedgerError('keys-unreadable', 'a request to erase cannot be read, so it is not carried out')
  }
}

/** Pseudonyms of all who were to be erased while a hold stood, carried out or not. */
export async function requestedSubjects(
  entries: Pick<Table, 'query'>,
  controller: string,
): Promise<ReadonlySet<string>> {
  const subs = new Set<string>()
  for await (const { sk } of queryAll(entries, requestedPk(controller))) subs.add(sk)
  return subs
}
