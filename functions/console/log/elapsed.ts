/** How long ago something was, in the largest unit that fits, as the reader's language says it. */
import type { Language } from '../shell/language.ts'

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** @param seconds until now; in the past when positive */
export function ago(seconds: number, language: Language): string {
  const whole = Math.floor(seconds)
  const [unit, length] = units.find(([, length]) => Math.abs(whole) >= length) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.trunc(whole / length), unit)
}
