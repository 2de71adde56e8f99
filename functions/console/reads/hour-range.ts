/** An hour of UTC, as the ledger states it (`2026-11-30T14`), in the reader's time zone. Some zones are not whole hours away from UTC. */
import type { Language } from '../shell/language.ts'

export function hourRange(hour: string, language: Language): string {
  const start = Date.parse(`${hour}:00:00Z`)
  if (Number.isNaN(start)) return hour
  const locale = language === 'sv' ? 'sv-SE' : 'en-GB'
  const written = (options: Intl.DateTimeFormatOptions, at = start) =>
    new Intl.DateTimeFormat(locale, options).formatToParts(at)
  const text = (parts: readonly Intl.DateTimeFormatPart[]) => parts.map(({ value }) => value).join('')
  const time = { hour: '2-digit', minute: '2-digit' } as const
  const zone = written({ timeZoneName: 'short' }).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  // The day is that of the beginning: the hour before midnight ends on the next day, and says so by `00:00`.
  const day = text(written({ day: 'numeric', month: 'short' }))
  return `${day} ${text(written(time))}–${text(written(time, start + 3_600_000))} ${zone}`
}
