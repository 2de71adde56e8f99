/**
 * ISO 8601 durations in calendar arithmetic, always in UTC: years and months first (a day that the month lacks becomes its
 * last day: 31 January + P1M = last of February), then days, then the clock part, so that no time zone or DST has a say.
 * Accepted: `PnYnMnDTnHnMnS` with whole numbers of at most six digits and at least one of them, or `PnW`. Nothing else.
 */
export interface Duration {
  readonly months: number
  readonly days: number
  readonly milliseconds: number
}

const calendar =
  /^P(?!$)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})D)?(?:T(?!$)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/
const weeks = /^P(\d{1,6})W$/
const dayMs = 86_400_000
/** Later ends are cut to this instant, because instants compare as text, which a fifth digit of the year would break. */
export const lastInstant = '9999-12-31T23:59:59.999Z'
const lastMs = Date.parse(lastInstant)
const firstMs = Date.parse('0000-01-01T00:00:00.000Z')

export function isDuration(text: string): boolean {
  return readDuration(text) !== undefined
}

/** @returns `undefined` for a text that is no duration */
export function readDuration(text: string): Duration | undefined {
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

/** The instant at which a duration that begins at `at` has passed; `undefined` when `at` is not an instant. */
export function endOfDuration(at: string, duration: Duration): string | undefined {
  const start = msOf(at)
  return start === undefined ? undefined : add(start, duration)
}

/** The instant in the ledger's one spelling (UTC, milliseconds), which compares as text; `undefined` when it is none. */
export function instantOf(text: unknown): string | undefined {
  const ms = typeof text === 'string' ? msOf(text) : undefined
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

/** Only instants whose year has four digits, also in UTC. */
function msOf(text: string): number | undefined {
  if (text[10] !== 'T') return undefined
  const ms = Date.parse(text)
  return ms >= firstMs && ms <= lastMs ? ms : undefined
}

function add(startMs: number, duration: Duration): string {
  const start = new Date(startMs)
  const month = start.getUTCMonth() + duration.months
  const year = start.getUTCFullYear() + Math.floor(month / 12)
  // Later years are cut off below anyway, and a Date cannot hold all of them.
  const midnight = midnightOf(Math.min(year, 10_000), month % 12, start.getUTCDate())
  const end = midnight + modulo(startMs, dayMs) + duration.days * dayMs + duration.milliseconds
  return end <= lastMs ? new Date(end).toISOString() : lastInstant
}

function midnightOf(year: number, month: number, day: number): number {
  const lastDay = month === 1 ? (isLeap(year) ? 29 : 28) : [3, 5, 8, 10].includes(month) ? 30 : 31
  // Date.UTC reads years below 100 as 19xx. The calendar repeats every 400 years, so compute 400 years later and subtract them.
  return Date.UTC(year + 400, month, Math.min(day, lastDay)) - 146_097 * dayMs
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
