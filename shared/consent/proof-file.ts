/**
 * The file format `consent-proof@1`. The ledger writes it and the verifier reads it; this is all that they share.
 * Its content is in the log, with proof of that, or can be recomputed from logged content; comments name what is only the ledger's statement.
 */
import { identity } from './event.ts'
import { jointAnswer } from './joint-status.ts'
import { policyText, policyVersion, presentation, retraction } from './policy.ts'
import {
  digest,
  disclosure,
  either,
  eventId,
  extended,
  flag,
  id,
  instant,
  leaf,
  list,
  name,
  note,
  oneOf,
  optional,
  record,
  type TypeOf,
  tlogProof,
  versionName,
  wording,
} from './schema.ts'
import { statusAnswer } from './status-answer.ts'
import { unreadableInProof } from './unreadable.ts'

/** A leaf in the log, with its proof against the file's checkpoint. */
const provenLeaf = record({ leaf, tlogProof })

/**
 * Why a leaf counts as backdated, in signed notes. `lacks`: the newest checkpoint that lacks the leaf, made more than the
 * promised delay after the time that the leaf states. `time`: a `time` leaf before it in the log, of an hour that begins more than 5 minutes
 * after it. At least one of the two. `has`: the first checkpoint that has the leaf; its time is when the leaf became known.
 */
const backdating = record({ lacks: optional(note), time: optional(provenLeaf), has: note })
export interface Backdating extends TypeOf<typeof backdating> {}

/** In the log: the leaf's bytes (as text, hashed as UTF-8), and `c2sp.org/tlog-proof@v1` against the file's checkpoint. */
export const logged = extended(provenLeaf, {
  /** When the leaf is `backdated`: known only from the first checkpoint that has it. Absent: known from the time it states. */
  backdated: optional(backdating),
  /**
   * When the log had the leaf more than 5 minutes before the time that it states, in signed notes: `has` is the first checkpoint with it.
   * It is known from the time of that, and the clock that stamped it was wrong.
   */
  postdated: optional(record({ has: note })),
})
export interface Logged extends TypeOf<typeof logged> {}

export const loggedEvent = extended(logged, { disclosures: list(disclosure) })
export const loggedVersion = extended(logged, { version: policyVersion })
export const loggedRetraction = extended(logged, { retraction })
/** A mandate or its revocation; the kind of the leaf says which. The disclosures open what it states and whose it is. */
export const loggedMandate = extended(logged, { disclosures: list(disclosure) })
/** A receiver's report (`completion.ts`). The disclosure opens what it states. */
export const loggedCompletion = extended(provenLeaf, { disclosures: list(disclosure) })
export const loggedPresentation = extended(logged, { presentation })

const promised = record({
  /** The leaf's hash, as the inclusion promise in the receipt has it. */
  leafHash: digest,
  /** For an event that can no longer be opened: the last instant of the hour in which it was recorded. */
  recordedAt: instant,
  /** `recordedAt` plus the promised delay. A checkpoint made later that lacks the entry shows that the promise is broken. */
  promisedBy: instant,
})

export const pendingEvent = extended(record({ kind: oneOf(['event']), receiptId: name }), promised.members)
export const pendingPublication = extended(
  record({ kind: oneOf(['version', 'retraction', 'presentation']), name }),
  promised.members,
)
export const pendingMandate = extended(
  record({ kind: oneOf(['mandate', 'revocation']), mandateId: eventId }),
  promised.members,
)

export const pendingLink = extended(record({ kind: oneOf(['link']), linkId: name }), promised.members)

/**
 * A recorded entry that the log does not have yet: any event of the subject, since its leaf does not say what it decides on; any version
 * or retraction of the policy; a presentation or mandate that covering events name, or the revocation of such a mandate; a side of a link. An
 * entry recorded after the `knownAt` that was asked for is not listed, because it could not change what was known then.
 */
export const pendingEntry = either(pendingEvent, pendingPublication, pendingLink, pendingMandate)
export type PendingEntry = TypeOf<typeof pendingEntry>

export const proofQuestion = record({
  controller: id,
  subject: identity,
  /** Exactly one of the two. */
  purposeId: optional(id),
  policyId: optional(id),
  at: instant,
  /** Never later than the checkpoint covers: its own second, or the latest time stated in it. */
  knownAt: instant,
  /**
   * The `knownAt` that was asked for, when it was lowered to what the checkpoint covers. When none was asked for and entries are
   * pending: the instant at which the ledger made the proof.
   */
  askedKnownAt: optional(instant),
})

/** The newest checkpoint made at or before `knownAt`, with the hashes (base64) that prove it a prefix of the file's checkpoint. */
export const checkpointPrefix = record({ checkpoint: note, consistency: list(wording) })

export const proofText = extended(policyText, { version: versionName, localeShown: flag, text: wording })
export interface ProofText extends TypeOf<typeof proofText> {}

/** The proof about one subject. */
export const proofOfOne = record({
  format: oneOf(['consent-proof@1']),
  question: proofQuestion,
  answer: statusAnswer,
  /** Origin of the log: `<host>/<controller>`. */
  origin: wording,
  /** What the proof does not show. */
  limits: record({
    /** `not-proven`: these are at least the events of the subject; that none is left out is not proven. */
    completeness: oneOf(['not-proven']),
    /** `knownAt` is less than the promised delay before the newest checkpoint: what is known may still grow. */
    provisional: flag,
  }),
  /**
   * Recorded entries that `checkpoint` does not have yet, oldest record first; absent when there are none. The answer does not count
   * them, and any of them may change it. Nothing in the log proves this list: it is the ledger's own statement.
   */
  pending: optional(list(pendingEntry)),
  /** The newest checkpoint: a signed note with its cosignatures. Every tlog-proof in the file is against this one. */
  checkpoint: note,
  /** Absent when `checkpoint` itself was made at or before `knownAt`, or when there was none. */
  knownAtCheckpoint: optional(checkpointPrefix),
  /**
   * Checkpoints made after the log's clock was ahead and was set back. They show by when smaller checkpoints existed that state later times.
   * Absent if the clock was never set back.
   */
  setBacks: optional(list(note)),
  /** Every event of the subject known at `knownAt`, oldest record first. */
  events: list(loggedEvent),
  /** Every version of the policy known at `knownAt`. */
  versions: list(loggedVersion),
  retractions: list(loggedRetraction),
  /** The presentations that covering events name. */
  presentations: list(loggedPresentation),
  /** The mandates that covering events name, with their revocations, as known at `knownAt`; absent when there are none. */
  mandates: optional(list(loggedMandate)),
  /**
   * Reports of receivers that they acted on a decision in question, as known at `knownAt`. They change no answer, and that none is left out is not
   * shown. Absent when there are none; a verifier that does not know this member refuses the file.
   */
  completions: optional(list(loggedCompletion)),
  /**
   * No event without disclosures was recorded after this instant. The ledger states it, and the answer is recomputed with it. Absent when
   * there are no such events.
   */
  expiredUntil: optional(instant),
  /**
   * Stored entries of this subject and policy that the ledger cannot read; absent when there are none. With one, the answer is
   * Undetermined or a no.
   */
  unreadable: optional(list(unreadableInProof)),
  /** The texts of the versions shown and in force: in the locale shown, or all when that is not known (`assumed`). */
  texts: list(proofText),
})

/**
 * A subject that the one asked about is linked to: both sides of the link, and the proof about it alone, for the same question. Its identifier
 * is not disclosed: its `question.subject` is `{ type: 'linked', id: <linkId> }`.
 */
export const linkedProof = record({ linkId: name, here: loggedEvent, there: loggedEvent, proof: proofOfOne })
export interface LinkedProof extends TypeOf<typeof linkedProof> {}

/** Type of the identity that stands for a linked subject's own. No identifier of a person may have this type. */
export const linkedType = 'linked'

export const consentProof = extended(proofOfOne, {
  /**
   * For a subject that is linked, as known at `knownAt`: what it and the linked ones amount to together. That no other link was left out
   * is not proven. Absent when there is no link; a verifier that does not know this member must refuse the file.
   */
  joint: optional(record({ answer: jointAnswer, subjects: list(linkedProof) })),
})
export interface ProofOfOne extends TypeOf<typeof proofOfOne> {}
export interface ConsentProof extends TypeOf<typeof consentProof> {}
