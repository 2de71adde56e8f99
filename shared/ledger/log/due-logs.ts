/**
 * Which logs may have something to publish. A log job marks a log before it commits a batch to it, and the sweep looks at the marked logs
 * only: what it costs grows with the logs that are written to, not with those that exist.
 *
 *   mark      PK `#due#<minute>`, the start of five minutes    SK the controller
 *   position  PK `#swept`                                      SK the start of five minutes: all marks up to then were looked at
 *
 * A mark holds for five minutes of commits, so a busy log costs one insert in that time. It is looked at in each sweep until every commit
 * that relied on it has ended for certain, by clocks that agree (`consent/clocks.ts`). A crash after the mark leaves a mark without a batch,
 * which costs looks. After an outage the sweep goes back to its position. What marks cannot show, such as a batch by a clock that is
 * further off, is found by the sweep's pass over all logs.
 */
import { clockToleranceMs } from '../../consent/clocks.ts'
import { type Clock, insertOne, type Key, queryAll, type Table } from '../store.ts'

const minuteMs = 60_000
const spanMs = 5 * minuteMs
/** The longest run of a job that commits: after it Lambda ends the call (`infra/consent-ledger/functions.ts`). */
export const longestCommitMs = 5 * minuteMs
/** A commit may come so long after the start of its mark's time: the mark's validity, the run, clocks that differ, and the next sweep. */
const backMs = spanMs + longestCommitMs + clockToleranceMs + minuteMs
/** An outage that is bridged, also where there is no position yet. The marks of a longer one are left to the pass over all logs. */
const longestOutageMs = 24 * 60 * minuteMs
const queriesAtOnce = 16

const sweptPk = '#swept'
const duePrefix = '#due#'

/** Whether the item is a mark or a position: the only items of the log table that belong to no controller. */
export const isSweepItem = ({ pk }: Key): boolean => pk === sweptPk || pk.startsWith(duePrefix)

export interface DueMarks {
  /** When this returns, the sweep will look at the log, also at commits of the next `longestCommitMs`. Usually no call. */
  mark(controller: string): Promise<void>
}

/** The marks of one process, which remembers those that hold. */
export function dueMarks(log: Table, clock: Clock): DueMarks {
  const markedAtMs = new Map<string, number>()
  return {
    async mark(controller) {
      const nowMs = clock()
      const ageMs = nowMs - (markedAtMs.get(controller) ?? Number.NEGATIVE_INFINITY)
      if (ageMs >= 0 && ageMs < spanMs) return
      await insertOne(log, { pk: duePrefix + spanOf(nowMs), sk: controller, values: {} })
      markedAtMs.set(controller, nowMs)
    },
  }
}

/** Controllers whose logs were marked since the last complete sweep, oldest mark first, each once. */
export async function dueControllers(
  log: Pick<Table, 'query'>,
  sweptUntilMs: number | undefined,
  nowMs: number,
): Promise<string[]> {
  const untilMs = Math.max(nowMs - longestOutageMs, Math.min(nowMs, sweptUntilMs ?? 0))
  const spans: string[] = []
  for (let ms = untilMs - backMs; ms < nowMs + clockToleranceMs + spanMs; ms += spanMs) spans.push(spanOf(ms))
  const due = new Set<string>()
  for (let i = 0; i < spans.length; i += queriesAtOnce) {
    const marked = await Promise.all(spans.slice(i, i + queriesAtOnce).map((span) => markedIn(log, span)))
    for (const controller of marked.flat()) due.add(controller)
  }
  return [...due]
}

async function markedIn(log: Pick<Table, 'query'>, span: string): Promise<string[]> {
  const controllers: string[] = []
  for await (const { sk } of queryAll(log, duePrefix + span)) controllers.push(sk)
  return controllers
}

/** Until when all marks were looked at, in milliseconds; `undefined` before the first position. */
export async function sweptUntil(log: Pick<Table, 'query'>): Promise<number | undefined> {
  const [position] = (await log.query(sweptPk, { descending: true, limit: 1 })).items
  return position && Date.parse(`${position.sk}Z`)
}

/** @param ms when the sweep began that has looked at all marks */
export async function storeSwept(log: Table, ms: number): Promise<void> {
  await insertOne(log, { pk: sweptPk, sk: spanOf(ms), values: {} })
}

/** `2026-11-22T10:35`: the start of the five minutes in which the instant is. */
export function spanOf(ms: number): string {
  return new Date(Math.floor(ms / spanMs) * spanMs).toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length)
}
