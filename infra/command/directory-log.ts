/**
 * A log in a directory, of one of two kinds. Both name a checkpoint by the nines' complement of its size, 18 digits in groups of three.
 *
 *   mirror    laid out as it is served, with the partial tiles of the mirrored size and the file `checkpoint`, which is written last;
 *             `policy`, `copy.json` and `contradictions` are the mirror's own
 *   objects   `log/<controller>` in the object store of a ledger: no partial tile of level 0, no partial bundle, no `checkpoint`;
 *             the copy that the ledger serves is `../../served/<controller>/checkpoint`
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { bundlePath, fullWidth, tilePath } from '../../shared/tlog/tile.ts'
import { restoreLines } from '../../shared/verify/changed-in-transit.ts'
import { cutBundle, type LogSource, SourceError } from '../../shared/verify/log-source.ts'
import { checkpointPath, checkpointSizesAfter, isCheckpointPath, newestCheckpointSize } from './checkpoint-files.ts'

const hashBytes = 32
const perPage = 500
/** Files of a mirror that are neither a tile nor a bundle. */
const isOwnFile = (path: string) => /^(checkpoint|policy|copy\.json|contradictions\/.*)$/.test(path)

export async function directoryLog(root: string): Promise<LogSource> {
  const newest = await newestCheckpointSize(root)
  const isMirror = await isFile(join(root, 'checkpoint'))

  async function read(path: string): Promise<Uint8Array> {
    try {
      return new Uint8Array(await readFile(join(root, path)))
    } catch (error) {
      throw new SourceError(codeOf(error), path, 'the file cannot be read', error)
    }
  }

  /** What is gone is cut from a wider one. */
  async function orWider(path: string, fullPath: string, cut: (wider: Uint8Array) => Uint8Array): Promise<Uint8Array> {
    try {
      return await read(path)
    } catch (error) {
      if (path === fullPath) throw error
      const width = await widthAbove(join(root, path))
      const wider = await read(width === undefined ? fullPath : `${dirname(path)}/${width}`).catch(() => undefined)
      if (wider === undefined) throw error
      return cut(wider)
    }
  }

  // Version control and archives may have changed the line ends of what is text.
  const readNote = async (path: string) => restoreLines(Buffer.from(await read(path)).toString()).text
  const noteOf = (size: number) => readNote(checkpointPath(size))

  return {
    async checkpoint() {
      const served = await readNote('checkpoint').catch(() => undefined)
      if (served !== undefined) return served
      if (newest === undefined)
        throw new SourceError('absent', 'checkpoint', `${root} is not a directory with checkpoints`)
      return noteOf(newest)
    },
    ...(newest !== undefined && {
      async checkpoints(after: number) {
        const page = await checkpointSizesAfter(root, after, perPage)
        const checkpoints = await Promise.all(page.map(async (size) => ({ size, note: await noteOf(size) })))
        const last = page.at(-1)
        return { checkpoints, ...(page.length === perPage && last !== undefined && { next: last }) }
      },
    }),
    tile(tile) {
      const full = tilePath({ ...tile, width: fullWidth })
      return orWider(tilePath(tile), full, (bytes) => bytes.subarray(0, tile.width * hashBytes))
    },
    bundle(bundle) {
      const full = bundlePath({ ...bundle, width: fullWidth })
      return orWider(bundlePath(bundle), full, (bytes) => cutBundle(bytes, bundle.width))
    },
    files: {
      hasFullTilesOnly: !isMirror,
      list: async () => (await filesBelow(root)).filter((path) => !isOwnFile(path) && !isCheckpointPath(path)),
      read,
      async servedCopy() {
        if (isMirror) return undefined
        const path = join(root, '..', '..', 'served', basename(resolve(root)), 'checkpoint')
        return readFile(path, 'utf8').then(
          (note) => restoreLines(note).text,
          () => undefined,
        )
      },
    },
  }
}

/** The folders of the logs in `place`, an object store or a data folder that contains one; empty if it is neither. */
export async function logsIn(place: string): Promise<string[]> {
  for (const folder of [join(place, 'log'), join(place, 'objects', 'log')]) {
    const found = await readdir(folder, { withFileTypes: true }).catch(() => [])
    if (found.length > 0) return found.filter((each) => each.isDirectory()).map(({ name }) => join(folder, name))
  }
  return []
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

function codeOf(error: unknown): 'absent' | 'unreachable' {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' ? 'absent' : 'unreachable'
}

/** The smallest width of a partial tile or bundle beside `path` that is wider; `undefined` when there is none. */
async function widthAbove(path: string): Promise<number | undefined> {
  const names = await readdir(dirname(path)).catch(() => [])
  const widths = names.filter((name) => /^\d{1,3}$/.test(name)).map(Number)
  return widths.filter((width) => width > Number(basename(path))).sort((a, b) => a - b)[0]
}

/** Paths of all files, sorted. Names that begin with a dot are unfinished writes, so they are left out. */
async function filesBelow(root: string, folder = ''): Promise<string[]> {
  const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => [])
  return found
    .filter((each) => each.isFile() && !each.name.startsWith('.'))
    .map((each) => join(each.parentPath, each.name).slice(join(root, '/').length).replaceAll('\\', '/'))
    .sort()
}
