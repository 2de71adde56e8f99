/**
 * How a log grew: its published checkpoints, each verified, with the time that its witness states (`signed-checkpoint.ts`). A checkpoint has
 * no time of its own, so one that no known witness cosigned has no place on the axis and is counted apart.
 *
 * A log has up to one checkpoint for each batch. All are read as long as they fit into a few pages of the list; of a longer list the rest is
 * read in places, evenly by size, and the answer says that there are gaps.
 */
import { equalBytes } from '../../../shared/tlog/encoding.ts'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import type { LogPolicy } from '../../../shared/tlog/tlog-policy.ts'
import { LogFailure } from '../../../shared/verify/log-failure.ts'
import type { ListedCheckpoint, LogSource } from '../../../shared/verify/log-source.ts'
import { readSignedCheckpoint, type SignedCheckpoint, withoutQuorum } from '../../../shared/verify/signed-checkpoint.ts'

/** Pages that are read one after the other; the ledger lists 500 a page. */
const pagesInFull = 4
/** Places of a longer list in which one page each is read. */
const places = 12

export interface TimedCheckpoint extends SignedCheckpoint {
  readonly seconds: number
}

export interface Growth {
  /** Smallest size first; the newest one is the last. */
  readonly checkpoints: readonly TimedCheckpoint[]
  /** How many of those that were read have no time. */
  readonly untimed: number
  /** Whether all that were published are among them. */
  readonly isWhole: boolean
}

/**
 * @param newest verified before
 * @throws LogFailure when a listed checkpoint is not signed, or contradicts its place in the list or the newest one
 */
export async function readGrowth(
  source: Pick<Required<LogSource>, 'checkpoints'>,
  policy: LogPolicy,
  newest: SignedCheckpoint,
): Promise<Growth> {
  const listed = new Map<number, string>()
  const take = (all: readonly ListedCheckpoint[]) => {
    for (const { size, note } of all) if (size < newest.size) listed.set(size, note)
    const same = all.find(({ size }) => size === newest.size)
    if (same !== undefined) listed.set(same.size, same.note)
  }
  let after: number | undefined = -1
  for (let page = 0; page < pagesInFull && after !== undefined && after < newest.size; page++) {
    const { checkpoints, next }: Awaited<ReturnType<typeof source.checkpoints>> = await source.checkpoints(after)
    take(checkpoints)
    after = next !== undefined && next > after ? next : undefined
  }
  const isWhole = after === undefined || after >= newest.size
  if (!isWhole && after !== undefined) {
    const step = (newest.size - after) / places
    const begins = Array.from({ length: places }, (_, place) => Math.floor((after ?? 0) + step * place))
    const pages = await Promise.all(begins.map((begin) => source.checkpoints(begin)))
    for (const { checkpoints } of pages) take([checkpoints[0], checkpoints.at(-1)].filter((each) => each !== undefined))
  }
  const verified = await Promise.all([...listed].map(([size, note]) => verify({ size, note }, policy, newest)))
  if (!listed.has(newest.size)) verified.push(newest)
  const timed = verified.filter((each): each is TimedCheckpoint => each.seconds !== undefined)
  return {
    checkpoints: timed.sort((a, b) => a.size - b.size),
    untimed: verified.length - timed.length,
    isWhole,
  }
}

async function verify(
  { size, note }: ListedCheckpoint,
  policy: LogPolicy,
  newest: SignedCheckpoint,
): Promise<SignedCheckpoint> {
  const what = `checkpoint ${size}`
  const signed = await readSignedCheckpoint(note, withoutQuorum(policy), newest.origin).catch((error: unknown) => {
    throw error instanceof TlogError ? new LogFailure(what, error.message) : error
  })
  if (signed.size !== size) throw new LogFailure(what, `the note listed under this size is of size ${signed.size}`)
  if (size === newest.size && !equalBytes(signed.root, newest.root))
    throw new LogFailure(what, 'two signed notes of this size have different roots: the log was forked')
  return signed
}

/** A row of the table and a point of the chart: where the log stood, and what it gained since the row before. */
export interface GrowthPoint {
  readonly size: number
  readonly seconds: number
  readonly added: number
}

/** At most `most` points: of more checkpoints the last in each of as many equal parts of the time, and the first of all. */
export function growthPoints(checkpoints: readonly TimedCheckpoint[], most: number): GrowthPoint[] {
  const first = checkpoints[0]
  const last = checkpoints.at(-1)
  if (first === undefined || last === undefined) return []
  const part = (last.seconds - first.seconds) / (most - 1)
  const inPart = new Map<number, TimedCheckpoint>()
  for (const each of checkpoints) {
    const place = each === first ? 0 : Math.min(most - 1, 1 + Math.floor((each.seconds - first.seconds) / (part || 1)))
    inPart.set(checkpoints.length <= most ? each.size : place, each)
  }
  const kept = [...inPart.values()].sort((a, b) => a.size - b.size)
  return kept.map(({ size, seconds }, i) => ({ size, seconds, added: size - (kept[i - 1]?.size ?? 0) }))
}
