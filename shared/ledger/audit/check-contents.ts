/**
 * Compares the sealed content of an entry with its leaf: the disclosures of events, reads and acts are made again from their content. Each
 * function returns what is wrong, if anything.
 */
import type { Identity } from '../../consent/event.ts'
import { digestLeaf, eventLeaf, fieldGroups } from '../../consent/leaf.ts'
import { disclosureDigest } from '../disclosures.ts'
import { erasedLeaf, openErasure } from '../erasure/erasure-entry.ts'
import { type HolderContent, type HolderEntryKind, holderDigests } from '../holder-entry.ts'
import { isDigestIntact } from '../recording/content-digest.ts'
import { eventKey, openEvent, yearOf } from '../recording/sealed-event.ts'
import { openPayload } from '../sealed-payload.ts'
import type { Item } from '../store.ts'
import { keysOfYear, type SubjectKeys, type VaultScope } from '../vault/subject-keys.ts'

/** `withoutContext`: the key of the context is gone, and everything else agrees. `closed`: the keys of the year are gone. */
export type ContentCheck = 'agrees' | 'withoutContext' | 'closed' | 'unreadable' | { readonly differs: string }

export function eventContent(item: Item, keys: SubjectKeys): ContentCheck {
  const { leaf, hour } = item.values
  const year = yearOf(String(hour))
  try {
    const { state, opened } = openEvent(item, keys)
    if (opened === undefined) return state
    const { event, disclosures } = opened
    if (eventKey(keys, event.eventId).sk !== item.sk) return { differs: 'it has the key of another event' }
    if (event.times.recordedAt.slice(0, 13) !== hour) return { differs: 'its hour is not that of its recording' }
    if (isDigestIntact(item, keys) === false)
      return { differs: 'the digest of what was sent is not the one that was made' }
    const digests = [...disclosures.values()].map(disclosureDigest)
    if (eventLeaf(keys.sub, digests) === leaf) return 'agrees'
    const isContextGone = keysOfYear(keys, year)?.context === undefined
    if (!isContextGone && !disclosures.has('field:context')) return 'unreadable'
    const all = fieldGroups.length + event.decisions.length
    if (isContextGone && isLeafWithOneMore(String(leaf), keys.sub, digests, all)) return 'withoutContext'
    return { differs: 'its leaf has other digests than its content' }
  } catch {
    return 'unreadable'
  }
}

function isLeafWithOneMore(leaf: string, sub: string, digests: readonly string[], all: number): boolean {
  const { _sd: stated } = JSON.parse(leaf) as { _sd: string[] }
  const isMore =
    stated.length === all && digests.length === all - 1 && digests.every((digest) => stated.includes(digest))
  return isMore && eventLeaf(sub, stated) === leaf
}

export function actContent(item: Item, keys: SubjectKeys): ContentCheck {
  return holderContent('act', item, keys, (leaf, digests) => leaf === digestLeaf('act', digests))
}

export function readContent(item: Item, keys: SubjectKeys): ContentCheck {
  return holderContent(
    'read',
    item,
    keys,
    (leaf, digests) => leaf === digestLeaf('read', digests) || isReadLeafWithSubject(leaf, digests),
  )
}

/** Compares the content of a read or an act, which is sealed under the keys of the token's holder. */
function holderContent(
  kind: HolderEntryKind,
  item: Item,
  keys: SubjectKeys,
  isLeafOf: (leaf: string, digests: readonly string[]) => boolean,
): ContentCheck {
  const { leaf, hour, payload } = item.values
  try {
    const year = keysOfYear(keys, yearOf(String(hour)))
    if (year === undefined) return 'closed'
    if (!(payload instanceof Uint8Array)) return 'unreadable'
    const content = openPayload(payload, year.proof.seal, item) as HolderContent & { readonly times: HolderTimes }
    const { readAt, actedAt = readAt } = content.times
    if (actedAt?.slice(0, 13) !== hour) return { differs: 'its hour is not that of its times' }
    const digests = holderDigests(kind, content, item.sk, year.proof.salt)
    return isLeafOf(String(leaf), digests) ? 'agrees' : { differs: 'its leaf has other digests than its content' }
  } catch {
    return 'unreadable'
  }
}

interface HolderTimes {
  readonly readAt?: string
  readonly actedAt?: string
}

/** The leaf may have one more digest: that of the subject, which the reader's keys do not open. */
function isReadLeafWithSubject(leaf: string, digests: readonly string[]): boolean {
  const { _sd: stated } = JSON.parse(leaf) as { _sd: string[] }
  const others = stated.filter((digest) => !digests.includes(digest))
  return others.length === 1 && digestLeaf('read', [...digests, ...others]) === leaf
}

/** The subject that a read in the earlier form names. The reader's keys open it. */
export function subjectNamedIn(item: Item, keys: SubjectKeys): Identity | undefined {
  const { hour, payload } = item.values
  const year = keys.years.get(yearOf(String(hour)))
  if (year === undefined || !(payload instanceof Uint8Array)) return undefined
  const { question } = openPayload(payload, year.proof.seal, item) as { question?: { subject?: Identity } }
  return question?.subject
}

/** What is wrong with an erasure's ground and scope. An erasure without a payload has neither, and its leaf must commit to neither. */
export function erasureContent(scope: VaultScope, item: Item): string | undefined {
  const { leaf, payload } = item.values
  const isBare = leaf === JSON.stringify({ kind: 'erased', sub: item.sk, v: 1 })
  if (payload === undefined) return isBare ? undefined : 'the ground that its leaf commits to is gone'
  try {
    const { disclosures, day = item.values.day } = openErasure(scope, item)
    if (erasedLeaf(item.sk, disclosures) !== leaf) return 'its leaf has other digests than its ground'
    return day === item.values.day ? undefined : 'its day is not that of the erasure'
  } catch {
    return 'its ground does not open'
  }
}
