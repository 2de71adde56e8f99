/**
 * The files of one copied log. A file appears under its name only when it is whole and on disk: it is written in `.unfinished`, synced, and
 * renamed. `sync` makes the names durable too; call it before a file that rests on the others is replaced. Files are the owner's alone,
 * because entry bundles hold pseudonyms.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const unfinished = '.unfinished'
/** Another process on the folder has no unfinished file for as long. */
const abandonedMs = 3_600_000

export class CopyFolder {
  readonly root: string
  /** Folders below the root with names that may not be on disk yet, '' for the root. */
  readonly #touched = new Set<string>()

  private constructor(root: string) {
    this.root = root
  }

  /** Makes the folder if it is missing, and removes what a process that was killed left half-written. */
  static async open(root: string): Promise<CopyFolder> {
    const temporary = join(root, unfinished)
    await mkdir(temporary, { recursive: true, mode: 0o700 })
    for (const name of await readdir(temporary)) {
      const written = await stat(join(temporary, name)).catch(() => undefined)
      if (written && Date.now() - written.mtimeMs > abandonedMs) await rm(join(temporary, name), { force: true })
    }
    return new CopyFolder(root)
  }

  /** `undefined` when there is no such file. */
  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return new Uint8Array(await readFile(join(this.root, path)))
    } catch (error) {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined
      throw error
    }
  }

  async readText(path: string): Promise<string | undefined> {
    const bytes = await this.read(path)
    return bytes && Buffer.from(bytes).toString()
  }

  /** @returns false when the file is there with these bytes */
  async keep(path: string, content: Uint8Array | string): Promise<boolean> {
    const bytes = Buffer.from(content)
    const there = await this.read(path)
    if (there !== undefined && bytes.equals(there)) return false
    const folder = dirname(path)
    if (!this.#touched.has(folder)) await mkdir(join(this.root, folder), { recursive: true, mode: 0o700 })
    const temporary = join(this.root, unfinished, `.${randomBytes(12).toString('hex')}`)
    try {
      await writeSynced(temporary, bytes)
      await rename(temporary, join(this.root, path))
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    for (let each = folder; ; each = dirname(each)) {
      this.#touched.add(each)
      if (each === '.') return true
    }
  }

  /** Makes the names of all files that were kept durable. */
  async sync(): Promise<void> {
    for (const folder of this.#touched) await syncFolder(join(this.root, folder))
    // The folder's own name, and those of the folders that were made for it.
    await syncFolder(dirname(this.root))
    await syncFolder(dirname(dirname(this.root)))
    this.#touched.clear()
  }

  /** Paths in a folder, as names; empty when there is none. */
  async list(folder: string): Promise<string[]> {
    return readdir(join(this.root, folder)).catch((error: unknown) => {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return []
      throw error
    })
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.root, path), { force: true })
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
