/** Step `inclusion`: every leaf of a consent proof is in the log, each by its own proof, all against the file's one checkpoint. */
import { sha256 } from '#sha256'
import type { Logged } from '../consent/proof-file.ts'
import { encodeUtf8 } from '../tlog/encoding.ts'
import { verifyInclusion } from '../tlog/inclusion.ts'
import { type Hash, leafHash } from '../tlog/merkle.ts'
import { parseTlogProof } from '../tlog/tlog-proof.ts'
import type { GivenProof } from './forms-proof.ts'
import { type Said, say } from './say.ts'
import type { SignedCheckpoint } from './signed-checkpoint.ts'
import { fail, inStep, type Log } from './verification.ts'

/** Codes of the names of numbered leaves. */
export type LeafName =
  | 'the-event'
  | 'the-version'
  | 'the-retraction'
  | 'the-presentation'
  | 'the-mandate'
  | 'the-completion'
  | 'unreadable-event'

export type LeafWithProof = Pick<Logged, 'leaf' | 'tlogProof'>

/** Leaf indexes of each kind, in the order of the file. */
export interface LeafIndexes {
  readonly events: readonly number[]
  readonly versions: readonly number[]
  readonly retractions: readonly number[]
  readonly presentations: readonly number[]
  readonly mandates: readonly number[]
  readonly completions: readonly number[]
}

/** No two leaves may have the same index. */
export function checkInclusion(proof: GivenProof, checkpoint: SignedCheckpoint, log: Log): LeafIndexes {
  const taken = new Map<number, Said>()
  const place = (kind: LeafName) => (given: LeafWithProof, i: number) => {
    const what = say(kind, { number: i + 1 })
    const index = checkLeafInclusion(given, checkpoint, what)
    const other = taken.get(index)
    if (other !== undefined) fail('inclusion', 'index-taken', { what, other, index })
    taken.set(index, what)
    return index
  }
  const places = {
    events: proof.events.map(place('the-event')),
    versions: proof.versions.map(place('the-version')),
    retractions: proof.retractions.map(place('the-retraction')),
    presentations: proof.presentations.map(place('the-presentation')),
    mandates: (proof.mandates ?? []).map(place('the-mandate')),
    completions: (proof.completions ?? []).map(place('the-completion')),
  }
  proof.unreadable?.forEach((one, i) => {
    const { leaf, tlogProof }: Partial<LeafWithProof> = one.code === 'event-unreadable' ? one : {}
    if (leaf !== undefined && tlogProof !== undefined) place('unreadable-event')({ leaf, tlogProof }, i)
  })
  log.ok('inclusion', 'leaves-included', { count: taken.size, size: checkpoint.size })
  return places
}

/** Verifies one proof, and returns the index of its leaf in the tree of the checkpoint. */
export function checkLeafInclusion(
  { leaf, tlogProof }: LeafWithProof,
  checkpoint: SignedCheckpoint,
  what: Said,
): number {
  return inStep('inclusion', what, () => {
    const proof = parseTlogProof(tlogProof)
    if (proof.checkpoint !== checkpoint.note) fail('inclusion', 'other-checkpoint', { what })
    verifyInclusion(proof.index, checkpoint.size, hashOfLeaf(leaf), proof.hashes, checkpoint.root)
    return proof.index
  })
}

export function hashOfLeaf(leaf: string): Hash {
  return leafHash(encodeUtf8(leaf, 'malformed-proof'))
}

export const sha256OfText = (text: string): Uint8Array => sha256(encodeUtf8(text, 'malformed-proof'))
