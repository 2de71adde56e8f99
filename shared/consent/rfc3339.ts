/**
 * Instants as RFC 3339 writes them (https://www.rfc-editor.org/rfc/rfc3339, section 5.6): `t` and `z` may be lower case, and second 60 is a
 * leap second. Inside the ledger an instant is UTC with milliseconds, so that instants compare as text.
 *
 * A leap second is the last second of a day in UTC. It is read as the first instant of the next day, as POSIX time counts it.
 */
const rfc3339 =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))T((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(\.\d+)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/
/** In characters; bounds the digits of a fraction. */
const maxLength = 40

/** The instant in UTC with milliseconds, further digits dropped; `undefined` when the text is not an RFC 3339 instant. */
export function readRfc3339(text: string): string | undefined {
  const [, day, minute, second, fraction = '', offset] =
    (text.length <= maxLength && rfc3339.exec(text.toUpperCase())) || []
  if (day === undefined || !isDay(day)) return undefined
  const isLeap = second === '60'
  const ms = Date.parse(`${day}T${minute}:${isLeap ? '59' : second}${isLeap ? '' : fraction}${offset}`)
  if (Number.isNaN(ms)) return undefined
  if (!isLeap) return new Date(ms).toISOString()
  const next = new Date(ms + 1000).toISOString()
  return next.endsWith('T00:00:00.000Z') ? next : undefined
}

/** `Date.parse` would read 30 February as 2 March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00.000Z`).toISOString().startsWith(day)
}
