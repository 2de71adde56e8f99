/**
 * The signed notes of one log, and their times. A checkpoint has no time; its cosignatures have. A witness whose key name has the log's host
 * is the operator's own; any other is an outside witness. The operator's time counts, unless an outside witness states a time that is earlier
 * by more than the promised delay. Then that one counts.
 *
 * Two notes of one size with different roots show that the log was forked. A larger size that an outside witness cosigned before a smaller
 * one shows that it was rewritten. The two signed notes are the proof. The operator's own clock may have been set back; that forges nothing,
 * because a smaller tree existed when a larger one was signed, whatever its own time.
 */
import { isAhead, thereBy } from '../consent/clocks.ts'
import { promisedDelaySeconds } from '../consent/promised-delay.ts'
import { encodeHex, equalBytes } from '../tlog/encoding.ts'
import type { Hash } from '../tlog/merkle.ts'
import { type LogPolicy, verifyCheckpoint } from '../tlog/tlog-policy.ts'
import { type Said, say } from './say.ts'
import type { StepId } from './step-ids.ts'
import { fail, inStepAsync, missing, quote } from './verification.ts'

export interface SignedCheckpoint {
  /** The note, verbatim. */
  readonly note: string
  readonly origin: string
  readonly size: number
  readonly root: Hash
  /** Seconds since 1970; absent when no witness of the policy cosigned it. */
  readonly seconds?: number
  readonly cosigned: readonly Cosigned[]
}

export interface Cosigned {
  readonly name: string
  readonly seconds: number
  readonly byOperator: boolean
}

/** Limit on different notes, because all pairs are compared. Honest files have a few. */
const maxNotes = 2000

export class SignedNotes {
  readonly #policy: LogPolicy
  readonly #withoutQuorum: LogPolicy
  readonly #origin: string
  readonly #verified = new Map<string, SignedCheckpoint>()
  /** Every note verified so far. */
  readonly all: SignedCheckpoint[] = []

  constructor(policy: LogPolicy, origin: string) {
    this.#policy = policy
    this.#withoutQuorum = withoutQuorum(policy)
    this.#origin = origin
  }

  /** The checkpoint that everything is proven against: it must have the policy's quorum. */
  async verify(note: string, step: StepId, what: Said): Promise<SignedCheckpoint> {
    return this.#read(note, step, what, this.#policy)
  }

  /**
   * Another checkpoint of the file. It needs no quorum: witnesses see a few of a log's checkpoints, and what this one adds is a time, or a
   * tree that is proven to begin the other's. `check-checkpoint.ts` notes whose word its time is.
   */
  async verifyOther(note: string, step: StepId, what: Said): Promise<SignedCheckpoint> {
    return this.#read(note, step, what, this.#withoutQuorum)
  }

  async #read(note: string, step: StepId, what: Said, policy: LogPolicy): Promise<SignedCheckpoint> {
    const known = this.#verified.get(note)
    if (known) return known
    if (this.all.length === maxNotes) missing(step, 'too-many-checkpoints', { maxNotes })
    const signed = await inStepAsync(step, what, () => readSignedCheckpoint(note, policy, this.#origin))
    for (const other of this.all) checkPair(other, signed, step)
    this.#verified.set(note, signed)
    this.all.push(signed)
    return signed
  }

  /** Latest time at which a tree of this size came to exist, if it states `seconds`: a larger tree, signed later, may state an earlier time. */
  thereBy(size: number, seconds: number): number {
    const later = this.all.flatMap((note) =>
      note.size > size && note.seconds !== undefined ? [note.seconds * 1000] : [],
    )
    return thereBy(seconds * 1000, later) / 1000
  }

  /** Sizes at which the operator's clock was set back by more than 5 minutes, as far as the notes of the file show. */
  setBacks(): { readonly size: number; readonly from: string; readonly until: string }[] {
    const timed = this.all.toSorted((a, b) => a.size - b.size)
    return timed.flatMap(({ size, seconds }, i) => {
      const before = timed[i - 1]?.seconds
      if (seconds === undefined || before === undefined || !isAhead(before * 1000, seconds * 1000)) return []
      return [{ size, from: isoOf(seconds), until: isoOf(before) }]
    })
  }
}

const relaxed = new WeakMap<LogPolicy, LogPolicy>()

/** The same keys, for older checkpoints of a log: witnesses see few of them. The same object for the same policy, by which readers remember. */
export function withoutQuorum(policy: LogPolicy): LogPolicy {
  const known = relaxed.get(policy) ?? { ...policy, quorum: 'none' }
  relaxed.set(policy, known)
  return known
}

/** The last checkpoints that each policy verified. The ledger checks many proofs against one checkpoint before they leave. */
const verifiedBy = new WeakMap<LogPolicy, Map<string, SignedCheckpoint>>()
const maxVerified = 8

export async function readSignedCheckpoint(
  note: string,
  policy: LogPolicy,
  origin?: string,
): Promise<SignedCheckpoint> {
  const verified = verifiedBy.get(policy) ?? new Map<string, SignedCheckpoint>()
  verifiedBy.set(policy, verified)
  const known = verified.get(note)
  if (known !== undefined && (origin === undefined || known.origin === origin)) return known
  const signed = await verifySignedCheckpoint(note, policy, origin)
  if (verified.size >= maxVerified) verified.clear()
  verified.set(note, signed)
  return signed
}

async function verifySignedCheckpoint(note: string, policy: LogPolicy, origin?: string): Promise<SignedCheckpoint> {
  const { checkpoint, witnessed } = await verifyCheckpoint(note, policy, origin)
  const host = hostOf(checkpoint.origin)
  const cosigned = witnessed.map(({ name, timeSeconds }) => ({
    name,
    seconds: timeSeconds,
    byOperator: hostOf(policy.witnesses.get(name)?.key.name ?? '') === host,
  }))
  const seconds = timeOf(cosigned)
  return {
    note,
    origin: checkpoint.origin,
    size: checkpoint.size,
    root: checkpoint.root,
    ...(seconds !== undefined && { seconds }),
    cosigned,
  }
}

/** The part before the last slash of `<host>/<controller>` or `<host>/witness`. */
function hostOf(name: string): string {
  const slash = name.lastIndexOf('/')
  return slash < 0 ? name : name.slice(0, slash)
}

function timeOf(cosigned: readonly Cosigned[]): number | undefined {
  const earliest = (byOperator: boolean) =>
    cosigned
      .filter((c) => c.byOperator === byOperator)
      .map((c) => c.seconds)
      .sort((a, b) => a - b)[0]
  const operator = earliest(true)
  const outside = earliest(false)
  if (operator === undefined || outside === undefined) return operator ?? outside
  // An outside witness gives an upper bound only: the checkpoint existed by then and may be older.
  return outside < operator - promisedDelaySeconds ? outside : operator
}

function checkPair(a: SignedCheckpoint, b: SignedCheckpoint, step: StepId): void {
  const [early, late] = a.size <= b.size ? [a, b] : [b, a]
  if (early.size === late.size && !equalBytes(early.root, late.root)) {
    fail(step, 'log-forked', { size: early.size, root: encodeHex(early.root), otherRoot: encodeHex(late.root) })
  }
  if (early.size === late.size) return
  for (const { name, seconds, byOperator } of late.cosigned) {
    if (byOperator) continue
    const before = early.cosigned.find((c) => c.name === name)
    // Two publishers may cosign in the other order, within the time that a signature takes.
    if (before && before.seconds > seconds + promisedDelaySeconds) {
      fail(step, 'log-shrank', {
        name: quote(name),
        size: late.size,
        at: isoOf(seconds),
        earlierSize: early.size,
        earlierAt: isoOf(before.seconds),
      })
    }
  }
}

/** RFC 3339. Seconds beyond the year 9999 become its end. */
export function isoOf(seconds: number): string {
  return seconds <= 253_402_300_799 ? new Date(seconds * 1000).toISOString() : '9999-12-31T23:59:59.999Z'
}

export function timeAndWitnesses({ seconds, cosigned }: SignedCheckpoint): Said {
  if (seconds === undefined) return say('made-unknown')
  const at = isoOf(seconds)
  const outside = cosigned.filter((c) => !c.byOperator).map((c) => c.name)
  return outside.length === 0
    ? say('made-own-witness', { at })
    : say('made-cosigned', { at, names: outside.map(quote) })
}
