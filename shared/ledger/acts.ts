/**
 * Administrative acts: each publication, presentation, retraction, site and controller is preceded by an entry that names its actor.
 *
 *   PK  `<controller>#act#<day>`       SK  128 random bits, hex
 *   leaf     {"_sd":[digest, ...sorted],"_sd_alg":"sha-256","kind":"act","v":1}: of field:act, field:actor, field:times
 *   actor    the actor's pseudonym               hour  as of an event
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
import type { Identity } from '../consent/event.ts'
import type { Claim } from '../consent/leaf.ts'
import type { ControllerBook } from './controllers.ts'
import { type Ledger, timestamp } from './ledger.ts'
import { disclosureDigest, makeDisclosure, yearKeys, yearOf } from './sealed-event.ts'
import { sealPayload } from './sealed-payload.ts'
import { insertOne } from './store.ts'
import { actorType, subjectKeysForWriting } from './vault.ts'

export interface Act {
  /** Id of the route that was called. */
  readonly route: string
  /** Ids of the things the act is about; must not identify a person. */
  readonly target: Readonly<Record<string, string>>
  /** SHA-256 of the request, computed as attribute `draft` of an item. */
  readonly content: string
}

const paddedBytes = 320

/** Identity of a token's holder as an actor. It includes the issuer, because a subject is unique within its issuer only. */
export function actorIdentity({ issuer, subject }: { readonly issuer: string; readonly subject: string }): Identity {
  return { type: actorType, id: JSON.stringify([issuer, subject]) }
}

export async function recordAct(
  ledger: Ledger,
  { controller: { controller }, secrets }: ControllerBook,
  actor: Identity,
  act: Act,
): Promise<void> {
  const times = { actedAt: timestamp(ledger.clock) }
  const year = yearOf(times.actedAt)
  const keys = await subjectKeysForWriting(ledger, { controller, secrets }, actor, year, false)
  const { proof } = yearKeys(keys, year)
  const at = {
    pk: `${controller}#act#${times.actedAt.slice(0, 10)}`,
    sk: Buffer.from(ledger.random(16)).toString('hex'),
  }
  const content = { act, actor, times }
  const leaf = actLeaf(actClaims(content).map((claim) => disclosureDigest(makeDisclosure(at.sk, claim, proof.salt))))
  const payload = sealPayload(content, proof.seal, at, ledger.random, paddedBytes)
  // The key is random: if it exists, it is ours, and the answer to a first try was lost.
  await insertOne(ledger.entries, {
    ...at,
    values: { leaf, actor: keys.sub, hour: times.actedAt.slice(0, 13), payload },
  })
}

interface ActContent {
  readonly act: unknown
  readonly actor: unknown
  readonly times: { readonly actedAt?: string }
}

export function actClaims(content: ActContent): Claim[] {
  return (['act', 'actor', 'times'] as const).map((name) => ({ name: `field:${name}`, value: content[name] }))
}

export function actLeaf(digests: readonly string[]): string {
  return JSON.stringify({ _sd: [...digests].sort(), _sd_alg: 'sha-256', kind: 'act', v: 1 })
}
