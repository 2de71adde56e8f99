/** Reads the entries of a few leaves and opens the events among them, with as few calls as there can be. */
import { leafHash } from '../../tlog/merkle.ts'
import { erasureKey, isErasure } from '../erasure/erasure-entry.ts'
import { equalHashes } from '../log/batches.ts'
import { timePk } from '../log/log-items.ts'
import { openEvent, yearOfItem } from '../recording/sealed-event.ts'
import type { Item, Key } from '../store.ts'
import { claimsOf, findByPseudonym } from '../vault/find-by-pseudonym.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { subjectKeysInRows } from '../vault/vault-rows.ts'
import type { RowPlaces } from './row-places.ts'
import type { LogWalker, PlacedLeaf, WalkedEvent, WalkedLeaf, WalkedSubject } from './walked-leaf.ts'

export async function openChunk(
  walker: LogWalker,
  scope: VaultScope,
  leaves: readonly PlacedLeaf[],
  places: RowPlaces,
): Promise<readonly WalkedLeaf[]> {
  const stored = await entriesOf(walker, scope, leaves)
  const read = leaves.map((leaf, i) => readLeaf(scope, leaf, stored[i]))
  const events = read.filter(isStoredEvent)
  const subjects = await subjectsOf(walker, scope, events, places)
  const lost = new Set(events.map(({ key }) => key.pk).filter((subject) => !subjects.has(subject)))
  const erased = await erasedAmong(walker, scope, [...lost])
  return read.map((leaf) => {
    if (!isStoredEvent(leaf)) return leaf.kind === 'event' ? { ...leaf, event: { state: 'unreadable' } } : leaf
    const subject = subjects.get(leaf.key.pk)
    if (subject === undefined) return { ...leaf, event: { state: erased.has(leaf.key.pk) ? 'erased' : 'unreachable' } }
    return { ...leaf, event: opened(leaf.item, subject) }
  })
}

/** In the order of the leaves. A `time` leaf has no entry. */
async function entriesOf(
  { entries }: LogWalker,
  { controller }: VaultScope,
  leaves: readonly PlacedLeaf[],
): Promise<(Item | undefined)[]> {
  const isStored = ({ key }: PlacedLeaf) => key.pk !== timePk(controller)
  const found = (await entries.get(leaves.filter(isStored).map(({ key }) => key))).values()
  return leaves.map((leaf) => (isStored(leaf) ? found.next().value : undefined))
}

/** An entry counts only if its leaf has the hash that the log has: anything else was put in its place. */
function readLeaf({ controller }: VaultScope, leaf: PlacedLeaf, item: Item | undefined): WalkedLeaf {
  if (leaf.key.pk === timePk(controller)) return { ...leaf, kind: 'time' }
  const text = item?.values.leaf
  const isLogged = typeof text === 'string' && equalHashes(leafHash(Buffer.from(text)), leaf.leafHash)
  if (isLogged) return { ...leaf, kind: kindIn(text), item }
  return { ...leaf, kind: leaf.key.sk.startsWith('event#') ? 'event' : 'unreadable' }
}

/** A leaf is canonical JSON (RFC 8785) of the ledger's own making. */
function kindIn(leaf: string): string {
  try {
    const { kind } = JSON.parse(leaf)
    return typeof kind === 'string' ? kind : 'unreadable'
  } catch {
    return 'unreadable'
  }
}

type StoredEvent = WalkedLeaf & { readonly item: Item }
const isStoredEvent = (leaf: WalkedLeaf): leaf is StoredEvent => leaf.kind === 'event' && leaf.item !== undefined

/** By the partition of the subject's events. A subject without a row that opens is missing. */
async function subjectsOf(
  walker: LogWalker,
  scope: VaultScope,
  events: readonly StoredEvent[],
  places: RowPlaces,
): Promise<ReadonlyMap<string, WalkedSubject>> {
  const years = new Map<string, Set<number>>()
  for (const { key, item } of events) {
    const known = years.get(key.pk) ?? new Set()
    years.set(key.pk, known.add(yearOfItem(item)))
  }
  const found = new Map<string, WalkedSubject>()
  const known = [...years.keys()].filter((subject) => places.get(subject) !== undefined)
  await readRows(walker, scope, known, years, places, found)
  const unknown = [...years.keys()].filter((subject) => !found.has(subject))
  await Promise.all(
    unknown.map(async (subject) => {
      const [claim, ...others] = await claimsOf(walker.finder, scope, subOf(subject))
      // A lone claim is checked when the rows are read below.
      const pk = others.length === 0 ? claim?.pk : await findByPseudonym(walker, scope, subOf(subject))
      if (pk === undefined) places.delete(subject)
      else places.put(subject, pk)
    }),
  )
  await readRows(
    walker,
    scope,
    unknown.filter((subject) => places.get(subject) !== undefined),
    years,
    places,
    found,
  )
  return found
}

/** Reads the rows of subjects whose place is known, and unwraps their keys. A place that is another's by now leads to nothing. */
async function readRows(
  { vault }: LogWalker,
  scope: VaultScope,
  subjects: readonly string[],
  years: ReadonlyMap<string, ReadonlySet<number>>,
  places: RowPlaces,
  found: Map<string, WalkedSubject>,
): Promise<void> {
  const asked = subjects.map((subject) => {
    const pk = places.get(subject) ?? ''
    const keys: Key[] = [...(years.get(subject) ?? [])].map((year) => ({ pk, sk: `year#${year}` }))
    return { subject, pk, keys: [{ pk, sk: 'subject' }, ...keys] }
  })
  const rows = (await vault.get(asked.flatMap(({ keys }) => keys))).values()
  for (const { subject, pk, keys: wanted } of asked) {
    const own = wanted.flatMap(() => rows.next().value ?? [])
    const keys = subjectKeysInRows(scope, own)
    if (keys?.pk === subject) found.set(subject, { rowsPk: pk, keys })
  }
}

function opened(item: Item, subject: WalkedSubject): WalkedEvent {
  const result = openEvent(item, subject.keys)
  if (result.state === 'opened') return { ...result, subject }
  return { state: result.state === 'closed' ? 'lapsed' : 'unreadable', subject }
}

/** Which of these subjects the controller erased. An entry that it did not seal, perhaps planted, is no erasure. */
async function erasedAmong(
  { entries }: LogWalker,
  scope: VaultScope,
  subjects: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = await entries.get(subjects.map((subject) => erasureKey(scope.controller, subOf(subject))))
  return new Set(subjects.filter((_, i) => found[i] && isErasure(scope, found[i])))
}

/** The pseudonym in a partition of events, `<controller>#<sub>`. */
const subOf = (subject: string): string => subject.slice(subject.indexOf('#') + 1)
