/**
 * Finds the subjects that a subject is linked to, for an answer about it. Links do not chain: their own other links are not followed. A
 * subject without links costs one query; each link costs the other's rows of the vault and its entries of the pair.
 */
import { linkedType } from '../../consent/proof-file.ts'
import { type KnownLinkAct, linkStands } from '../../consent/subject-links.ts'
import type { Ledger } from '../ledger.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { type NamedKeys, type StoredSubject, storedUnder, subjectKeysIfReadable } from '../vault/vault.ts'
import { linkActsOf, type OpenedLinkAct, pairOf } from './link-entries.ts'
import { linkRowKey, otherRowIn } from './link-rows.ts'

/** A subject that another one is linked to. */
export interface LinkedSubject {
  /** The link that stands. */
  readonly linkId: string
  /** Absent when they cannot be read: it may have said anything, and whether it has ended the link is not known. */
  readonly keys?: NamedKeys
  readonly stored: StoredSubject
  /** Acts of the pair under the subject asked about, and under this one. */
  readonly here: readonly OpenedLinkAct[]
  readonly there: readonly OpenedLinkAct[]
}

/** Called before anything of the linked subjects is read. Returns whether they may be read, and records the read under each. */
export type AdmitLinked = (linked: readonly LinkedSubject[]) => Promise<boolean>

/**
 * Those whose newest link stands at `at`, as known by `knownAt`, in the order of their link ids. A subject that was erased is not among them:
 * its rows are gone, and with them the way to it.
 */
export async function linkedSubjects(
  ledger: Pick<Ledger, 'entries' | 'vault' | 'clock'>,
  scope: VaultScope,
  subject: NamedKeys,
  { at, knownAt }: { readonly at: string; readonly knownAt: string },
): Promise<LinkedSubject[]> {
  const bySide = Map.groupBy(await linkActsOf(ledger.entries, subject), ({ side }) => side)
  const found = await Promise.all(
    [...bySide].map(async ([side, here]) => {
      const linkId = linkStandingIn(here, at, knownAt)
      if (linkId === undefined) return undefined
      const other = await otherOf(ledger, scope, subject, side, linkId)
      if (other === undefined) return undefined
      if (other.keys === undefined) return { linkId, ...other, here, there: [] }
      const there = await linkActsOf(ledger.entries, other.keys, pairOf(subject, other.keys).sides[1])
      const sides = { here: here.map(knownAct), there: there.map(knownAct) }
      return linkStands(linkId, sides, at, knownAt) ? { linkId, ...other, here, there } : undefined
    }),
  )
  return found.filter((each) => each !== undefined).sort((a, b) => (a.linkId < b.linkId ? -1 : 1))
}

/** The link that one side's acts leave standing. */
export function linkStandingIn(acts: readonly OpenedLinkAct[], at: string, knownAt: string): string | undefined {
  const known = acts.map(knownAct)
  const links = known.filter(({ act }) => act === 'link').map(({ linkId }) => linkId)
  return links.findLast((linkId) => linkStands(linkId, { here: known, there: known }, at, knownAt))
}

const knownAct = ({ act }: OpenedLinkAct): KnownLinkAct => act

/**
 * The other subject of a pair; `undefined` when it was erased, and without keys when they do not unwrap. Its identifier is neither known nor
 * needed here: the link's id stands for it.
 */
export async function otherOf(
  ledger: Pick<Ledger, 'vault' | 'clock'>,
  scope: VaultScope,
  subject: NamedKeys,
  side: string,
  linkId: string,
): Promise<Pick<LinkedSubject, 'keys' | 'stored'> | undefined> {
  const [row] = await ledger.vault.get([linkRowKey(subject.rowsPk, side)])
  const other = row && otherRowIn(scope, row)
  const stored = other && (await storedUnder(ledger, { form: { type: linkedType, id: linkId }, pk: other.pk }))
  if (stored === undefined) return undefined
  const keys = await subjectKeysIfReadable(ledger, scope, stored.name.form, stored)
  if (keys === undefined) return { stored }
  // After an erasure another subject may have the name. It was never linked.
  return pairOf(subject, keys).sides[0] === side ? { keys, stored } : undefined
}
