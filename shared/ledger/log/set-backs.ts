/**
 * Set-backs: where the log's clock was found to be wrong and went back (`consent/clocks.ts`). Times before one may be too late, by up to
 * what it went back; `log-clock.ts` corrects them.
 *
 *   PK `<controller>#clock`   SK a tree size, 16 digits: checkpoints of that size or more were made after the set-back
 *   from   the time to which the clock went back
 *   until  the time that the log had before
 *
 * The row is inserted before the batch or checkpoint that it is about. A crash in between leaves a row without a set-back. It then points
 * at a checkpoint with a right time, which corrects nothing.
 */
import { clockToleranceMs, isAhead } from '../../consent/clocks.ts'
import { type Item, insertOne, queryAll, type Table } from '../store.ts'
import { clockPk, numberSk } from './log-items.ts'

export interface SetBack {
  readonly size: number
  /** RFC 3339. */
  readonly from: string
  readonly until: string
}

export async function storeSetBack(log: Table, controller: string, { size, from, until }: SetBack): Promise<void> {
  await insertOne(log, { pk: clockPk(controller), sk: numberSk(size), values: { from, until } })
}

/** Usually none: one query. */
export async function setBacksOf(log: Pick<Table, 'query'>, controller: string): Promise<SetBack[]> {
  const found: SetBack[] = []
  for await (const item of queryAll(log, clockPk(controller))) found.push(readSetBack(item))
  return found
}

function readSetBack({ sk, values }: Item): SetBack {
  return { size: Number(sk), from: String(values.from), until: String(values.until) }
}

/** Whether a time is one that the log had while its clock was ahead. */
export function mayBeAhead(statedAt: string, setBacks: readonly SetBack[]): boolean {
  const stated = Date.parse(statedAt)
  return setBacks.some(
    ({ from, until }) => isAhead(stated, Date.parse(from)) && stated <= Date.parse(until) + clockToleranceMs,
  )
}
