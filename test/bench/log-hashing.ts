/**
 * Leaf hashing and tree building (`leafHash`, `appendLeaves`, `rootOf`) against raw SHA-256: `crypto.hash` over the very same byte
 * strings, the leaves with their prefix and the nodes of 65 bytes, already there. Both run over one tree of 16,384 leaves again and
 * again, in turns; at ten megabytes it is more than a core's own caches hold.
 */
import { hash } from 'node:crypto'
import { appendLeaves, emptyRange, type Hash, leafHash, rootOf } from '../../shared/tlog/merkle.ts'
import { median } from './load.ts'
import type { LogSample } from './log-sample.ts'

export interface HashingFigures {
  /** Leaves of all trees built in the measured time. */
  readonly leaves: number
  readonly leavesPerTree: number
  readonly leafBytes: number
  readonly treeLeavesPerSecond: number
  readonly rawLeavesPerSecond: number
  /** Speed of the tree to that of the raw hash: the median of the turns. */
  readonly toRaw: number
}

const leavesPerTree = 16_384

export function measureHashing(sample: LogSample, leaves: number): HashingFigures {
  const entries = Array.from({ length: leavesPerTree }, (_, n) =>
    Buffer.from(String(sample.entryOf(sample.keyOf('bench', n)).values.leaf)),
  )
  const { hashed, root } = rawTree(entries)
  const turns = Math.max(1, Math.round(leaves / leavesPerTree))
  const treeMs: number[] = []
  const rawMs: number[] = []
  for (let turn = -1; turn < turns; turn++) {
    const took = { tree: 0, raw: 0 }
    const both = [
      () => {
        took.tree = timeOf(() => buildTree(entries, root))
      },
      () => {
        took.raw = timeOf(() => hashAll(hashed))
      },
    ]
    for (const act of turn % 2 === 0 ? both : both.reverse()) act()
    // The first turn lets both be compiled.
    if (turn < 0) continue
    treeMs.push(took.tree)
    rawMs.push(took.raw)
  }
  const perSecond = (ms: readonly number[]) => (1000 * leavesPerTree) / median(ms)
  return {
    leaves: turns * leavesPerTree,
    leavesPerTree,
    leafBytes: sample.leafBytes,
    treeLeavesPerSecond: perSecond(treeMs),
    rawLeavesPerSecond: perSecond(rawMs),
    toRaw: median(rawMs.map((ms, turn) => ms / (treeMs[turn] ?? Number.NaN))),
  }
}

function buildTree(entries: readonly Uint8Array[], expected: Hash): void {
  const root = rootOf(appendLeaves(emptyRange, entries.map(leafHash)))
  if (Buffer.compare(root, expected) !== 0) throw new Error('the tree has not the root that raw hashing gives it')
}

function hashAll(inputs: readonly Uint8Array[]): void {
  for (const input of inputs) hash('sha256', input, 'buffer')
}

/** Every byte string that the tree hashes; the number of leaves is a power of two, so every level is even. */
function rawTree(entries: readonly Uint8Array[]): { readonly hashed: readonly Uint8Array[]; readonly root: Hash } {
  const hashed: Uint8Array[] = entries.map((entry) => Buffer.concat([Buffer.of(0), entry]))
  let level: Uint8Array[] = hashed.map((input) => hash('sha256', input, 'buffer'))
  while (level.length > 1) {
    const nodes = level.flatMap((left, i) =>
      i % 2 === 0 ? [Buffer.concat([Buffer.of(1), left, level[i + 1] ?? Buffer.alloc(0)])] : [],
    )
    hashed.push(...nodes)
    level = nodes.map((input) => hash('sha256', input, 'buffer'))
  }
  return { hashed, root: level[0] ?? Buffer.alloc(0) }
}

function timeOf(act: () => void): number {
  const startedAt = performance.now()
  act()
  return performance.now() - startedAt
}
