/**
 * `consent-proof@1`, the file: DESIGN section 6. The ledger writes it and the verifier reads it; this is all that they share.
 * Everything in it is either in the log (with the proof that it is) or can be recomputed from what is.
 */
import type { Identity } from './event.ts'
import type { PolicyText, PolicyVersion, Presentation, Retraction } from './policy.ts'
import type { StatusAnswer } from './status-answer.ts'
import type { Unreadable } from './unreadable.ts'

/** Seconds from recording to the first checkpoint that has the leaf: what the inclusion promise promises. */
export const promisedDelaySeconds = 120

/** In the log: the leaf's bytes (as text, hashed as UTF-8), and `c2sp.org/tlog-proof@v1` against the file's checkpoint. */
export interface Logged {
  readonly leaf: string
  readonly tlogProof: string
  /** When the leaf is `backdated`: known only from the first checkpoint that has it. Absent: known from the time it states. */
  readonly backdated?: Backdating
  /**
   * When the log had the leaf more than 5 minutes before the time that it states, in signed notes: `has` is the first checkpoint with it.
   * It is known from the time of that, and the clock that stamped it was wrong.
   */
  readonly postdated?: { readonly has: string }
}

/**
 * Why a leaf counts as backdated, in signed notes. `lacks`: the newest checkpoint that lacks the leaf, made more than the
 * promised delay after the time that the leaf states. `time`: a `time` leaf before it in the log, of an hour that begins more than 5 minutes
 * after it. At least one of the two. `has`: the first checkpoint that has the leaf; its time is when the leaf became known.
 */
export interface Backdating {
  readonly lacks?: string
  readonly time?: { readonly leaf: string; readonly tlogProof: string }
  readonly has: string
}

export interface ConsentProof {
  readonly format: 'consent-proof@1'
  /** Of the log: `<host>/<controller>`. */
  readonly origin: string
  readonly question: ProofQuestion
  readonly answer: StatusAnswer
  readonly limits: ProofLimits
  /**
   * What the ledger holds and `checkpoint` does not have, oldest record first. Absent when there is nothing. It is the ledger's own
   * word against its answer: the answer does not count these, and any of them may change it.
   */
  readonly pending?: readonly PendingEntry[]
  /** The newest checkpoint: a signed note with its cosignatures. Every tlog-proof in the file is against this one. */
  readonly checkpoint: string
  /**
   * The newest checkpoint made at or before `knownAt`, when it is another, with the hashes (base64) that prove it a prefix of
   * `checkpoint`. Absent when `checkpoint` itself is the one, or when there was none.
   */
  readonly knownAtCheckpoint?: { readonly checkpoint: string; readonly consistency: readonly string[] }
  /**
   * Checkpoints before which the log's clock was ahead and set back. They show by when smaller ones were there that state later times.
   * Absent when the clock never was.
   */
  readonly setBacks?: readonly string[]
  /** Every event of the subject known at `knownAt`, oldest record first. */
  readonly events: readonly (Logged & { readonly disclosures: readonly string[] })[]
  /** Every version of the policy known at `knownAt`. */
  readonly versions: readonly (Logged & { readonly version: PolicyVersion })[]
  readonly retractions: readonly (Logged & { readonly retraction: Retraction })[]
  /** Those that covering events name. */
  readonly presentations: readonly (Logged & { readonly presentation: Presentation })[]
  /**
   * What the ledger holds of this subject and policy and cannot read; absent when there is nothing. While there is, the answer is
   * Undetermined or a no. An event is here with its leaf and its proof where the log has it in an event's form.
   */
  readonly unreadable?: readonly (Unreadable & Partial<Pick<Logged, 'leaf' | 'tlogProof'>>)[]
  /** The texts of the versions shown and in force: in the locale shown, or all when that is not known (`assumed`). */
  readonly texts: readonly ProofText[]
}

/**
 * An entry that waits for its place in the log. An event of the subject whatever it decides on, since its leaf does not say; of the
 * policy every version and retraction, and the presentations that covering events name. Recorded after the `knownAt` that was asked
 * for, it is not pending: it could not change what was known then.
 */
export type PendingEntry = (
  | { readonly kind: 'event'; readonly receiptId: string }
  | { readonly kind: 'version' | 'retraction' | 'presentation'; readonly name: string }
) & {
  /** base64url of the leaf's hash, as the inclusion promise in the receipt has it. */
  readonly leafHash: string
  /** Of an event that can be opened no more, the last instant of the hour in which it was recorded. */
  readonly recordedAt: string
  /** `recordedAt` and the promised delay: with a newer checkpoint that lacks it, the promise is broken. */
  readonly promisedBy: string
}

/** The instant by which the log promises to have what was recorded. */
export function promisedBy(recordedAt: string): string {
  return new Date(Date.parse(recordedAt) + promisedDelaySeconds * 1000).toISOString()
}

export interface ProofQuestion {
  readonly controller: string
  readonly subject: Identity
  readonly purposeId?: string
  readonly policyId?: string
  readonly at: string
  /** Never later than what the checkpoint covers: its second, or the latest time that something in it states. */
  readonly knownAt: string
  /**
   * The `knownAt` that was asked for, when it was lowered to what the checkpoint covers; and when something is pending, the instant at
   * which the ledger looked.
   */
  readonly askedKnownAt?: string
}

/** What the proof does not say. */
export interface ProofLimits {
  /** `not-proven`: these are at least the events of the subject; that none is left out is not proven. */
  readonly completeness: 'not-proven'
  /** `knownAt` is less than the promised delay before the newest checkpoint: what is known may still grow. */
  readonly provisional: boolean
}

export type ProofText = PolicyText & { readonly version: string; readonly localeShown: boolean; readonly text: string }
