/** An option that is an instant. */
import { Misuse } from '../command-line.ts'
import { text } from './command.ts'

/** With its zone, because the same clock time is another instant elsewhere. */
export function instantOption(values: Parameters<typeof text>[0], name: string): string | undefined {
  const given = text(values, name)
  if (given === undefined) return undefined
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i.test(given)
    ? Date.parse(given)
    : Number.NaN
  if (Number.isNaN(ms)) throw new Misuse(`--${name} ${given}: not an instant with its zone, e.g. 2026-03-01T12:00:00Z`)
  return new Date(ms).toISOString()
}
