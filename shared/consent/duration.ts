/**
 * ISO 8601 durations in calendar arithmetic, always in UTC: years and months first (a day that the month lacks becomes its
 * last day: 31 January + P1M = last of February), then days, then the clock part, so that no time zone or DST has a say.
 * Accepted: `PnYnMnDTnHnMnS` with whole numbers of at most six digits and at least one of them, or `PnW`. Nothing else.
 */
import { LedgerError } from '../errors.ts'

export interface Duration {
  readonly months: number
  readonly days: number
  readonly milliseconds: number
}

const calendar =
  /^P(?!$)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})D)?(?:T(?!$)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/
const weeks = /^P(\d{1,6})W$/
const dayMs = 86_400_000
/** Instants compare as text, which a fifth digit of the year would break: what ends later ends here. */
const lastInstant = '9999-12-31T23:59:59.999Z'

export function isDuration(text: string): boolean {
  return readDuration(text) !== undefined
}

export function parseDuration(text: string): Duration {
  const duration = readDuration(text)
  if (duration === undefined) {
    throw new LedgerError('invalid-request', 'Not an ISO 8601 duration', {
      given: text,
      allowed: 'PnYnMnDTnHnMnS or PnW in whole numbers, e.g. P13M, P1Y6M, P30D, P2W, PT12H',
    })
  }
  return duration
}

/** The instant at which a duration that begins at `at` has passed. */
export function addDuration(at: string, duration: string): string {
  const parsed = parseDuration(duration)
  const start = instantOf(at)
  if (start === undefined) {
    throw new LedgerError('invalid-request', 'Not an instant', { given: at, allowed: 'an RFC 3339 date-time in UTC' })
  }
  return add(start, parsed)
}

/** As `addDuration`, for those who must not throw: `undefined` when either is unreadable. */
export function endOfDuration(at: string, duration: string): string | undefined {
  const parsed = readDuration(duration)
  const start = instantOf(at)
  return parsed === undefined || start === undefined ? undefined : add(start, parsed)
}

/** Of two durations the one that ends first when both begin at `from`: P30D or P1M depends on the month. */
export function shorterDuration(from: string, a: string, b: string): string {
  return addDuration(from, b) < addDuration(from, a) ? b : a
}

/** The instant in the ledger's one spelling (UTC, milliseconds), which compares as text; `undefined` when it is none. */
export function instantOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(text)) return undefined
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) return undefined
  const instant = new Date(ms).toISOString()
  return /^\d/.test(instant) ? instant : undefined
}

function readDuration(text: unknown): Duration | undefined {
  if (typeof text !== 'string') return undefined
  const inWeeks = weeks.exec(text)
  if (inWeeks) return { months: 0, days: Number(inWeeks[1]) * 7, milliseconds: 0 }
  const parts = calendar.exec(text)
  if (!parts) return undefined
  const [years, months, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0))
  return {
    months: (years ?? 0) * 12 + (months ?? 0),
    days: days ?? 0,
    milliseconds: (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000,
  }
}

function add(start: string, duration: Duration): string {
  const date = new Date(start)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + duration.months)
  const lastDay = new Date(date)
  lastDay.setUTCMonth(lastDay.getUTCMonth() + 1, 0)
  date.setUTCDate(Math.min(day, lastDay.getUTCDate()))
  const end = date.getTime() + duration.days * dayMs + duration.milliseconds
  return end <= Date.parse(lastInstant) ? new Date(end).toISOString() : lastInstant
}
