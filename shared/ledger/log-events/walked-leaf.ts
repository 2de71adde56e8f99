/** What a walk over a log (`walk-log.ts`) needs and yields. */
import type { LoggedEntry } from '../log/log-items.ts'
import type { OpenedEvent } from '../recording/sealed-event.ts'
import type { Item, Table } from '../store.ts'
import type { PseudonymSearch } from '../vault/find-by-pseudonym.ts'
import type { SubjectKeys } from '../vault/subject-keys.ts'

/** What a walk reads. It writes nothing. */
export interface LogWalker extends PseudonymSearch {
  readonly entries: Pick<Table, 'get'>
  readonly log: Table
}

/** A leaf where it is in the log. */
export interface PlacedLeaf extends LoggedEntry {
  readonly index: number
  /** RFC 3339: the time of its batch. Never goes back, unless the log's clock was set back. */
  readonly loggedAt: string
}

/** A leaf with its entry, and an event opened where its keys still exist. */
export interface WalkedLeaf extends PlacedLeaf {
  /** The leaf's own `kind`: `event`, `policy`, `erased`, `link`, `time`, … (CHANGELOG.md has all). `unreadable`: see `item`. */
  readonly kind: string
  /** The stored entry. Absent for a `time` leaf, which has none, and for one that is gone or is not what the log has. */
  readonly item?: Item
  /** For kind `event`. */
  readonly event?: WalkedEvent
}

/**
 * An event, or why it stays closed.
 *
 *   erased       its subject was erased
 *   lapsed       retention destroyed the keys of its year
 *   unreadable   its keys exist, and the stored row does not open
 *   unreachable  no row of the vault leads to its keys: a subject from before 1 December 2026, or one whose row was damaged. It may also be
 *                seconds old: the index is late on AWS, so whoever is near the end of the log may walk there again later
 */
export type WalkedEvent =
  | { readonly state: 'opened'; readonly opened: OpenedEvent; readonly subject: WalkedSubject }
  | { readonly state: 'lapsed' | 'unreadable'; readonly subject?: WalkedSubject }
  | { readonly state: 'erased' | 'unreachable' }

export interface WalkedSubject {
  /** With the keys of the event's year and of the subject's first, but not of others. */
  readonly keys: SubjectKeys
  /** Partition key of the subject's rows in the vault. */
  readonly rowsPk: string
}
