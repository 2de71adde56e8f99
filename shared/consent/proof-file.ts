/**
 * The file format `consent-proof@1`. The ledger writes it and the verifier reads it; this is all that they share.
 * Its content is in the log, with proof of that, or can be recomputed from logged content; comments name what is only the ledger's statement.
 */
import type { Identity } from './event.ts'
import type { PolicyText, PolicyVersion, Presentation, Retraction } from './policy.ts'
import type { StatusAnswer } from './status-answer.ts'
import type { Unreadable } from './unreadable.ts'

/** Maximum number of seconds from recording to the first checkpoint that has the leaf, as inclusion promises state it. */
export const promisedDelaySeconds = 120

/** Milliseconds. A leaf is backdated when an earlier `time` leaf is of an hour that begins more than this after the time it states. */
export const timeLeafToleranceMs = 5 * 60_000

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
  /** Origin of the log: `<host>/<controller>`. */
  readonly origin: string
  readonly question: ProofQuestion
  readonly answer: StatusAnswer
  readonly limits: ProofLimits
  /**
   * Recorded entries that `checkpoint` does not have yet, oldest record first; absent when there are none. The answer does not count
   * them, and any of them may change it. Nothing in the log proves this list: it is the ledger's own statement.
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
   * Checkpoints made after the log's clock was ahead and was set back. They show by when smaller checkpoints existed that state later times.
   * Absent if the clock was never set back.
   */
  readonly setBacks?: readonly string[]
  /** Every event of the subject known at `knownAt`, oldest record first. */
  readonly events: readonly (Logged & { readonly disclosures: readonly string[] })[]
  /** Every version of the policy known at `knownAt`. */
  readonly versions: readonly (Logged & { readonly version: PolicyVersion })[]
  readonly retractions: readonly (Logged & { readonly retraction: Retraction })[]
  /** The presentations that covering events name. */
  readonly presentations: readonly (Logged & { readonly presentation: Presentation })[]
  /**
   * No event without disclosures was recorded after this instant. The ledger states it, and the answer is recomputed with it. Absent when
   * there are no such events.
   */
  readonly expiredUntil?: string
  /**
   * Stored entries of this subject and policy that the ledger cannot read; absent when there are none. With one, the answer is
   * Undetermined or a no. An event has its leaf and tlog-proof here when the log has it and the leaf has an event's form.
   */
  readonly unreadable?: readonly (Unreadable & Partial<Pick<Logged, 'leaf' | 'tlogProof'>>)[]
  /** The texts of the versions shown and in force: in the locale shown, or all when that is not known (`assumed`). */
  readonly texts: readonly ProofText[]
}

/**
 * A recorded entry that the log does not have yet: any event of the subject, since its leaf does not say what it decides on; any version
 * or retraction of the policy; a presentation that covering events name. An entry recorded after the `knownAt` that was asked for is not
 * listed, because it could not change what was known then.
 */
export type PendingEntry = (
  | { readonly kind: 'event'; readonly receiptId: string }
  | { readonly kind: 'version' | 'retraction' | 'presentation'; readonly name: string }
) & {
  /** base64url of the leaf's hash, as the inclusion promise in the receipt has it. */
  readonly leafHash: string
  /** For an event that can no longer be opened: the last instant of the hour in which it was recorded. */
  readonly recordedAt: string
  /** `recordedAt` plus the promised delay. A checkpoint made later that lacks the entry shows that the promise is broken. */
  readonly promisedBy: string
}

/** The instant by which the log promises to have an entry recorded at `recordedAt`. */
export function promisedBy(recordedAt: string): string {
  return new Date(Date.parse(recordedAt) + promisedDelaySeconds * 1000).toISOString()
}

export interface ProofQuestion {
  readonly controller: string
  readonly subject: Identity
  readonly purposeId?: string
  readonly policyId?: string
  readonly at: string
  /** Never later than the checkpoint covers: its own second, or the latest time stated in it. */
  readonly knownAt: string
  /**
   * The `knownAt` that was asked for, when it was lowered to what the checkpoint covers. When none was asked for and entries are
   * pending: the instant at which the ledger made the proof.
   */
  readonly askedKnownAt?: string
}

/** What the proof does not show. */
export interface ProofLimits {
  /** `not-proven`: these are at least the events of the subject; that none is left out is not proven. */
  readonly completeness: 'not-proven'
  /** `knownAt` is less than the promised delay before the newest checkpoint: what is known may still grow. */
  readonly provisional: boolean
}

export type ProofText = PolicyText & { readonly version: string; readonly localeShown: boolean; readonly text: string }
