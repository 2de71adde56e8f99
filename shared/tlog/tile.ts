/**
 * Tiles (https://c2sp.org/tlog-tiles): the tree as static files of 256 hashes. Hash i of tile n at level l is the root of the perfect
 * subtree of 256^l leaves that starts at leaf (256n + i) * 256^l. A level-0 tile holds leaf hashes; above, each hash is the root
 * of a full tile one level below. The rightmost tile of a level may be partial; empty tiles do not exist.
 */
import { checkNumber, concatBytes } from './encoding.ts'
import type { NodeId } from './inclusion.ts'
import { type Hash, hashLength, nodeHash } from './merkle.ts'
import { excerpt, TlogError } from './tlog-error.ts'

export interface TileId {
  readonly level: number
  readonly index: number
  /** Hashes in the tile, 1 to 256; 256 is a full tile. */
  readonly width: number
}

export interface BundleId {
  readonly index: number
  readonly width: number
}

export const fullWidth = 256
const height = 8
const maxLevel = 63

/** Number of hashes at `level` in a tree of `size`. The division is exact, being by a power of two. */
function hashesAt(level: number, size: number): number {
  return Math.floor(size / fullWidth ** level)
}

/** The width of the tile in a tree of `size`; 0 if that tree has no such tile. */
export function tileWidth(level: number, index: number, size: number): number {
  checkTile({ level, index, width: fullWidth })
  checkNumber(size, 'the tree size')
  return Math.max(0, Math.min(fullWidth, hashesAt(level, size) - index * fullWidth))
}

/** The tile from which the node's hash is read or computed, as wide as it is in a tree of `size`. */
export function tileOfNode(node: NodeId, size: number): TileId {
  checkNumber(node.level, 'the level of a node')
  checkNumber(node.index, 'the index of a node')
  checkNumber(size, 'the tree size')
  if ((node.index + 1) * 2 ** node.level > size)
    throw new TlogError('out-of-range', `a tree of ${size} has no node ${node.index} at level ${node.level}`)
  const level = Math.floor(node.level / height)
  const index = Math.floor((node.index * 2 ** (node.level % height)) / fullWidth)
  return { level, index, width: tileWidth(level, index, size) }
}

/** Returns the node's hash from the tile's bytes: one of its hashes, or the root over 2, 4 ... 128 neighbouring ones. */
export function nodeInTile(tile: TileId, bytes: Uint8Array, node: NodeId): Hash {
  checkTile(tile)
  checkTileBytes(bytes, tile.width)
  checkNumber(node.level, 'the level of a node')
  checkNumber(node.index, 'the index of a node')
  const count = 2 ** (node.level - tile.level * height)
  const first = node.index * count - tile.index * fullWidth
  if (!(count >= 1 && count < fullWidth && first >= 0 && first + count <= tile.width))
    throw new TlogError('out-of-range', `${tilePath(tile)} does not hold node ${node.index} of level ${node.level}`)
  return rootInRow(bytes, first, count)
}

/** The root over `count` neighbouring hashes; `count` is a power of two. */
function rootInRow(bytes: Uint8Array, first: number, count: number): Hash {
  if (count === 1) return bytes.subarray(first * hashLength, (first + 1) * hashLength)
  const half = count / 2
  return nodeHash(rootInRow(bytes, first, half), rootInRow(bytes, first + half, half))
}

export function tilePath(tile: TileId): string {
  checkTile(tile)
  return `tile/${tile.level}/${indexPath(tile.index)}${widthPath(tile.width)}`
}

export function bundlePath(bundle: BundleId): string {
  checkTile({ level: 0, ...bundle })
  return `tile/entries/${indexPath(bundle.index)}${widthPath(bundle.width)}`
}

/** 1234067 is `x001/x234/067`. */
function indexPath(index: number): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g) ?? []
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
}

function widthPath(width: number): string {
  return width === fullWidth ? '' : `.p/${width}`
}

export type TilePath =
  | { readonly kind: 'tile'; readonly tile: TileId }
  | { readonly kind: 'bundle'; readonly index: number; readonly width: number }

/** Accepts only the spelling that `tilePath` and `bundlePath` write. */
export function parseTilePath(path: string): TilePath {
  const parts =
    path.length > 64 ? null : /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(\.p\/[0-9]{1,3})?$/.exec(path)
  const [, where = '', groups = '', partial] = parts ?? []
  const index = Number(groups.replace(/[x/]/g, ''))
  const width = partial === undefined ? fullWidth : Number(partial.slice(3))
  if (parts && Number.isSafeInteger(index) && width >= 1) {
    if (where === 'entries') {
      if (width <= fullWidth && bundlePath({ index, width }) === path) return { kind: 'bundle', index, width }
    } else {
      const tile = { level: Number(where), index, width }
      if (tile.level <= maxLevel && width <= fullWidth && tilePath(tile) === path) return { kind: 'tile', tile }
    }
  }
  throw new TlogError('malformed-path', `${excerpt(path)} is not the path of a tile or an entry bundle`)
}

function checkTile({ level, index, width }: TileId): void {
  checkNumber(index, 'the index of a tile')
  if (!Number.isInteger(level) || level < 0 || level > maxLevel)
    throw new TlogError('out-of-range', `a tile at level ${level}; allowed are 0 to ${maxLevel}`)
  if (!Number.isInteger(width) || width < 1 || width > fullWidth)
    throw new TlogError('out-of-range', `a tile of width ${width}; allowed are 1 to ${fullWidth}`)
}

function checkTileBytes(bytes: Uint8Array, width: number): void {
  if (bytes.length !== width * hashLength)
    throw new TlogError(
      'malformed-tile',
      `a tile of width ${width} has ${width * hashLength} bytes, not ${bytes.length}`,
    )
}

/** The hashes are views of `bytes`. */
export function parseTile(bytes: Uint8Array, width: number): Hash[] {
  checkTile({ level: 0, index: 0, width })
  checkTileBytes(bytes, width)
  return Array.from({ length: width }, (_, i) => rootInRow(bytes, i, 1))
}

export function formatTile(hashes: readonly Hash[]): Uint8Array<ArrayBuffer> {
  if (hashes.length < 1 || hashes.length > fullWidth || hashes.some((hash) => hash.length !== hashLength))
    throw new TlogError(
      'malformed-tile',
      `a tile has 1 to ${fullWidth} hashes of ${hashLength} bytes; given ${hashes.length}`,
    )
  return concatBytes(...hashes)
}
