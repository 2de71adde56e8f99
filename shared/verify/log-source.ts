/** Where a log is read from: its newest checkpoint, the ones published before, its tiles and its entry bundles. */
import type { BundleId, TileId } from '../tlog/tile.ts'

export interface ListedCheckpoint {
  readonly size: number
  readonly note: string
}

export interface LogSource {
  /** The newest signed note. */
  checkpoint(): Promise<string>
  /** Published checkpoints of sizes above `after`, smallest first; `next` is where to go on. Absent: the source lists none. */
  checkpoints?(after: number): Promise<{ readonly checkpoints: readonly ListedCheckpoint[]; readonly next?: number }>
  /** Exactly as many hashes as asked; cut from the full tile when the partial one is gone. */
  tile(tile: TileId): Promise<Uint8Array>
  /** The same for entries. */
  bundle(bundle: BundleId): Promise<Uint8Array>
  /** Of a source that is a set of files, which can be listed. */
  readonly files?: LogFiles
}

export interface LogFiles {
  /**
   * True of the folder in which a ledger keeps its objects. A level-0 tile and its bundle become objects when they are full, so the
   * leaves after the last full tile are in the ledger's tables only.
   */
  readonly hasFullTilesOnly: boolean
  /** Paths of all files but the checkpoints, in order of name. */
  list(): Promise<readonly string[]>
  read(path: string): Promise<Uint8Array>
  /** The note that a ledger serves as its newest, in a folder of its objects. */
  servedCopy(): Promise<string | undefined>
}

/** `absent`: the source does not have it. `forbidden`: a token is needed. `unreachable`: unknown whether the source has it. */
export class SourceError extends Error {
  readonly code: 'absent' | 'forbidden' | 'unreachable'
  /** The path that was asked for. */
  readonly what: string

  constructor(code: SourceError['code'], what: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'SourceError'
    this.code = code
    this.what = what
  }
}

/** A bundle of `count` entries cut from a longer one: entries are self-delimiting. */
export function cutBundle(bytes: Uint8Array, count: number): Uint8Array {
  let end = 0
  for (let i = 0; i < count && end + 2 <= bytes.length; i++) end += 2 + (bytes[end] ?? 0) * 256 + (bytes[end + 1] ?? 0)
  return bytes.subarray(0, end)
}
