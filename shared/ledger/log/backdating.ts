/**
 * Whether the log shows a leaf to be older on paper than in fact: DESIGN section 5, "Time". It counts as backdated when the
 * newest checkpoint that lacks it was made more than the promised delay after the time it states, or when a `time` leaf of an
 * hour that begins more than 5 minutes after that time stands before it. Then it is known only from the first checkpoint that has it.
 */
import { promisedDelaySeconds } from '../../consent/proof-file.ts'
import { LedgerError } from '../../errors.ts'
import { timePk } from './items.ts'
import {
  checkpointAfter,
  checkpointBefore,
  checkpointSeconds,
  type LogReader,
  type PublishedCheckpoint,
} from './read.ts'
import type { Place } from './view.ts'

export const timeLeafToleranceMs = 5 * 60_000

/**
 * What got its index this soon is not late, and nothing need be read to know: a checkpoint that lacks it was made before its batch,
 * and no `time` leaf before it is of an hour after its batch. Half of the promised delay is left to clocks that differ.
 */
const promptMs = (promisedDelaySeconds * 1000) / 2

export interface Lateness {
  /** The newest checkpoint that lacks the leaf, when it is late itself. */
  readonly lacks?: PublishedCheckpoint
  /** The hour and index of a `time` leaf that stands before it, when that is too late. */
  readonly time?: { readonly hour: string; readonly index: number }
  readonly has: PublishedCheckpoint
  readonly knownFrom: string
}

/** The place is that of a leaf that a published checkpoint has. */
export async function latenessOf(
  reader: LogReader,
  controller: string,
  statedAt: string,
  { index, loggedAt }: Place,
): Promise<Lateness | undefined> {
  const stated = Date.parse(statedAt)
  if (Date.parse(loggedAt) - stated <= promptMs) return undefined
  const [lacking, time] = await Promise.all([
    checkpointBefore(reader, controller, index),
    firstHourAfter(reader, controller, stated + timeLeafToleranceMs),
  ])
  const isLate =
    lacking !== undefined && checkpointSeconds(reader, lacking) * 1000 > stated + promisedDelaySeconds * 1000
  const isOvertaken = time !== undefined && time.index < index
  if (!isLate && !isOvertaken) return undefined
  const has = await checkpointAfter(reader, controller, index)
  if (has === undefined) throw new LedgerError('internal', 'a leaf that no published checkpoint has')
  return {
    ...(isLate && { lacks: lacking }),
    ...(isOvertaken && { time }),
    has,
    knownFrom: new Date(checkpointSeconds(reader, has) * 1000).toISOString(),
  }
}

/** The first `time` leaf of an hour that begins after the instant. */
async function firstHourAfter(reader: LogReader, controller: string, instantMs: number) {
  const hour = new Date(instantMs).toISOString().slice(0, 13)
  const { items } = await reader.log.query(timePk(controller), { after: hour, limit: 1 })
  const [item] = items
  return item && { hour: item.sk, index: Number(item.values.index) }
}
