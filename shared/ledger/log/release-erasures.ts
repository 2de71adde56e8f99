/**
 * The daily release of erasures: those of a day get their leaves together, in the order of the pseudonyms. Erasures are not announced, so the
 * position of a leaf shows the day only and cannot be joined with other events of the moment.
 *
 *   mark      in the entries, before each erasure (`erasure-marks.ts`): the erasures of a day, over all controllers
 *   position  PK `#released`   SK a day: all erasures of that day and those before it have their leaves
 *
 * A release reads the days after its position, so what it costs grows with the erasures of these days only. The position stays two days behind, for
 * erasers whose clocks are slow: an erasure that is marked later still has no leaf until the self-audit names it. Without a position, as in
 * a ledger that is older than the marks, all erasures are read once.
 *
 * May run at any time and several times at once: erasures with an index row are skipped. A crash leaves erasures without a leaf, and the
 * position as it was, for the next release. Memory: the keys of a controller's erasures of a day.
 */
import { erasureMarksPk, erasureOfMark } from '../erasure/erasure-marks.ts'
import type { LogWriter } from '../ledger.ts'
import { insertOne, type Key, queryAll, type Table } from '../store.ts'
import { withoutRow } from './index-rows.ts'
import { controllerOf, erasedPk } from './log-items.ts'

/** Erasures looked up together, bounded because the calls share a deadline. */
const pageLength = 1_000
/** Controllers released at once. */
const atOnce = 8
const dayMs = 86_400_000
/** Days that are read again, because erasures may still be marked in them. */
const openDays = 2

const releasedPk = '#released'

/** Whether the item of the log table is a position of the release, which belongs to no controller. */
export const isReleasePosition = ({ pk }: Key): boolean => pk === releasedPk

/**
 * Gives these erasures of a controller their leaves, except those that have one, and publishes them. Resolves to false when that failed.
 * Is called again for erasures of open days, because an earlier release may have crashed before it published.
 */
export type ReleaseOfController = (controller: string, erasures: () => Promise<readonly Key[]>) => Promise<boolean>

/**
 * Tries all controllers that have erasures since the position, and moves the position when none failed.
 *
 * @param controllers ids of all controllers; asked for only when there is no position
 * @returns how many releases were tried, and how many failed
 */
export async function releaseErasures(
  logWriter: Pick<LogWriter, 'entries' | 'log' | 'clock'>,
  controllers: () => Promise<readonly string[]>,
  release: ReleaseOfController,
): Promise<{ readonly tried: number; readonly failed: number }> {
  const { entries, log, clock } = logWriter
  const today = Math.floor(clock() / dayMs)
  const position = await releasedUntil(log, today)
  const done = { tried: 0, failed: 0 }
  const tryAll = async (all: AsyncIterable<Erasures>) => {
    for await (const { controller, keys } of all) {
      done.tried++
      if (!(await release(controller, keys))) done.failed++
    }
  }
  const severalAtOnce = (all: AsyncGenerator<Erasures>) =>
    Promise.all(
      Array.from({ length: atOnce }, () => tryAll({ [Symbol.asyncIterator]: () => ({ next: () => all.next() }) })),
    )
  if (position === undefined) await severalAtOnce(allErasures(logWriter, await controllers()))
  for (let day = position ?? today; day < today; ) await severalAtOnce(erasuresOf(entries, dayText(++day)))
  if (done.failed === 0 && today - openDays > (position ?? 0))
    await insertOne(log, { pk: releasedPk, sk: dayText(today - openDays), values: {} })
  return done
}

/** Those of the erasures that have no leaf yet. A mark whose erasure was never stored is passed over. */
export async function withoutLeaf(
  { entries, log }: Pick<LogWriter, 'entries' | 'log'>,
  erasures: readonly Key[],
): Promise<Key[]> {
  const waiting: Key[] = []
  for (let i = 0; i < erasures.length; i += pageLength) {
    const keys = await withoutRow(log, erasures.slice(i, i + pageLength))
    const stored = keys.length === 0 ? [] : await entries.get(keys)
    waiting.push(...keys.filter((_, n) => stored[n] !== undefined))
  }
  return waiting
}

/** A controller's erasures of one day, or of all days, in the order of their pseudonyms. */
interface Erasures {
  readonly controller: string
  readonly keys: () => Promise<readonly Key[]>
}

/** The marks of a day are in the order of controllers and pseudonyms. */
async function* erasuresOf(entries: Pick<Table, 'query'>, day: string): AsyncGenerator<Erasures> {
  let keys: Key[] = []
  for await (const mark of queryAll(entries, erasureMarksPk(day))) {
    const key = erasureOfMark(mark)
    if (keys[0] !== undefined && keys[0].pk !== key.pk) {
      yield erasuresWith(keys)
      keys = []
    }
    keys.push(key)
  }
  if (keys.length > 0) yield erasuresWith(keys)
}

function erasuresWith(keys: readonly Key[]): Erasures {
  return { controller: controllerOf(keys[0] as Key), keys: async () => keys }
}

/** What there is without marks. Only those that wait are kept in memory. */
async function* allErasures(
  { entries, log }: Pick<LogWriter, 'entries' | 'log'>,
  controllers: readonly string[],
): AsyncGenerator<Erasures> {
  for (const controller of controllers) yield { controller, keys: () => waitingErasures({ entries, log }, controller) }
}

async function waitingErasures(
  { entries, log }: Pick<LogWriter, 'entries' | 'log'>,
  controller: string,
): Promise<Key[]> {
  const waiting: Key[] = []
  let after: string | undefined
  do {
    const page = await entries.query(erasedPk(controller), { limit: pageLength, ...(after !== undefined && { after }) })
    const keys = page.items.map(({ pk, sk }) => ({ pk, sk }))
    if (keys.length > 0) waiting.push(...(await withoutRow(log, keys)))
    after = page.next
  } while (after !== undefined)
  return waiting
}

/** In days since 1970. A later position than there can be by now, of a release whose clock was ahead, does not count yet. */
async function releasedUntil(log: Pick<Table, 'query'>, today: number): Promise<number | undefined> {
  const after = dayText(today - openDays + 1)
  const [position] = (await log.query(releasedPk, { descending: true, limit: 1, after })).items
  return position && Date.parse(`${position.sk}T00:00:00.000Z`) / dayMs
}

function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 'YYYY-MM-DD'.length)
}
