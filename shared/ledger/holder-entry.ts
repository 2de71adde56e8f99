/**
 * Entries that record what the holder of a token did: an audit read (`audit-reads.ts`) or an administrative act (`administrative-acts.ts`). Both have one form:
 *
 *   PK  `<controller>#<kind>#<day>`    SK  128 random bits, hex          kind: `act` or `read`
 *   leaf     {"_sd":[digest, ...sorted],"_sd_alg":"sha-256","kind":"<kind>","v":1}
 *   actor or reader   the holder's pseudonym                             hour  as of an event
 *   payload  the content, sealed under the holder's key of the year
 *
 * Each member of the content is a claim `field:<member>`, salted by that key. A crash leaves the whole entry or none of it.
 */
import type { Identity } from '../consent/event.ts'
import { digestLeaf } from '../consent/leaf.ts'
import type { HmacKey } from './derived-keys.ts'
import { disclosureDigest, makeDisclosure } from './disclosures.ts'
import type { Ledger } from './ledger.ts'
import { yearKeys, yearOf } from './recording/sealed-event.ts'
import { sealPayload } from './sealed-payload.ts'
import type { Item, Randomness } from './store.ts'
import { actorType } from './vault/identity-names.ts'
import type { VaultScope } from './vault/subject-keys.ts'
import { subjectKeysForWriting } from './vault/vault.ts'

const forms = {
  act: { identityType: actorType, holder: 'actor', members: ['act', 'actor', 'times'] },
  read: { identityType: 'reader', holder: 'reader', members: ['question', 'reader', 'times'] },
} as const
export type HolderEntryKind = keyof typeof forms

export type HolderContent = Readonly<Record<string, unknown>>

/** The holder of a token: the person that it names, or the program when it names no person. */
export type Holder = { readonly issuer: string } & (
  | { readonly subject: string }
  | { readonly subject?: undefined; readonly client: string }
)

/** Who holds the token, without its scopes. */
export function holderName(holder: Holder): Holder {
  const { issuer } = holder
  return holder.subject === undefined ? { issuer, client: holder.client } : { issuer, subject: holder.subject }
}

/**
 * Identity of a token's holder. It includes the issuer, because a name is unique within its issuer only. A program and a person with the
 * same name have different identities.
 */
export function holderIdentity(kind: HolderEntryKind, holder: Holder): Identity {
  const { issuer } = holder
  const name = holder.subject === undefined ? [issuer, null, holder.client] : [issuer, holder.subject]
  return { type: forms[kind].identityType, id: JSON.stringify(name) }
}

interface NewHolderEntry {
  readonly kind: HolderEntryKind
  readonly holder: Identity
  /** The instant of the read or act, as its content states it. */
  readonly at: string
  readonly content: HolderContent
  /** Digests of claims that the holder's keys do not open. */
  readonly otherDigests?: readonly string[]
  /** Longer than nearly every content, so that the length of a payload does not show what was done. */
  readonly paddedBytes: number
}

/** Makes an entry, and stores the holder's keys of the year when there are none. The caller stores the entry. */
export async function makeHolderEntry(
  ledger: Ledger,
  scope: VaultScope,
  { kind, holder, at, content, otherDigests = [], paddedBytes }: NewHolderEntry,
): Promise<Item> {
  const year = yearOf(at)
  const keys = await subjectKeysForWriting(ledger, scope, holder, year, false)
  const { proof } = yearKeys(keys, year)
  const key = { pk: `${scope.controller}#${kind}#${at.slice(0, 10)}`, sk: randomSk(ledger.random) }
  const leaf = digestLeaf(kind, [...holderDigests(kind, content, key.sk, proof.salt), ...otherDigests])
  const payload = sealPayload(content, proof.seal, key, ledger.random, paddedBytes)
  return { ...key, values: { leaf, [forms[kind].holder]: keys.sub, hour: at.slice(0, 13), payload } }
}

/** Digests of the claims that the holder's keys open. `sk` is the sort key of the entry. */
export function holderDigests(kind: HolderEntryKind, content: HolderContent, sk: string, salt: HmacKey): string[] {
  return forms[kind].members.map((member) =>
    disclosureDigest(makeDisclosure(sk, { name: `field:${member}`, value: content[member] }, salt)),
  )
}

export function randomSk(random: Randomness): string {
  return Buffer.from(random(16)).toString('hex')
}
