/** What the receiver of a message says that it has done: the receipt that a withdrawal was honoured. */
import { conformsExactly } from './exact-schema.ts'
import { either, id, instant, integer, optional, record, sha256Hex, type TypeOf, wording } from './schema.ts'

/** A digest of what the receiver keeps, or where it is kept. It outlives an erasure of the person, so it must not identify anybody. */
export const evidence = either(record({ sha256: sha256Hex }), record({ url: wording }))

export const completion = record({
  endpoint: id,
  /** The delivery: leaf index and part. */
  leaf: integer,
  part: integer,
  /** When the receiver acted, as it states. */
  completedAt: instant,
  /** When it reported that. */
  reportedAt: instant,
  /** The receipt of the event, if the leaf is one. */
  receiptId: optional(wording),
  evidence: optional(evidence),
})
export interface Completion extends TypeOf<typeof completion> {}

export const isCompletion = (value: unknown): value is Completion => conformsExactly(completion, value)
