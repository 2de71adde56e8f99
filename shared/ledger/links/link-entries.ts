/**
 * The entries of a link between two subjects, and of its end: one under each of them, the same but for its place and its proof.
 *
 *   PK  `<controller>#link#<sub>`     SK  `<side>#<number>`     16 digits: an even number links, the odd one after it ends that link
 *   leaf     digests of the claims of `linkClaimsOf`, kind `link` or `unlink`; without `sub`
 *   hour     as of an event
 *   payload  the act (`LinkAct`), sealed under the subject's `links` key
 *
 * `<side>` names the pair as this subject knows it: an HMAC under the key of the pair, which is made from a secret of each of the two. So the
 * same two subjects always meet at the same place, a link that is asked for twice is made once, and when either subject is erased nothing
 * that is left says with whom the other was linked. The partition is not that of the events, so that only the function that links may insert there.
 */

import { createSecretKey } from 'node:crypto'
import { digestLeaf } from '../../consent/leaf.ts'
import { identityClaim, isLinkAct, type LinkAct, linkClaimsOf } from '../../consent/subject-links.ts'
import { hmacText } from '../derived-keys.ts'
import { disclosureDigest, makeDisclosure } from '../disclosures.ts'
import { numberSk } from '../log/log-items.ts'
import { openPayload, sealPayload } from '../sealed-payload.ts'
import { type Item, type Key, queryAll, type Randomness, type Table } from '../store.ts'
import type { SubjectKeys } from '../vault/subject-keys.ts'

/** Longer than nearly every act, so that the length does not show what it was. */
const paddedBytes = 288

export const linksPk = ({ controller, sub }: Pick<SubjectKeys, 'controller' | 'sub'>): string =>
  `${controller}#link#${sub}`

/** Two subjects, as each knows the pair. */
export interface Pair {
  /** Begin of the sort keys under the one and under the other subject, in the order in which they were given. */
  readonly sides: readonly [string, string]
  /** The id of the link of an even number. */
  linkId(number: number): string
}

/** The same pair in either order; the order of `sides` follows that of the subjects. */
export function pairOf(one: SubjectKeys, other: SubjectKeys): Pair {
  const [first = '', second = ''] = [one.links.share, other.links.share].sort()
  const key = createSecretKey(Buffer.from(first, 'base64url'))
  const name = (of: string) => hmacText(key, JSON.stringify([second, of]), 16)
  return { sides: [name(one.sub), name(other.sub)], linkId: (number) => name(`link#${number}`) }
}

/** An entry that opens. */
export interface OpenedLinkAct {
  readonly act: LinkAct
  readonly key: Key
  readonly side: string
  readonly number: number
  readonly leaf: string
  /** Its disclosures in the order of the claims, without that of the person's identifier. */
  readonly disclosures: readonly string[]
  /** The disclosure of the identifier. */
  readonly identity?: string
}

export function sealLinkAct(
  act: LinkAct,
  side: string,
  number: number,
  subject: SubjectKeys,
  random: Randomness,
): { readonly item: Item; readonly opened: OpenedLinkAct } {
  const key = { pk: linksPk(subject), sk: `${side}#${numberSk(number)}` }
  const opened = openedAct(act, key, subject)
  const payload = sealPayload(act, subject.links.seal, key, random, paddedBytes)
  return { item: { ...key, values: { leaf: opened.leaf, hour: act.recordedAt.slice(0, 13), payload } }, opened }
}

/** `undefined` when it was not sealed for the subject, was changed, or has a form that only a later release knows. */
export function openLinkAct(item: Item, subject: SubjectKeys): OpenedLinkAct | undefined {
  const { payload, leaf, hour } = item.values
  if (!(payload instanceof Uint8Array)) return undefined
  try {
    const act = openPayload(payload, subject.links.seal, item)
    if (!isLinkAct(act) || act.recordedAt.slice(0, 13) !== hour) return undefined
    const opened = openedAct(act, { pk: item.pk, sk: item.sk }, subject)
    return opened.leaf === leaf ? opened : undefined
  } catch {
    return undefined
  }
}

function openedAct(act: LinkAct, key: Key, { sub, links: { salt } }: SubjectKeys): OpenedLinkAct {
  const [side = '', number = ''] = key.sk.split('#')
  const claims = linkClaimsOf(sub, act)
  const all = claims.map((claim) => makeDisclosure(key.sk, claim, salt))
  const leaf = digestLeaf(act.act, all.map(disclosureDigest))
  const identity = all[claims.findIndex(({ name }) => name === identityClaim)]
  const disclosures = all.filter((each) => each !== identity)
  return { act, key, side, number: Number(number), leaf, disclosures, ...(identity !== undefined && { identity }) }
}

/** Most entries that are read of one subject: a bound on the work of one answer. `make-link.ts` lets a subject have no more. */
export const maxLinkActs = 256

/** The subject's entries that open, in the order of their keys; all, or those of one pair. A row that does not open was planted or damaged: the self-audit reports it. */
export async function linkActsOf(
  entries: Pick<Table, 'query'>,
  subject: SubjectKeys,
  side?: string,
): Promise<OpenedLinkAct[]> {
  const acts: OpenedLinkAct[] = []
  let read = 0
  for await (const item of queryAll(entries, linksPk(subject), side === undefined ? {} : { prefix: `${side}#` })) {
    const opened = openLinkAct(item, subject)
    if (opened) acts.push(opened)
    if (++read >= 2 * maxLinkActs) break
  }
  return acts
}
