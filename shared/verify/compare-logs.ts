/**
 * Compares what two places hold of one log: the smaller tree must be the beginning of the larger one. Where it is not, the log was forked,
 * and its two signed notes are the proof. Each tile of the larger one is verified up to its signed root first, so neither place can blame
 * the other.
 */
import { encodeHex, equalBytes } from '../tlog/encoding.ts'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import type { LogSource } from './log-source.ts'
import { readSignedCheckpoint, withoutQuorum } from './signed-checkpoint.ts'
import { VerifiedTiles } from './verified-tiles.ts'

export interface LogComparison {
  readonly isForked: boolean
  readonly origin: string
  /** Sizes of the first and of the second. */
  readonly sizes: readonly [number, number]
  /** Roots at the smaller size, lower-case hex. */
  readonly roots: readonly [string, string]
  /** The signed notes. Those of a fork are its proof. */
  readonly notes: readonly [string, string]
}

/**
 * @param origin the log that both must be of; absent: that of the first
 * @throws TlogError, LogFailure or SourceError when a checkpoint or a tile does not verify or cannot be read
 */
export async function compareLogs(
  first: LogSource,
  second: LogSource,
  policy: LogPolicy,
  origin?: string,
): Promise<LogComparison> {
  // Whoever forks a log may also withhold a fork from witnesses, so the log's own signature is enough here.
  const keys = withoutQuorum(policy)
  const a = await readSignedCheckpoint(await first.checkpoint(), keys, origin)
  const b = await readSignedCheckpoint(await second.checkpoint(), keys, a.origin)
  const [large, small, source] = a.size >= b.size ? [a, b, first] : [b, a, second]
  const rootAtSmall =
    large.size === small.size
      ? large.root
      : await (await VerifiedTiles.open(large, [(tile) => source.tile(tile)])).rootAt(small.size)
  const roots = a.size >= b.size ? ([rootAtSmall, b.root] as const) : ([a.root, rootAtSmall] as const)
  return {
    isForked: !equalBytes(...roots),
    origin: a.origin,
    sizes: [a.size, b.size],
    roots: [encodeHex(roots[0]), encodeHex(roots[1])],
    notes: [a.note, b.note],
  }
}
