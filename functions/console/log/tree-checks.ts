/**
 * Two checks of a log that the page makes itself, from tiles: that a tree only extends an earlier one (RFC 9162, section 2.1.4), and that a
 * tree has a leaf at an index (RFC 9162, section 2.1.3). Tiles are fetched only as far as a check needs them.
 */
import { consistencyNodes, consistencyProof, verifyConsistency } from '../../../shared/tlog/consistency.ts'
import { equalBytes } from '../../../shared/tlog/encoding.ts'
import { inclusionNodes, inclusionProof, verifyInclusion } from '../../../shared/tlog/inclusion.ts'
import type { Hash } from '../../../shared/tlog/merkle.ts'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import { type LogSource, SourceError } from '../../../shared/verify/log-source.ts'
import { readNodes, TileMismatch, type Tree } from './authenticated-tiles.ts'

type Tiles = Pick<LogSource, 'tile'>

/** A check that came to no result, because of what the ledger served or did not serve. */
export type Unfinished =
  | { readonly outcome: 'wrong-tiles'; readonly mismatch: TileMismatch }
  | { readonly outcome: 'unread'; readonly path: string; readonly says: string }

/**
 * `fork`: both checkpoints are signed, and the newer tree does not begin with the older one. The tiles make the newer tree, so the two notes
 * contradict each other: they are the proof.
 */
export type ConsistencyCheck =
  | { readonly outcome: 'consistent'; readonly proof: readonly Hash[]; readonly tiles: readonly string[] }
  | { readonly outcome: 'fork'; readonly tiles: readonly string[] }
  | Unfinished

/** @param older of at most as many leaves as `newer` */
export async function checkConsistency(source: Tiles, older: Tree, newer: Tree): Promise<ConsistencyCheck> {
  if (older.size === newer.size) {
    const isSame = equalBytes(older.root, newer.root)
    return isSame ? { outcome: 'consistent', proof: [], tiles: [] } : { outcome: 'fork', tiles: [] }
  }
  return finished(async () => {
    const nodes = consistencyNodes(older.size, newer.size).flat()
    const { node, tiles } = await readNodes(source, newer, nodes)
    const proof = consistencyProof(older.size, newer.size, node)
    try {
      verifyConsistency(older.size, newer.size, older.root, newer.root, proof)
    } catch (error) {
      if (error instanceof TlogError && error.code === 'proof-mismatch') return { outcome: 'fork', tiles }
      throw error
    }
    return { outcome: 'consistent', proof, tiles }
  })
}

export interface FoundLeaf {
  readonly outcome: 'found'
  readonly hash: Hash
  readonly proof: readonly Hash[]
  readonly tiles: readonly string[]
}

/** @param index below the size of the tree */
export async function findLeaf(source: Tiles, tree: Tree, index: number): Promise<FoundLeaf | Unfinished> {
  return finished(async () => {
    const leaf = { level: 0, index }
    const { node, tiles } = await readNodes(source, tree, [leaf, ...inclusionNodes(index, tree.size).flat()])
    const hash = node(leaf)
    const proof = inclusionProof(index, tree.size, node)
    verifyInclusion(index, tree.size, hash, proof, tree.root)
    return { outcome: 'found', hash, proof, tiles }
  })
}

async function finished<T>(check: () => Promise<T>): Promise<T | Unfinished> {
  try {
    return await check()
  } catch (error) {
    if (error instanceof TileMismatch) return { outcome: 'wrong-tiles', mismatch: error }
    if (error instanceof SourceError) return { outcome: 'unread', path: error.what, says: error.message }
    throw error
  }
}
