/**
 * How mandates (`consent/mandate.ts`) are stored: two entries, both sealed for the subject.
 *
 *   mandate      PK `<controller>#mandate#<sub>`    SK `<name>`          leaf of kind `mandate`
 *   revocation   the same                           SK `<name>#ended`    leaf of kind `mandate-ended`
 *
 *   leaf     digests of field:mandate (what it states), field:subject (the `sub`) and field:actor (who recorded it); without `sub`, so that the
 *            log does not tell for whom somebody else decides
 *   hour     as of an event
 *   payload  {stated, actor}, sealed under the subject's `mandates` key, PK and SK authenticated
 *
 * `<name>` is an HMAC of the mandate's id under a key of the subject: after an erasure, the id in the controller's files leads nowhere. The
 * partition is not that of the events, so that only the function that records mandates may insert there.
 *
 * A mandate is needed for as long as a decision under it, whatever its year. So its key is lost with the subject and not with a year.
 */

import { lastInstant } from '../../consent/duration.ts'
import { digestLeaf } from '../../consent/leaf.ts'
import { endOfMandate, isMandate, isMandateEnd, type Mandate, type MandateEnd } from '../../consent/mandate.ts'
import { hmacText } from '../derived-keys.ts'
import { disclosureDigest, makeDisclosure } from '../disclosures.ts'
import type { Holder } from '../holder-entry.ts'
import { openPayload, sealPayload } from '../sealed-payload.ts'
import { type Item, type Key, queryAll, type Randomness, type Table } from '../store.ts'
import type { SubjectKeys } from '../vault/subject-keys.ts'

/** An entry that opens, with what a proof shows of it. */
export interface OpenedEntry<T> {
  readonly stated: T
  /** Who recorded it. */
  readonly actor: Holder
  readonly key: Key
  readonly leaf: string
  /** Disclosures of field:mandate and field:subject. */
  readonly disclosures: readonly string[]
}

export interface OpenedMandate {
  readonly made: OpenedEntry<Mandate>
  readonly ended?: OpenedEntry<MandateEnd>
}

type Owner = Pick<SubjectKeys, 'controller' | 'sub' | 'id' | 'mandates'>

/** Longer than nearly every content, so that the length does not show it. */
const paddedBytes = 384
const endSuffix = '#ended'

export const mandatesPk = ({ controller, sub }: Pick<Owner, 'controller' | 'sub'>): string =>
  `${controller}#mandate#${sub}`

export function mandateKeys(subject: Owner, mandateId: string): readonly [made: Key, ended: Key] {
  const pk = mandatesPk(subject)
  const sk = hmacText(subject.id, mandateId, 16)
  return [
    { pk, sk },
    { pk, sk: sk + endSuffix },
  ]
}

export const isEnd = ({ sk }: Key): boolean => sk.endsWith(endSuffix)

export function mandateItem(subject: Owner, stated: Mandate, actor: Holder, random: Randomness): Item {
  const [key] = mandateKeys(subject, stated.mandateId)
  return sealed(subject, key, stated, stated.recordedAt, actor, random)
}

export function mandateEndItem(subject: Owner, stated: MandateEnd, actor: Holder, random: Randomness): Item {
  const [, key] = mandateKeys(subject, stated.mandateId)
  return sealed(subject, key, stated, stated.revokedAt, actor, random)
}

function sealed(subject: Owner, key: Key, stated: object, at: string, actor: Holder, random: Randomness): Item {
  const { leaf } = committed(subject, key, stated, actor)
  const payload = sealPayload({ stated, actor }, subject.mandates.seal, key, random, paddedBytes)
  return { ...key, values: { leaf, hour: at.slice(0, 13), payload } }
}

/** The leaf is made again and not read: a row with another one is not the entry that was recorded. */
function committed({ sub, mandates: { salt } }: Owner, key: Key, stated: object, actor: Holder) {
  const disclose = (name: string, value: unknown) => makeDisclosure(key.sk, { name: `field:${name}`, value }, salt)
  const disclosures = [disclose('mandate', stated), disclose('subject', sub)]
  const digests = [...disclosures, disclose('actor', actor)].map(disclosureDigest)
  return { leaf: digestLeaf(isEnd(key) ? 'mandate-ended' : 'mandate', digests), disclosures }
}

/** `undefined` when it was not sealed for the subject under this key, was changed, or has a form that only a later release knows. */
export function openMandate(item: Item, subject: Owner): OpenedEntry<Mandate> | undefined {
  const opened = open(item, subject)
  if (opened === undefined || isEnd(item) || !isMandate(opened.stated)) return undefined
  const { stated } = opened
  return item.sk === mandateKeys(subject, stated.mandateId)[0].sk &&
    stated.recordedAt.startsWith(String(item.values.hour))
    ? { ...opened, stated }
    : undefined
}

/** The same for a revocation. */
export function openMandateEnd(item: Item, subject: Owner): OpenedEntry<MandateEnd> | undefined {
  const opened = open(item, subject)
  if (opened === undefined || !isEnd(item) || !isMandateEnd(opened.stated)) return undefined
  const { stated } = opened
  return item.sk === mandateKeys(subject, stated.mandateId)[1].sk &&
    stated.revokedAt.startsWith(String(item.values.hour))
    ? { ...opened, stated }
    : undefined
}

function open({ pk, sk, values }: Item, subject: Owner): OpenedEntry<unknown> | undefined {
  const { leaf, payload } = values
  if (!(payload instanceof Uint8Array) || pk !== mandatesPk(subject)) return undefined
  const key = { pk, sk }
  try {
    // Only this module seals under this key; what is stated is checked by the caller.
    const content = openPayload(payload, subject.mandates.seal, key) as { stated: object; actor: Holder }
    const made = committed(subject, key, content.stated, content.actor)
    return made.leaf === leaf ? { ...content, key, ...made } : undefined
  } catch {
    return undefined
  }
}

/** Whether a mandate of the subject stands now or later. Its key is the subject's own, which must then be kept. */
export async function hasMandateFrom(entries: Pick<Table, 'query'>, subject: Owner, now: string): Promise<boolean> {
  const all = [...(await mandatesOf(entries, subject)).values()]
  return all.some(({ made, ended }) => ended === undefined && (endOfMandate(made.stated) ?? lastInstant) > now)
}

/** How many mandates were recorded for the subject, those that cannot be read included. */
export async function countMandates(entries: Pick<Table, 'query'>, subject: Owner): Promise<number> {
  let count = 0
  for await (const item of queryAll(entries, mandatesPk(subject))) if (!isEnd(item)) count++
  return count
}

/**
 * The subject's mandates by id, with their revocations. One that cannot be read is no mandate, and neither is one whose revocation cannot be
 * read: nobody knows when it ended.
 */
export async function mandatesOf(
  entries: Pick<Table, 'query'>,
  subject: Owner,
): Promise<ReadonlyMap<string, OpenedMandate>> {
  const items: Item[] = []
  for await (const item of queryAll(entries, mandatesPk(subject))) items.push(item)
  const ends = new Map(items.filter(isEnd).map((item) => [item.sk, openMandateEnd(item, subject)]))
  const found = new Map<string, OpenedMandate>()
  for (const item of items) {
    const made = openMandate(item, subject)
    if (made === undefined) continue
    const endSk = item.sk + endSuffix
    const ended = ends.get(endSk)
    if (ended !== undefined || !ends.has(endSk)) found.set(made.stated.mandateId, { made, ...(ended && { ended }) })
  }
  return found
}
