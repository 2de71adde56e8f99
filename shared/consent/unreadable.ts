/**
 * Stored entries that the ledger cannot read, and their effect on an answer.
 *
 * Such an entry may be about anything: a withdrawal, an objection, a new version with a major change. So while one is there nothing
 * permits, and nothing is said to be unrecorded: the status is Undetermined. A no that stands stays a no, because nothing that
 * cannot be read may turn it into a yes.
 */
/** One entry, as every answer names it. */
export type Unreadable =
  /** An event is stored under this receiptId, its keys are there, and it does not open or is not of an event's form. */
  | { readonly code: 'event-unreadable'; readonly receiptId: string }
  /** The subject's own key does not unwrap, so that none of its events can be found. */
  | { readonly code: 'keys-unreadable' }
  /** A record of the policy; `name` is its key, such as `version#2`. */
  | { readonly code: 'publication-unreadable'; readonly policyId: string; readonly name: string }
  /** So many more than an answer names. */
  | { readonly code: 'more-unreadable'; readonly count: number }

/** Bound on the entries that an answer names and a proof holds, because anyone who may insert can plant any number. */
export const maxUnreadableNamed = 100

/** Why an answer is Undetermined: the first kind of entry that is in the way. */
export type UnreadableReason = 'event-unreadable' | 'publication-unreadable'

export function reasonIn(unreadable: readonly Unreadable[]): UnreadableReason | undefined {
  if (unreadable.length === 0) return undefined
  return unreadable.every(({ code }) => code === 'publication-unreadable')
    ? 'publication-unreadable'
    : 'event-unreadable'
}
