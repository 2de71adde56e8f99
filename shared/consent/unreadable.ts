/**
 * Stored entries that the ledger cannot read, and their effect on an answer.
 *
 * Such an entry may be about anything: a withdrawal, an objection, a new version with a major change. So while one is there nothing
 * permits, and nothing is said to be unrecorded: the status is Undetermined. A no that stands stays a no, because nothing that
 * cannot be read may turn it into a yes.
 */
import {
  count,
  either,
  extended,
  id,
  leaf,
  oneOf,
  optional,
  record,
  rowName,
  type TypeOf,
  tlogProof,
} from './schema.ts'

/** An event is stored under this receiptId, its keys are there, and it does not open or is not of an event's form. */
const event = record({ code: oneOf(['event-unreadable']), receiptId: rowName })
/** The subject's own key does not unwrap, so that none of its events can be found. */
const keys = record({ code: oneOf(['keys-unreadable']) })
/** A record of the policy; `name` is its key, such as `version#2`. */
const publication = record({ code: oneOf(['publication-unreadable']), policyId: id, name: rowName })
/** So many more than an answer names. */
const more = record({ code: oneOf(['more-unreadable']), count })

/** One entry, as every answer names it. */
export const unreadable = either(event, keys, publication, more)
export type Unreadable = TypeOf<typeof unreadable>

/** In a proof an event has its leaf and tlog-proof, when the log has it and the leaf has an event's form. */
export const unreadableInProof = either(
  extended(event, { leaf: optional(leaf), tlogProof: optional(tlogProof) }),
  keys,
  publication,
  more,
)

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
