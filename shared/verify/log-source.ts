/** Port of the log check: reads checkpoints, tiles and entry bundles. */
import type { BundleId, TileId } from '../tlog/tile.ts'

export interface ListedCheckpoint {
  readonly size: number
  readonly note: string
}

export interface LogSource {
  /** The newest signed note. */
  checkpoint(): Promise<string>
  /** A page of the checkpoints larger than `after`, smallest first; `next` is the `after` of the next page. Absent: the source lists none. */
  checkpoints?(after: number): Promise<{ readonly checkpoints: readonly ListedCheckpoint[]; readonly next?: number }>
  /** Exactly `width` hashes, cut from the full tile if the partial one is gone. */
  tile(tile: TileId): Promise<Uint8Array>
  /** Exactly `width` entries, cut from the full bundle if the partial one is gone. */
  bundle(bundle: BundleId): Promise<Uint8Array>
  /** Present if the source is a folder whose files can be listed. */
  readonly files?: LogFiles
}

export interface LogFiles {
  /**
   * True for a folder in which a ledger keeps its objects. A level-0 tile and its bundle become objects when they are full, so the
   * leaves after the last full tile are in the ledger's tables only.
   */
  readonly hasFullTilesOnly: boolean
  /** Paths of all files except the checkpoints, sorted. */
  list(): Promise<readonly string[]>
  read(path: string): Promise<Uint8Array>
  /** The note that a ledger serves as its newest, read from the folder of its objects. */
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
