/**
 * The checkpoints of a log as files, `checkpoints/ddd/ddd/ddd/ddd/ddd/ddd`: the nines' complement of the size, so that a listing by name has the
 * newest first. Folders are read only as far as a page needs: a busy log has a checkpoint each half minute, a million a year.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const folder = 'checkpoints'
const groups = 6

/** The path of the file that holds the checkpoint of a size. */
export function checkpointPath(size: number): string {
  return [folder, ...groupsOf(size)].join('/')
}

export const isCheckpointPath = (path: string) => /^checkpoints\/(\d{3}\/){5}\d{3}$/.test(path)

/** Sizes larger than `after`, smallest first, at most `limit`. */
export async function checkpointSizesAfter(root: string, after: number, limit: number): Promise<number[]> {
  const sizes: number[] = []
  for await (const size of sizesBelow(join(root, folder), [], after < 0 ? undefined : groupsOf(after), 'smallest')) {
    if (size <= after || !Number.isSafeInteger(size)) continue
    sizes.push(size)
    if (sizes.length === limit) break
  }
  return sizes
}

/** The largest size; `undefined` when there is no checkpoint. */
export async function newestCheckpointSize(root: string): Promise<number | undefined> {
  for await (const size of sizesBelow(join(root, folder), [], undefined, 'largest')) return size
  return undefined
}

/** Sizes of the files below a folder. `most` is the name of a size that nothing smaller is wanted of; it holds for this folder's first names. */
async function* sizesBelow(
  root: string,
  names: readonly string[],
  most: readonly string[] | undefined,
  first: 'smallest' | 'largest',
): AsyncGenerator<number> {
  const depth = names.length
  const isLast = depth === groups - 1
  const found = (await readdir(join(root, ...names), { withFileTypes: true }).catch(() => []))
    .filter((each) => /^\d{3}$/.test(each.name) && each.isDirectory() !== isLast)
    .map(({ name }) => name)
    .sort()
  for (const name of first === 'smallest' ? found.reverse() : found) {
    const bound = most?.[depth]
    if (bound !== undefined && name > bound) continue
    const path = [...names, name]
    if (!isLast) yield* sizesBelow(root, path, name === bound ? most : undefined, first)
    else yield sizeOf(path)
  }
}

function groupsOf(size: number): string[] {
  return complement(String(size).padStart(groups * 3, '0')).match(/.{3}/g) ?? []
}

const sizeOf = (path: readonly string[]) => Number(complement(path.join('')))
const complement = (digits: string) => [...digits].map((digit) => 9 - Number(digit)).join('')
