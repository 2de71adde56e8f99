/**
 * Entries that are stored and not in the published tree. A proof names them with their promise. The sequencer may be late or stopped, or
 * an index row may be gone; the file cannot distinguish these.
 *
 * A question with a `knownAt` is about what was known then. An entry that states a later time cannot change the answer and is left out,
 * unless that time is in the future: then a wrong clock stamped it, and it may have been recorded by `knownAt`.
 */
import { compareText } from '../../consent/policy.ts'
import { promisedBy } from '../../consent/promised-delay.ts'
import type { PendingEntry } from '../../consent/proof-file.ts'
import { leafHash } from '../../tlog/merkle.ts'
import { lastInstantOf, receiptIdOf } from '../recording/sealed-event.ts'
import type { Item } from '../store.ts'

export type PendingName =
  | { readonly kind: 'event'; readonly receiptId: string }
  | { readonly kind: 'version' | 'retraction' | 'presentation'; readonly name: string }
  | { readonly kind: 'link'; readonly linkId: string }
  | { readonly kind: 'mandate' | 'revocation'; readonly mandateId: string }

export class PendingList {
  readonly #now: string
  readonly #knownAt: string
  readonly #entries: PendingEntry[] = []

  /** Without `knownAt` every entry counts, also one stamped by a clock ahead of this instance's. */
  constructor(now: string, knownAt = '9999') {
    this.#now = now
    this.#knownAt = knownAt
  }

  add(name: PendingName, leaf: string, recordedAt: string): void {
    if (this.#mayBeKnown(recordedAt)) this.#push(name, leaf, recordedAt)
  }

  /** Adds an event whose key is destroyed, by its hour: its item has no finer time in clear. */
  addClosed(item: Item): void {
    const { leaf, hour } = item.values
    if (!this.#mayBeKnown(`${hour}:00:00.000Z`)) return
    this.#push({ kind: 'event', receiptId: receiptIdOf(item) }, String(leaf), lastInstantOf(item))
  }

  #mayBeKnown(statedAt: string): boolean {
    return statedAt <= this.#knownAt || statedAt > this.#now
  }

  #push(name: PendingName, leaf: string, recordedAt: string): void {
    const hash = Buffer.from(leafHash(Buffer.from(leaf))).toString('base64url')
    this.#entries.push({ ...name, leafHash: hash, recordedAt, promisedBy: promisedBy(recordedAt) })
  }

  /** Oldest record first. */
  get entries(): readonly PendingEntry[] {
    return this.#entries.toSorted((a, b) => compareText(a.recordedAt, b.recordedAt))
  }
}
