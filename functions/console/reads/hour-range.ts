/** An hour of UTC, as the ledger states it (`2026-11-30T14`), in the reader's time zone. Some zones are not whole hours away from UTC. */
import type { Language } from '../shell/language.ts'

export function hourRange(hour: string, language: Language): string {
  const start = Date.parse(`${hour}:00:00Z`)
  if (Number.isNaN(start)) return hour
  const format = new Intl.DateTimeFormat(language === 'sv' ? 'sv-SE' : 'en-GB', {
    ...({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const),
  })
  return format.formatRange(start, start + 3_600_000)
}
