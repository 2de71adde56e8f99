/**
 * The time of the next batch: never before that of the batch before it, unless an entry refutes the log's time
 * (`consent/clocks.ts`).
 */
import { isAhead, timeAfter } from '../../consent/clocks.ts'
import { type LogWriter, timestamp } from '../ledger.ts'
import type { Key } from '../store.ts'

/** Time of the last batch, RFC 3339; empty when there is none yet. */
interface Timed {
  readonly at: string
}

export function nextTime({ clock }: Pick<LogWriter, 'clock'>, { at }: Timed, isRefuted: boolean): string {
  return at === '' ? timestamp(clock) : new Date(timeAfter(Date.parse(at), clock(), isRefuted)).toISOString()
}

export function isAheadOf({ clock }: Pick<LogWriter, 'clock'>, { at }: Timed): boolean {
  return at !== '' && isAhead(Date.parse(at), clock())
}

/**
 * Whether one of these entries refutes the time of the last batch: this one, or an earlier one that was too late already. The entries are
 * read only when the log is ahead of the clock, since announcements do not say which times they refute.
 */
export async function isTimeRefuted(
  logWriter: Pick<LogWriter, 'clock' | 'entries'>,
  last: Timed,
  entries: readonly { readonly key: Key }[],
): Promise<boolean> {
  const { at } = last
  if (!isAheadOf(logWriter, last)) return false
  const items = await logWriter.entries.get(entries.map(({ key }) => key))
  return items.some((item) => {
    const refuted = item?.values.refuted
    return typeof refuted === 'string' && refuted <= at
  })
}

/** `2026-11-22T10` */
export function hourOf(at: string): string {
  return at.slice(0, 13)
}
