/**
 * Removes the partial tiles and bundles of a copy that the tile or bundle of its size holds, those that an interrupted run left too. A reader
 * that wants one can cut it from the wider one.
 */
import { dirname } from 'node:path'
import { bundlePath, fullWidth, tilePath, tileWidth } from '../../../shared/tlog/tile.ts'
import type { CopyFolder } from './copy-folder.ts'

const highestLevel = 6
/** Indexes whose paths share a folder. */
const perFolder = 1000

/** @param from size that the tree had, in whose folders and in those after it is looked */
export async function removeNarrower(folder: CopyFolder, from: number, size: number): Promise<void> {
  for (let level = 0; level <= highestLevel; level++) {
    await removeIn(folder, level, from, size, (index, width) => tilePath({ level, index, width }))
    if (level === 0) await removeIn(folder, level, from, size, (index, width) => bundlePath({ index, width }))
  }
}

async function removeIn(
  folder: CopyFolder,
  level: number,
  from: number,
  size: number,
  pathOf: (index: number, width: number) => string,
): Promise<void> {
  const first = Math.floor(from / fullWidth ** (level + 1) / perFolder) * perFolder
  for (let start = first; tileWidth(level, start, size) > 0; start += perFolder) {
    for (const name of await folder.list(dirname(pathOf(start, fullWidth)))) {
      const [, last] = /^(\d{3})\.p$/.exec(name) ?? []
      if (last === undefined) continue
      const index = start + Number(last)
      const partials = dirname(pathOf(index, 1))
      const narrower = (await folder.list(partials))
        .map(Number)
        .filter((width) => width < tileWidth(level, index, size))
      for (const width of narrower) await folder.remove(pathOf(index, width))
    }
  }
}
