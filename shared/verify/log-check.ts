/**
 * Checks a whole log: every tile of every level and every entry, from the first leaf to the newest checkpoint, and every checkpoint
 * published on the way. Each published root must be that of the tree at its size, so any two checkpoints are consistent. Only a few tiles
 * are in memory at a time. A failure names a path, a leaf or a checkpoint.
 */

import { encodeHex, equalBytes } from '../tlog/encoding.ts'
import { parseBundle } from '../tlog/entry-bundle.ts'
import { appendLeaves, type CompactRange, emptyRange, type Hash, leafHash } from '../tlog/merkle.ts'
import { parseNote } from '../tlog/note.ts'
import { bundlePath, fullWidth, parseTile, type TileId, tilePath } from '../tlog/tile.ts'
import { TlogError } from '../tlog/tlog-error.ts'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { hexKeyId } from '../tlog/verifier-key.ts'
import { type ExpectedRoot, PublishedCheckpoints } from './log-checkpoints.ts'
import { LogFailure, type LogFinding } from './log-failure.ts'
import { checkFiles } from './log-files.ts'
import { inspectLeaf, type LeafKind } from './log-leaves.ts'
import { type LogSource, SourceError } from './log-source.ts'
import { type LogState, readState, stateOf } from './log-state.ts'
import { UpperTiles } from './log-upper-tiles.ts'
import { readSignedCheckpoint, type SignedCheckpoint } from './signed-checkpoint.ts'
import { count, type Verdict } from './verification.ts'

export interface LogCheckOptions {
  /** Origin of the log. Absent: any log of the policy. */
  readonly origin?: string
  /** Hashes only: entry bundles are not read. */
  readonly tilesOnly?: boolean
  /** State of an earlier run, as `onState` got it. */
  readonly state?: unknown
  onProgress?(leaves: number, all: number): void
  onState?(state: LogState): void | Promise<void>
}

export interface LogCheck {
  readonly verdict: Verdict
  readonly origin?: string
  readonly size?: number
  /** Lower-case hex. */
  readonly root?: string
  /** First leaf of this run. Earlier leaves were checked by an earlier run. */
  readonly from: number
  /** Number of checked leaves: `size`, or those in full tiles if the source has no others. */
  readonly covered: number
  readonly checkpoints: number
  readonly kinds: Readonly<Partial<Record<LeafKind, number>>>
  readonly notes: readonly string[]
  readonly failed?: LogFinding
}

/** `onState` is called after this many full tiles. */
const stateEvery = 64

export async function checkLog(source: LogSource, policy: LogPolicy, options: LogCheckOptions = {}): Promise<LogCheck> {
  const walk = new Walk(source, policy, options)
  try {
    await walk.run()
    return walk.result('valid')
  } catch (error) {
    if (error instanceof LogFailure) return walk.result('invalid', error.finding)
    if (error instanceof SourceError)
      return walk.result('undetermined', { what: error.what, says: error.message, source: error.code })
    if (error instanceof TlogError) return walk.result('invalid', { what: walk.reading, says: error.message })
    throw error
  }
}

/** Maximum number of set-backs of the operator's clock that a note lists. */
const maxNamed = 20

class Walk {
  readonly #source: LogSource
  readonly #policy: LogPolicy
  readonly #options: LogCheckOptions
  readonly #kinds: Partial<Record<LeafKind, number>> = {}
  readonly #notes: string[] = []
  #newest: SignedCheckpoint | undefined
  #trail: PublishedCheckpoints | undefined
  #from = 0
  #covered = 0
  #hour = ''
  /** The hour at the end of the last full tile, where the next run begins. */
  #hourOfFullTiles = ''
  readonly #earlierHours: { readonly leaf: number; readonly hour: string; readonly after: string }[] = []
  /** The resource being read, named in a failure. */
  reading = 'checkpoint'

  constructor(source: LogSource, policy: LogPolicy, options: LogCheckOptions) {
    this.#source = source
    this.#policy = policy
    this.#options = options
  }

  async run(): Promise<void> {
    const newest = await readSignedCheckpoint(await this.#source.checkpoint(), this.#policy, this.#options.origin)
    this.#newest = newest
    this.#noteUnknownKeys(newest)
    const levels = new UpperTiles(newest.size, (tile) => this.#tile(tile))
    const begun = await this.#resume(newest, levels)
    this.reading = 'checkpoints'
    const trail = new PublishedCheckpoints(this.#source, this.#policy, newest, begun.marks, begun.range.size - 1)
    this.#trail = trail
    if (!trail.isListed)
      this.#notes.push('The source lists no checkpoints published before: only the newest was checked.')
    await trail.compareRoots(begun.range)
    await this.#walk(newest, begun.range, levels, trail)
    this.reading = 'tile'
    await levels.finish()
    this.reading = 'checkpoints'
    await trail.finish()
    this.#noteUncovered(newest, trail)
    this.reading = 'files'
    const { tilesOnly = false } = this.#options
    this.#noteSetBacks(trail.setBacks)
    this.#notes.push(...(await checkFiles(this.#source, this.#policy, newest, { from: this.#from, tilesOnly })))
    if (this.#options.tilesOnly)
      this.#notes.push('Entry bundles were not read: the hashes are checked, the entries are not.')
  }

  /** A key that is to replace the one of the policy signs beside it for a time. Nothing shows yet that it is the operator's. */
  #noteUnknownKeys({ note, origin }: SignedCheckpoint): void {
    const known = new Set(this.#policy.logs.map(({ key }) => hexKeyId(key)))
    const ids = parseNote(note)
      .signatures.filter(({ name }) => name === origin)
      .map(hexKeyId)
      .filter((id) => !known.has(id))
    if (ids.length > 0)
      this.#notes.push(
        `The newest checkpoint is also signed in the log's name by a key that your policy lacks (${ids.slice(0, maxNamed).join(', ')}). If the operator has announced a new key, get the policy from them while both keys sign.`,
      )
  }

  async #resume(newest: SignedCheckpoint, levels: UpperTiles) {
    if (this.#options.state === undefined) return { range: emptyRange, marks: [] }
    this.reading = 'state'
    const state = readState(this.#options.state, newest.origin)
    if (newest.size < state.newest.size) {
      throw new LogFailure(
        'checkpoint',
        `the newest checkpoint is of size ${newest.size}; an earlier run saw one of size ${state.newest.size}: an old one was put back`,
      )
    }
    const range = await levels.resume(state.range)
    this.#from = state.range.size
    this.#hour = state.hour
    this.#hourOfFullTiles = state.hour
    const marks: ExpectedRoot[] = [
      { size: state.newest.size, root: state.newest.root, what: 'the newest checkpoint of an earlier run' },
    ]
    return { range, marks: state.newest.size > range.size ? marks : [] }
  }

  async #walk(
    newest: SignedCheckpoint,
    begin: CompactRange,
    levels: UpperTiles,
    trail: PublishedCheckpoints,
  ): Promise<void> {
    let range = begin
    let next = this.#read(range.size / fullWidth, newest.size)
    for (let index = range.size / fullWidth; index * fullWidth < newest.size; index++) {
      const read = await next
      if (read === undefined) break
      const { hashes, entries } = read
      next = this.#read(index + 1, newest.size)
      next.catch(() => {})
      if (entries) this.#checkEntries(index, hashes, entries)
      for (let done = 0; done < hashes.length; ) {
        const upTo = Math.min(hashes.length, (await trail.nextSize()) - index * fullWidth)
        range = appendLeaves(range, hashes.slice(done, upTo))
        done = upTo
        this.reading = 'checkpoints'
        await trail.compareRoots(range)
      }
      if (hashes.length === fullWidth) {
        await levels.add(index, hashes)
        this.#hourOfFullTiles = this.#hour
      }
      this.#options.onProgress?.(range.size, newest.size)
      if (hashes.length === fullWidth && (index + 1) % stateEvery === 0)
        await this.#options.onState?.(stateOf(newest, levels.range, this.#hourOfFullTiles))
    }
    this.#covered = range.size
    await this.#options.onState?.(stateOf(newest, levels.range, this.#hourOfFullTiles))
  }

  /** `undefined` for the last leaves of a log whose files have full tiles only. */
  async #read(index: number, size: number) {
    const width = Math.min(fullWidth, size - index * fullWidth)
    if (width <= 0) return { hashes: [], entries: undefined }
    const [hashes, entries] = await Promise.all([
      this.#tile({ level: 0, index, width }).catch((error: unknown) => {
        if (width < fullWidth && this.#source.files?.hasFullTilesOnly && isAbsent(error)) return undefined
        throw error
      }),
      this.#options.tilesOnly ? undefined : this.#bundle(index, width).catch((error: unknown) => error),
    ])
    if (hashes === undefined) return undefined
    if (entries !== undefined && !Array.isArray(entries)) throw entries
    return { hashes, entries }
  }

  #noteSetBacks(setBacks: PublishedCheckpoints['setBacks']): void {
    const descriptions = [
      ...setBacks.map(({ size, from, until }) => `at the checkpoint of size ${size} from ${until} to ${from}`),
      ...this.#earlierHours.map(({ leaf, hour, after }) => `at leaf ${leaf} from the hour ${after} to ${hour}`),
    ]
    for (const where of descriptions.slice(0, maxNamed))
      this.#notes.push(`The operator's clock was wrong and set back, ${where}: times before it may be too late.`)
    if (descriptions.length > maxNamed)
      this.#notes.push(`It was set back ${descriptions.length - maxNamed} more times.`)
  }

  #noteUncovered({ size }: SignedCheckpoint, { signedOnly, beyond }: PublishedCheckpoints): void {
    if (this.#covered < size) {
      this.#notes.push(
        `Leaves ${this.#covered} to ${size - 1} are in no file here: a ledger writes them to its objects when their tile is full. ` +
          `Of ${count(signedOnly, 'checkpoint')} after size ${this.#covered}, the newest among them, signature, size and time were checked, the root was not. ` +
          'To cover these leaves run "npm run fsck" on the ledger, or check the log at its address, or a mirror of it.',
      )
    }
    if (beyond !== undefined)
      this.#notes.push(`A checkpoint of size ${beyond} is there too, beyond the newest, of size ${size}: not compared.`)
  }

  async #tile(tile: TileId): Promise<Hash[]> {
    const path = tilePath(tile)
    return named(path, async () => parseTile(await this.#source.tile(tile), tile.width))
  }

  async #bundle(index: number, width: number): Promise<Uint8Array[]> {
    return named(bundlePath({ index, width }), async () =>
      parseBundle(await this.#source.bundle({ index, width }), width),
    )
  }

  #checkEntries(index: number, hashes: readonly Hash[], entries: readonly Uint8Array[]): void {
    const path = bundlePath({ index, width: entries.length })
    for (const [i, entry] of entries.entries()) {
      const leaf = index * fullWidth + i
      if (!equalBytes(leafHash(entry), hashes[i] ?? new Uint8Array())) {
        throw new LogFailure(`${path}, leaf ${leaf}`, 'the entry does not have the hash that its tile holds')
      }
      const looks = inspectLeaf(entry)
      if (typeof looks === 'string') throw new LogFailure(`${path}, leaf ${leaf}`, looks)
      this.#kinds[looks.kind] = (this.#kinds[looks.kind] ?? 0) + 1
      if (looks.hour === undefined) continue
      if (looks.hour === this.#hour)
        throw new LogFailure(`${path}, leaf ${leaf}`, `the hour ${looks.hour} occurs twice`)
      // The clock was wrong and was set back. The hashes show that no entry was changed.
      if (looks.hour < this.#hour) this.#earlierHours.push({ leaf, hour: looks.hour, after: this.#hour })
      this.#hour = looks.hour
    }
  }

  result(verdict: Verdict, failed?: LogFinding): LogCheck {
    return {
      verdict,
      ...(this.#newest && {
        origin: this.#newest.origin,
        size: this.#newest.size,
        root: encodeHex(this.#newest.root),
      }),
      from: this.#from,
      covered: this.#covered,
      checkpoints: this.#trail?.checked ?? 0,
      kinds: this.#kinds,
      notes: this.#notes,
      ...(failed && { failed }),
    }
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof SourceError && error.code === 'absent'
}

/** Turns a `TlogError` into a failure that names the path. */
async function named<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof TlogError) throw new LogFailure(path, error.message)
    throw error
  }
}
