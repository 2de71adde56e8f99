/**
 * Administrative acts: each publication, presentation, retraction, site and controller is preceded by an entry that names its actor.
 *
 *   PK  `<controller>#act#<day>`       form: `holder-entry.ts`
 *   leaf     commits to field:act, field:actor, field:times
 *   payload  act, actor, times: sealed under the actor's key of the year
 *
 * `content` is the digest of the request and equals attribute `draft` of the item that the act made, which links the two. The entry is
 * stored first, so that nothing is published without an actor. Therefore a refused or repeated act has an entry too, and only the item
 * shows that an act was done. A new controller is the exception: its keys exist only once it is stored, so its entry comes after it, and
 * a crash in between leaves no entry until the creation is requested again.
 *
 * After the actor is erased the entries can still be counted, but not attributed. Erasures have their actor in their own entry
 * (`erasure-entry.ts`).
 */
import type { Identity } from '../../consent/event.ts'
import { makeHolderEntry } from '../holder-entry.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { insertOne } from '../store.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import type { ControllerSnapshot } from './controller-snapshots.ts'

export interface Act {
  /** Id of the route that was called. */
  readonly route: string
  /** Ids of the things the act is about; must not identify a person. */
  readonly target: Readonly<Record<string, string>>
  /** SHA-256 of the request, computed as attribute `draft` of an item. */
  readonly content: string
}

const paddedBytes = 320

export async function recordAct(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  actor: Identity,
  act: Act,
): Promise<void> {
  const at = timestamp(ledger.clock)
  const content = { act, actor, times: { actedAt: at } }
  const entry = await makeHolderEntry(ledger, vaultScope(snapshot), {
    kind: 'act',
    holder: actor,
    at,
    content,
    paddedBytes,
  })
  // The key is random: if it exists, it is ours, and the answer to a first try was lost.
  await insertOne(ledger.entries, entry)
}
