/** The check of a `c2sp.org/tlog-proof@v1` as its specification describes it, for tests: checkpoint, quorum, inclusion of a leaf hash. */
import type { Checkpoint } from '../../../shared/tlog/checkpoint.ts'
import { verifyInclusion } from '../../../shared/tlog/inclusion.ts'
import { type LogPolicy, parsePolicy, verifyCheckpoint } from '../../../shared/tlog/tlog-policy.ts'
import { parseTlogProof } from '../../../shared/tlog/tlog-proof.ts'

/** A policy that knows one log and asks for no witness. */
export const policyOfKey = (vkey: string): LogPolicy => parsePolicy(`log ${vkey}\nquorum none\n`)

export async function provenLeaf(
  text: string,
  policy: LogPolicy,
  leafHash: Uint8Array,
  origin?: string,
): Promise<{ readonly checkpoint: Checkpoint; readonly index: number }> {
  const proof = parseTlogProof(text)
  const { checkpoint } = await verifyCheckpoint(proof.checkpoint, policy, origin)
  verifyInclusion(proof.index, checkpoint.size, leafHash, proof.hashes, checkpoint.root)
  return { checkpoint, index: proof.index }
}
