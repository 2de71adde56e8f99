/**
 * Set-backs: where the log's clock was found to be wrong and went back (`consent/clocks.ts`). Times before one may be too late, by up to
 * what it went back; `log-clock.ts` corrects them.
 *
 *   PK `<controller>#clock`   SK a tree size, 16 digits: checkpoints of that size or more were made after the set-back
 *   from   the time to which the clock went back
 *   until  the time that the log had before
 *
 *   PK `<controller>#clock`   SK `mark`: the log may have set-backs. A reader looks it up in a call that it makes anyway, and saves the
 *   query of a log without any
 *
 * The mark is inserted before the first row, and a row before the batch or checkpoint that it is about. So a reader that has read a checkpoint
 * before the mark knows of each set-back that this checkpoint depends on. A crash in between leaves a mark, which costs a query, or a row without a
 * set-back. That points at a checkpoint with a right time, which corrects nothing.
 */
import { clockToleranceMs, isAhead } from '../../consent/clocks.ts'
import { type Item, insertOne, type Key, queryAll, type Table } from '../store.ts'
import { clockPk, numberSk } from './log-items.ts'

export interface SetBack {
  readonly size: number
  /** RFC 3339. */
  readonly from: string
  readonly until: string
}

const markOf = (controller: string): Key => ({ pk: clockPk(controller), sk: 'mark' })

export async function storeSetBack(log: Table, controller: string, { size, from, until }: SetBack): Promise<void> {
  await insertOne(log, { ...markOf(controller), values: {} })
  await insertOne(log, { pk: clockPk(controller), sk: numberSk(size), values: { from, until } })
}

/** Usually none: one query. */
export async function setBacksOf(log: Pick<Table, 'query'>, controller: string): Promise<SetBack[]> {
  const found: SetBack[] = []
  const mark = markOf(controller)
  for await (const item of queryAll(log, clockPk(controller))) if (item.sk !== mark.sk) found.push(readSetBack(item))
  return found
}

/**
 * Does the same with one look-up by key, which shares its call with others, and queries only where there are some.
 *
 * @param known those of the controller's snapshot: set-backs from before 30 November 2026 have no mark
 */
export async function setBacksIfAny(
  log: Pick<Table, 'get' | 'query'>,
  controller: string,
  known: readonly SetBack[],
): Promise<SetBack[]> {
  const [mark] = known.length === 0 ? await log.get([markOf(controller)]) : []
  return known.length === 0 && mark === undefined ? [] : setBacksOf(log, controller)
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
