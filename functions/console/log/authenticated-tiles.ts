/**
 * Nodes of a log's tree, read from its tiles and trusted no further than a signed root reaches. The tiles at the right edge make the root.
 * Every other tile is full, and the tile above it holds its hash. So a tile that was changed is found, and named, before anything is computed
 * from it. The method is that of Go's checksum database (https://research.swtch.com/tlog#tiling_a_log).
 */
import { equalBytes } from '../../../shared/tlog/encoding.ts'
import { type NodeId, perfectSubtrees } from '../../../shared/tlog/inclusion.ts'
import { appendLeaves, emptyRange, emptyRoot, foldRight, type Hash, rootOf } from '../../../shared/tlog/merkle.ts'
import {
  fullWidth,
  nodeInTile,
  parseTile,
  type TileId,
  tileOfNode,
  tilePath,
  tileWidth,
} from '../../../shared/tlog/tile.ts'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import type { LogSource } from '../../../shared/verify/log-source.ts'

export interface Tree {
  readonly size: number
  readonly root: Hash
}

/** The tiles that do not fit: one, or those of the right edge together, of which at least one is wrong. */
export class TileMismatch extends Error {
  readonly paths: readonly string[]
  /** What their hash should be, and what it is. */
  readonly expected: Hash
  readonly found: Hash | undefined

  constructor(paths: readonly string[], expected: Hash, found: Hash | undefined) {
    super(`${paths.join(', ')}: not the tiles that the root commits to`)
    this.name = 'TileMismatch'
    this.paths = paths
    this.expected = expected
    this.found = found
  }
}

export interface AuthenticatedNodes {
  readonly node: (id: NodeId) => Hash
  /** Paths of the tiles that were read. */
  readonly tiles: readonly string[]
}

/**
 * Reads the tiles from which the nodes follow, and those above them up to the root.
 *
 * @throws TileMismatch, and what the source throws
 */
export async function readNodes(
  source: Pick<LogSource, 'tile'>,
  { size, root }: Tree,
  nodes: readonly NodeId[],
): Promise<AuthenticatedNodes> {
  const edge = perfectSubtrees(0, size)
  const needed = new Map<string, TileId>()
  for (const tile of edge.map((node) => tileOfNode(node, size))) needed.set(tilePath(tile), tile)
  const edgePaths = [...needed.keys()]
  for (const node of nodes) {
    let tile = tileOfNode(node, size)
    for (; !needed.has(tilePath(tile)); tile = parentOf(tile, size)) needed.set(tilePath(tile), tile)
  }
  const read = new Map<string, Uint8Array>()
  await Promise.all(
    [...needed].map(async ([path, tile]) => {
      read.set(path, await source.tile(tile))
    }),
  )
  const bytesOf = (tile: TileId) => read.get(tilePath(tile)) ?? new Uint8Array()
  const node = (id: NodeId) => {
    const tile = tileOfNode(id, size)
    return nodeInTile(tile, bytesOf(tile), id)
  }

  const made = orNothing(() => (edge.length === 0 ? emptyRoot : foldRight(edge.map(node))))
  if (made === undefined || !equalBytes(made, root)) throw new TileMismatch(edgePaths, root, made)
  const below = [...needed.values()].filter((tile) => !edgePaths.includes(tilePath(tile)))
  for (const tile of below.sort((a, b) => b.level - a.level)) {
    const parent = parentOf(tile, size)
    const expected = parseTile(bytesOf(parent), parent.width)[tile.index % fullWidth] ?? root
    const found = orNothing(() => rootOf(appendLeaves(emptyRange, parseTile(bytesOf(tile), tile.width))))
    if (found === undefined || !equalBytes(found, expected)) throw new TileMismatch([tilePath(tile)], expected, found)
  }
  return { node, tiles: [...needed.keys()] }
}

/** The tile above one that is not at the right edge; it is full, so the level above has its hash. */
function parentOf({ level, index }: TileId, size: number): TileId {
  const parent = { level: level + 1, index: Math.floor(index / fullWidth) }
  return { ...parent, width: tileWidth(parent.level, parent.index, size) }
}

/** A tile of another length has no hashes at all. */
function orNothing(make: () => Hash): Hash | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof TlogError) return undefined
    throw error
  }
}
