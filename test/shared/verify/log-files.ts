/** A log as its files, made level by level: no cleverness to share with what is tested. */

import { checkpointText } from '../../../shared/tlog/checkpoint.ts'
import { formatBundle } from '../../../shared/tlog/entry-bundle.ts'
import { appendLeaves, emptyRange, type Hash, leafHash, rootOf } from '../../../shared/tlog/merkle.ts'
import { bundlePath, formatTile, tilePath, tileWidth } from '../../../shared/tlog/tile.ts'
import { origin, signedNote } from './maker.ts'

export interface Files {
  readonly files: Map<string, Uint8Array>
  readonly checkpoints: { size: number; note: string }[]
}

export const entry = (i: number, salt = ''): Uint8Array =>
  Buffer.from(
    i % 1000 === 500
      ? `{"hour":"${new Date(Math.floor(i / 1000) * 3_600_000).toISOString().slice(0, 13)}","kind":"time","v":1}`
      : `{"kind":"erased","sub":"${i}${salt}","v":1}`,
  )

export function logFiles(size: number, published: readonly number[], make: (i: number) => Uint8Array = entry): Files {
  const entries = Array.from({ length: size }, (_, i) => make(i))
  const files = new Map<string, Uint8Array>()
  let row: Hash[] = entries.map(leafHash)
  const leaves = row
  for (let level = 0; row.length > 0; level++) {
    for (let index = 0; tileWidth(level, index, size) > 0; index++) {
      const width = tileWidth(level, index, size)
      files.set(tilePath({ level, index, width }), formatTile(row.slice(index * 256, index * 256 + width)))
      if (level === 0)
        files.set(bundlePath({ index, width }), formatBundle(entries.slice(index * 256, index * 256 + width)))
    }
    const above: Hash[] = []
    for (let at = 0; at + 256 <= row.length; at += 256)
      above.push(rootOf(appendLeaves(emptyRange, row.slice(at, at + 256))))
    row = above
  }
  const checkpoints = [...new Set([...published, size])].map((at, i) => ({
    size: at,
    note: signedNote(
      checkpointText({ origin, size: at, root: rootOf(appendLeaves(emptyRange, leaves.slice(0, at))), extensions: [] }),
      origin,
      1000 + i * 60,
    ),
  }))
  return { files, checkpoints }
}
