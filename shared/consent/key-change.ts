/**
 * Changes of the keys that work for a controller. A change makes a new notice key or pepper: these are not in the record, but wrapped, in another
 * attribute of its item. A checkpoint or receipt key is replaced by a deployment, and the change records that in the controller's log.
 */
import {
  conforms,
  extended,
  flag,
  instant,
  integer,
  list,
  oneOf,
  optional,
  record,
  sha256Hex,
  type TypeOf,
  wording,
} from './schema.ts'

/** `checkpoint` signs the log; `notice` authenticates notice tokens; `pepper` names people's rows of the vault; `receipt` certifies promises. */
export const replaceableKeys = ['checkpoint', 'notice', 'pepper', 'receipt'] as const
export type ReplaceableKey = (typeof replaceableKeys)[number]

/** The keys that a change makes anew, in the order in which they are stored. */
export const madeKeys = ['notice', 'pepper'] as const
export type MadeKey = (typeof madeKeys)[number]

const keyChangeDraft = record({
  /** 1 for the controller's first change, then one more each time. */
  change: integer,
  /** Each once, in the order of `replaceableKeys`. */
  keys: list(oneOf(replaceableKeys)),
  /** Whether somebody else may have the replaced keys. */
  stolen: flag,
  /** Why, in words. */
  ground: wording,
  /** Verifier key of the new checkpoint key (https://c2sp.org/signed-note#verifier-keys); absent when that is not replaced. */
  vkey: optional(wording),
})
/** Which keys of a controller are replaced, and why. */
export interface KeyChangeDraft extends TypeOf<typeof keyChangeDraft> {}

export const keyChange = extended(keyChangeDraft, {
  changedAt: instant,
  /**
   * Digest of the keys that were made, 32 random bytes each, in the order of `madeKeys`: it shows whether the stored ones are these, and leads to
   * none. Absent when none was made.
   */
  sha256: optional(sha256Hex),
})
export interface KeyChange extends TypeOf<typeof keyChange> {}

export const isKeyChange = (value: unknown): value is KeyChange => conforms(keyChange, value)

/** The keys that this change makes anew, in the order of `madeKeys`. */
export const madeKeysOf = ({ keys }: Pick<KeyChangeDraft, 'keys'>): MadeKey[] =>
  madeKeys.filter((key) => keys.includes(key))
