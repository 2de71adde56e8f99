/**
 * What a witness decides about a call of `add-checkpoint` (https://c2sp.org/tlog-witness, v1.0.0): it cosigns a checkpoint of a log that it
 * knows, signed by that log, whose tree extends the one that it cosigned last. It keeps nothing: whoever calls this stores the new tree
 * durably, and answers only then, or a crash would let the log go back.
 */
import type { AddCheckpoint } from './add-checkpoint.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { verifyConsistency } from './consistency.ts'
import { emptyRoot, type Hash } from './merkle.ts'
import { parseNote, verifyNote } from './note.ts'
import { TlogError } from './tlog-error.ts'
import type { VerifierKey } from './verifier-key.ts'

export interface CosignedTree {
  readonly size: number
  readonly root: Hash
}

/** Refusals have the HTTP status of the specification. */
export type Judgement =
  | { readonly accepts: true; readonly checkpoint: Checkpoint; readonly noteText: string }
  | { readonly accepts: false; readonly status: 403 | 404 | 422 | 400 }
  /** The caller is to start from this size. */
  | { readonly accepts: false; readonly status: 409; readonly size: number }

/**
 * @param logs keys of the logs that the witness knows, by the origin that each one's name is
 * @param latestOf the tree of the origin that was cosigned last; `undefined` for none
 * @throws TlogError for a checkpoint that is malformed, which is a 400
 */
export async function judgeCheckpoint(
  { oldSize, proof, checkpoint: note }: AddCheckpoint,
  logs: readonly VerifierKey[],
  latestOf: (origin: string) => Promise<CosignedTree | undefined>,
): Promise<Judgement> {
  const parsed = parseNote(note)
  const checkpoint = parseCheckpoint(parsed.text)
  const { origin, size, root } = checkpoint
  const keys = logs.filter(({ name }) => name === origin)
  if (keys.length === 0) return { accepts: false, status: 404 }
  if (!(await isSigned(() => verifyNote(parsed, keys)))) return { accepts: false, status: 403 }
  if (oldSize > size) return { accepts: false, status: 400 }
  const latest = (await latestOf(origin)) ?? { size: 0, root: emptyRoot }
  if (oldSize !== latest.size) return { accepts: false, status: 409, size: latest.size }
  try {
    verifyConsistency(oldSize, size, latest.root, root, proof)
  } catch (error) {
    if (error instanceof TlogError) return { accepts: false, status: 422 }
    throw error
  }
  return { accepts: true, checkpoint, noteText: parsed.text }
}

async function isSigned(verify: () => Promise<unknown>): Promise<boolean> {
  try {
    await verify()
    return true
  } catch (error) {
    if (error instanceof TlogError) return false
    throw error
  }
}
