/**
 * Checks the published checkpoints, smallest first: each is signed, has the size that it is listed under and the root of the tree at that
 * size, and no witness's time is earlier than at a smaller size. The roots of checkpoints beyond the leaves of the source, or beyond the
 * newest checkpoint, cannot be compared.
 */
import { isAhead } from '../consent/clocks.ts'
import { promisedDelaySeconds } from '../consent/promised-delay.ts'
import { encodeHex, equalBytes } from '../tlog/encoding.ts'
import { type CompactRange, type Hash, rootOf } from '../tlog/merkle.ts'
import { TlogError } from '../tlog/tlog-error.ts'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { LogFailure } from './log-failure.ts'
import type { ListedCheckpoint, LogSource } from './log-source.ts'
import { isoOf, readSignedCheckpoint, type SignedCheckpoint, withoutQuorum } from './signed-checkpoint.ts'

/** A root that the tree must have at a size. */
export interface ExpectedRoot {
  readonly size: number
  readonly root: Hash
  readonly what: string
}

export class PublishedCheckpoints {
  readonly #source: LogSource
  readonly #policy: LogPolicy
  readonly #newest: SignedCheckpoint
  readonly #times = new Map<string, number>()
  /** Checkpoints read ahead, smallest first. The newest one comes last. */
  #ahead: ExpectedRoot[]
  #page: readonly ListedCheckpoint[] = []
  #next: number | undefined
  #newestIsQueued = false
  /** Checkpoints whose root was compared with the tree. */
  checked = 0
  /** Checkpoints up to the newest whose root could not be compared, for lack of leaves. */
  signedOnly = 0
  /** Where the operator's clock was set back by more than 5 minutes. */
  readonly setBacks: { readonly size: number; readonly from: string; readonly until: string }[] = []
  /** Greatest size listed beyond the newest checkpoint. */
  beyond: number | undefined

  /** Checkpoints of sizes up to `after` were compared by an earlier run. */
  constructor(
    source: LogSource,
    policy: LogPolicy,
    newest: SignedCheckpoint,
    marks: readonly ExpectedRoot[],
    after: number,
  ) {
    this.#source = source
    this.#policy = policy
    this.#newest = newest
    this.#ahead = [...marks]
    this.#next = source.checkpoints ? after : undefined
  }

  get isListed(): boolean {
    return this.#source.checkpoints !== undefined
  }

  /** The next size at which the tree is to be compared. */
  async nextSize(): Promise<number> {
    await this.#fill()
    return this.#ahead[0]?.size ?? Number.POSITIVE_INFINITY
  }

  /** Compares the checkpoints that were published at the size of the tree. */
  async compareRoots(range: CompactRange): Promise<void> {
    while ((await this.nextSize()) <= range.size) {
      const mark = this.#ahead.shift()
      if (mark === undefined) return
      const root = rootOf(range)
      if (mark.size !== range.size || !equalBytes(mark.root, root)) {
        throw new LogFailure(
          `checkpoint ${mark.size}`,
          `the root of ${mark.what} is ${encodeHex(mark.root)}; the tiles make a tree of ${range.size} with the root ${encodeHex(root)}`,
        )
      }
      this.checked++
    }
  }

  /** Checks the checkpoints that the walk did not reach: all in a folder; for a server, which may list endlessly, those of the current page. */
  async finish(): Promise<void> {
    while ((await this.nextSize()) !== Number.POSITIVE_INFINITY) {
      this.#ahead.shift()
      this.signedOnly++
    }
    while (this.#page.length > 0 || this.#source.files !== undefined) {
      const found = await this.#read()
      if (found === undefined) return
      const signed = await this.#verified(found)
      this.#checkTimes(signed)
      this.beyond = signed.size
    }
  }

  async #fill(): Promise<void> {
    // A mark from an earlier run may lie beyond checkpoints not listed yet: one listed checkpoint is always read ahead.
    while (!this.#newestIsQueued && !this.#ahead.some((mark) => mark.what === listed)) {
      const found = await this.#read()
      if (found === undefined || found.size >= this.#newest.size) {
        if (found !== undefined) this.#checkNewest(await this.#verified(found))
        if (found !== undefined && found.size > this.#newest.size) this.beyond = found.size
        this.#checkTimes(this.#newest)
        this.#queue({ size: this.#newest.size, root: this.#newest.root, what: 'the newest checkpoint' })
        this.#newestIsQueued = true
        return
      }
      const signed = await this.#verified(found)
      this.#checkTimes(signed)
      this.#queue({ size: signed.size, root: signed.root, what: listed })
    }
  }

  #queue(mark: ExpectedRoot): void {
    this.#ahead.push(mark)
    this.#ahead.sort((a, b) => a.size - b.size)
  }

  async #read(): Promise<ListedCheckpoint | undefined> {
    while (this.#page.length === 0) {
      if (this.#next === undefined || this.#source.checkpoints === undefined) return undefined
      const after = this.#next
      const { checkpoints, next } = await this.#source.checkpoints(after)
      this.#page = checkpoints
      this.#next = next !== undefined && next > after ? next : undefined
      if (checkpoints.some(({ size }, i) => size <= (checkpoints[i - 1]?.size ?? after)))
        throw new LogFailure(`checkpoints after ${after}`, 'they are not listed by size, smallest first')
    }
    const [first, ...rest] = this.#page
    this.#page = rest
    return first
  }

  async #verified({ size, note }: ListedCheckpoint): Promise<SignedCheckpoint> {
    const what = `checkpoint ${size}`
    try {
      const signed = await readSignedCheckpoint(note, withoutQuorum(this.#policy), this.#newest.origin)
      if (signed.size !== size) throw new LogFailure(what, `the note listed under this size is of size ${signed.size}`)
      return signed
    } catch (error) {
      throw error instanceof TlogError ? new LogFailure(what, error.message) : error
    }
  }

  /** Checkpoints beyond the newest are left to the next run: the log grew while it was read. */
  #checkNewest(signed: SignedCheckpoint): void {
    if (signed.size === this.#newest.size && !equalBytes(signed.root, this.#newest.root)) {
      throw new LogFailure(
        `checkpoint ${signed.size}`,
        `two signed notes of this size have different roots, ${encodeHex(signed.root)} and ${encodeHex(this.#newest.root)}: the log was forked`,
      )
    }
  }

  #checkTimes({ size, cosigned }: SignedCheckpoint): void {
    for (const { name, seconds, byOperator } of cosigned) {
      const before = this.#times.get(name)
      // The operator's clock was wrong and was set back. The signed trees still only grew.
      if (byOperator && before !== undefined && isAhead(before * 1000, seconds * 1000)) {
        this.setBacks.push({ size, from: isoOf(seconds), until: isoOf(before) })
        this.#times.set(name, seconds)
        continue
      }
      // Two publishers may sign in the other order within the time that a signature takes. Sizes and roots still have to agree.
      if (before !== undefined && seconds < before - promisedDelaySeconds) {
        throw new LogFailure(
          `checkpoint ${size}`,
          `${name} cosigned it at ${isoOf(seconds)}, before a smaller one at ${isoOf(before)}`,
        )
      }
      this.#times.set(name, Math.max(seconds, before ?? 0))
    }
  }
}

const listed = 'the published checkpoint'
