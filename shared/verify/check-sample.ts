/**
 * Checks the answer of a ledger that was asked for a random sample of its log (`consent-sample@1`): the log signed the checkpoint, the leaves
 * are those that `drawSample` draws from it, in that order, and the log has each of them.
 */
import * as z from 'zod'
import { encodeBase64 } from '../tlog/encoding.ts'
import { drawSample, maxSample, readSeed } from '../tlog/sample.ts'
import { TlogError } from '../tlog/tlog-error.ts'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { parseTlogProof } from '../tlog/tlog-proof.ts'
import { JsonError, readExactJson } from './exact-json.ts'
import { faultOf } from './forms-proof.ts'
import { type Said, say } from './say.ts'
import { readSignedCheckpoint } from './signed-checkpoint.ts'
import { verifyTlogProofFile } from './verify-tlog-proof.ts'

/** The longest answer: `maxSample` proofs with their leaves. */
const maxCharacters = 50_000_000
const maxLeafCharacters = 65_535

const answer = z.strictObject({
  schemaVersion: z.literal('consent-sample@1'),
  controller: z.string().max(40),
  checkpoint: z.string().max(1_000_000),
  size: z.int().min(1),
  seed: z.string().max(128),
  count: z.int().min(1).max(maxSample),
  leaves: z
    .array(z.strictObject({ index: z.int().min(0), kind: z.string().max(40), tlogProof: z.string().max(2_100_000) }))
    .max(maxSample),
})

export interface SampledLeaf {
  readonly index: number
  readonly kind: string
  /** Its bytes as text. */
  readonly leaf: string
}

/** The answer is not the sample that was asked for, or a proof in it does not hold. */
export interface RefutedSample {
  readonly failed: Said
}

export interface CheckedSample {
  readonly origin: string
  readonly size: number
  readonly seed: string
  readonly leaves: readonly SampledLeaf[]
}

/** What the caller asked for: the checkpoint that it saved, its seed in hex, and the count. */
export interface AskedSample {
  readonly size?: number
  readonly root?: Uint8Array
  readonly seed?: string
  readonly count?: number
}

/**
 * Checks an answer. Never rejects.
 *
 * @param text the answer of `POST /v1/audit/samples`
 * @param policy the logs and witnesses that are trusted
 * @param asked what is left out is taken from the answer, which then proves less: an operator has many checkpoints, of which it could choose one
 */
export async function checkSample(
  text: string,
  policy: LogPolicy,
  asked: AskedSample = {},
): Promise<CheckedSample | RefutedSample> {
  try {
    const parsed = answer.safeParse(readExactJson(text, maxCharacters))
    if (!parsed.success) return { failed: say('not-a-sample', { fault: faultOf(parsed.error.issues[0]) }) }
    const { checkpoint, leaves, count, ...stated } = parsed.data
    if (asked.seed !== undefined && asked.seed !== stated.seed) return { failed: say('sample-other-seed') }
    if (asked.size !== undefined && asked.size !== stated.size)
      return { failed: say('sample-other-size', { size: stated.size, asked: asked.size }) }
    if (asked.count !== undefined && asked.count !== count)
      return { failed: say('sample-other-count', { count, asked: asked.count }) }
    const { origin, size, root } = await readSignedCheckpoint(checkpoint, policy)
    if (size !== stated.size) return { failed: say('sample-checkpoint-size', { size, stated: stated.size }) }
    if (asked.root !== undefined && encodeBase64(asked.root) !== encodeBase64(root))
      return { failed: say('sample-other-root') }
    const drawn = drawSample({ size, root, seed: readSeed(stated.seed), count })
    if (JSON.stringify(leaves.map(({ index }) => index)) !== JSON.stringify(drawn))
      return { failed: say('sample-other-leaves', { drawn }) }
    const checked: SampledLeaf[] = []
    for (const { index, kind, tlogProof } of leaves) {
      const proof = parseTlogProof(tlogProof)
      if (proof.index !== index || proof.checkpoint !== checkpoint)
        return { failed: say('sample-other-proof', { index }) }
      const { failed } = await verifyTlogProofFile(tlogProof, policy)
      if (failed) return { failed: say('sample-proof-failed', { index, failure: failed.said }) }
      const leaf = leafIn(proof.extra)
      checked.push({ index, kind, leaf })
      if (kindOf(leaf) !== kind) return { failed: say('sample-other-kind', { index, kind }) }
    }
    return { origin, size, seed: stated.seed, leaves: checked }
  } catch (error) {
    if (error instanceof TlogError) return { failed: say(`tlog-${error.code}`, { message: error.message }) }
    if (error instanceof JsonError) return { failed: error.fault }
    throw error
  }
}

/** @param extra of a proof that was verified, so it has a leaf */
function leafIn(extra: Uint8Array | undefined): string {
  return JSON.parse(new TextDecoder().decode(extra)).leaf
}

/**
 * The kind that a leaf states.
 *
 * @throws JsonError for a leaf that is not JSON, as the log of another operator may have
 */
function kindOf(leaf: string): unknown {
  const stated = readExactJson(leaf, maxLeafCharacters)
  return typeof stated === 'object' && stated !== null && 'kind' in stated ? stated.kind : undefined
}
