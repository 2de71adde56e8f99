/** The period that the page Overview is about: days in UTC, both included, as the ledger counts them. Today is never complete. */
import { maxStatisticsDays } from '../../../shared/api/statistics-period.ts'

export interface Period {
  readonly from: string
  readonly to: string
}

/** Days of the periods that a reader can choose without dates. */
export const lengths = ['7', '30', '90', '365'] as const
export type Length = (typeof lengths)[number]

const dayMs = 24 * 3_600_000

export function moved(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

export const daysIn = ({ from, to }: Period): number => (Date.parse(to) - Date.parse(from)) / dayMs + 1

export const yesterday = (now = Date.now()): string => new Date(now - dayMs).toISOString().slice(0, 10)

export const periodOf = (length: Length, now?: number): Period => {
  const to = yesterday(now)
  return { from: moved(to, 1 - Number(length)), to }
}

export type PeriodFault = 'noSuchDay' | 'lastBeforeFirst' | 'tooLong'

export function faultOf({ from, to }: Period): PeriodFault | undefined {
  if (!isDay(from) || !isDay(to)) return 'noSuchDay'
  if (from > to) return 'lastBeforeFirst'
  return daysIn({ from, to }) > maxStatisticsDays ? 'tooLong' : undefined
}

/** A day of the calendar: 31 April is none. */
function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
