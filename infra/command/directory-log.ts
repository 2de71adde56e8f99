/**
 * A log in a directory: a mirror laid out as it is served, or the folder `log/<controller>` of the object store, where the name of
 * a checkpoint is the nines' complement of its size, 18 digits in groups of three. A store of objects has no partial tile of level 0.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundlePath, fullWidth, tilePath } from '../../shared/tlog/tile.ts'
import { cutBundle, type LogSource, SourceError } from '../../shared/verify/log-source.ts'

const hashBytes = 32
const perPage = 500

export async function directoryLog(root: string): Promise<LogSource> {
  const sizes = await checkpointSizes(root)

  async function read(path: string): Promise<Uint8Array> {
    try {
      return new Uint8Array(await readFile(join(root, path)))
    } catch (error) {
      throw new SourceError(codeOf(error), path, 'it is not there', error)
    }
  }

  async function orFull(path: string, fullPath: string, cut: (full: Uint8Array) => Uint8Array): Promise<Uint8Array> {
    try {
      return await read(path)
    } catch (error) {
      if (path === fullPath) throw error
      const full = await read(fullPath).catch(() => undefined)
      if (full === undefined) throw error
      return cut(full)
    }
  }

  const noteOf = async (size: number) => Buffer.from(await read(checkpointPath(size))).toString()

  return {
    async checkpoint() {
      const newest = sizes.at(-1)
      const served = await read('checkpoint').catch(() => undefined)
      if (served !== undefined) return Buffer.from(served).toString()
      if (newest === undefined) throw new SourceError('absent', 'checkpoint', 'the directory has no checkpoint')
      return noteOf(newest)
    },
    ...(sizes.length > 0 && {
      async checkpoints(after: number) {
        const page = sizes.filter((size) => size > after).slice(0, perPage)
        const checkpoints = await Promise.all(page.map(async (size) => ({ size, note: await noteOf(size) })))
        const last = page.at(-1)
        return { checkpoints, ...(page.length === perPage && last !== undefined && { next: last }) }
      },
    }),
    tile(tile) {
      const full = tilePath({ ...tile, width: fullWidth })
      return orFull(tilePath(tile), full, (bytes) => bytes.subarray(0, tile.width * hashBytes))
    },
    bundle(bundle) {
      const full = bundlePath({ ...bundle, width: fullWidth })
      return orFull(bundlePath(bundle), full, (bytes) => cutBundle(bytes, bundle.width))
    },
  }
}

function codeOf(error: unknown): 'absent' | 'unreachable' {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' ? 'absent' : 'unreachable'
}

/** The path of the object that holds the checkpoint of a size. */
export function checkpointPath(size: number): string {
  const complement = [...String(size).padStart(18, '0')].map((digit) => 9 - Number(digit)).join('')
  return `checkpoints/${complement.match(/.{3}/g)?.join('/')}`
}

/** Sizes of the checkpoints in the directory, smallest first. */
async function checkpointSizes(root: string): Promise<number[]> {
  const names = await readdir(join(root, 'checkpoints'), { recursive: true }).catch(() => [])
  return names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /^(\d{3}\/){5}\d{3}$/.test(name))
    .map((name) => Number([...name.replaceAll('/', '')].map((digit) => 9 - Number(digit)).join('')))
    .filter(Number.isSafeInteger)
    .sort((a, b) => a - b)
}
