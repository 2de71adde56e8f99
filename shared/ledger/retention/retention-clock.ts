/**
 * The time by which retention destroys keys. Destroyed keys never come back, and a clock that is years ahead would destroy everything, so one
 * clock is not enough. Keys lapse by the earlier of this instance's time and `logLeadDays` after the third newest day on which the log got
 * entries.
 *
 * Three days, because a machine has one clock for both: an hour of a wrong one gives the log one day, or two about midnight. A ledger
 * that rests for longer than those days keeps its keys until it is used on three days again.
 */
import { timePk } from '../log/log-items.ts'
import type { Table } from '../store.ts'

const days = 3
const logLeadDays = 400

/** RFC 3339. A controller without a log has nothing that a clock could be held against. */
export async function retentionTime(log: Pick<Table, 'query'>, controller: string, nowMs: number): Promise<string> {
  let day: string | undefined
  for (let found = 0; found < days; found++) {
    // Hours are sort keys: before the first hour of a day comes the last hour of one before.
    const options = { descending: true, limit: 1, ...(day !== undefined && { after: `${day}T` }) }
    const [leaf] = (await log.query(timePk(controller), options)).items
    if (leaf === undefined) break
    day = leaf.sk.slice(0, 'YYYY-MM-DD'.length)
  }
  const leadMs = day === undefined ? 0 : Date.parse(`${day}T00:00:00.000Z`) + logLeadDays * 86_400_000
  return new Date(day === undefined ? nowMs : Math.min(nowMs, leadMs)).toISOString()
}
