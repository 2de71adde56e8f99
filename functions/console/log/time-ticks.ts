/** Ticks of a time axis at round times of the reader's zone: whole minutes, hours, days or months, whichever gives few enough. */
import type { Language } from '../shell/language.ts'

export interface TimeTick {
  /** Seconds since 1970. */
  readonly seconds: number
  readonly label: string
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** Steps within a day, in seconds; then of days, and of months. */
const withinDay = [1, 5, 15, 30, minute, 5 * minute, 15 * minute, 30 * minute, hour, 3 * hour, 6 * hour, 12 * hour]
const daySteps = [1, 2, 7, 14]
const monthSteps = [1, 3, 6, 12, 24, 60, 120]

export function timeTicks(from: number, to: number, most: number, language: Language): TimeTick[] {
  const span = Math.max(1, to - from)
  const step = withinDay.find((each) => span / each <= most)
  if (step !== undefined)
    return labelled(ticksOfDay(from, to, step), span >= day ? 'both' : step < minute ? 'second' : 'time', language)
  const days = daySteps.find((each) => span / (each * day) <= most)
  if (days !== undefined)
    return labelled(
      calendarTicks(from, to, (date) => date.setDate(date.getDate() + days)),
      'day',
      language,
    )
  const months = monthSteps.find((each) => span / (each * 30 * day) <= most) ?? 240
  return labelled(
    calendarTicks(from, to, (date) => date.setMonth(date.getMonth() + months, 1)),
    'month',
    language,
  )
}

/** Multiples of the step since the midnight before `from`. */
function ticksOfDay(from: number, to: number, step: number): number[] {
  const midnight = new Date(from * 1000).setHours(0, 0, 0, 0) / 1000
  const first = midnight + Math.ceil((from - midnight) / step) * step
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, i) => first + i * step)
}

/** Midnights, so a day with a change of the clock counts as one. */
function calendarTicks(from: number, to: number, advance: (date: Date) => unknown): number[] {
  const date = new Date(from * 1000)
  date.setHours(0, 0, 0, 0)
  const ticks: number[] = []
  for (; date.getTime() / 1000 <= to; advance(date))
    if (date.getTime() / 1000 >= from) ticks.push(date.getTime() / 1000)
  return ticks
}

const forms: Readonly<Record<'second' | 'time' | 'both' | 'day' | 'month', Intl.DateTimeFormatOptions>> = {
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  time: { hour: '2-digit', minute: '2-digit' },
  both: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
}

function labelled(ticks: readonly number[], form: keyof typeof forms, language: Language): TimeTick[] {
  const format = new Intl.DateTimeFormat(language === 'sv' ? 'sv-SE' : 'en-GB', forms[form])
  return ticks.map((seconds) => ({ seconds, label: format.format(seconds * 1000) }))
}
