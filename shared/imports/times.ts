/**
 * Times as files state them, as RFC 3339 in UTC with milliseconds. Only the form that the caller names is read, because 03/04/2024 is two days.
 *
 *   iso        RFC 3339; also with a space for the T, and without an offset where a zone is given
 *   epoch-s    seconds since 1970, with or without a fraction        epoch-ms   milliseconds since 1970
 *   a pattern  of yyyy MM dd HH mm ss SSS, such as `dd/MM/yyyy HH:mm`; what it lacks of the time of day is 0
 *
 * A local time that a change of clocks skips or repeats is read by the offset before the change.
 */
import { readRfc3339 } from '../consent/rfc3339.ts'
import { Refusal } from './refusal.ts'

export interface TimeForm {
  readonly format?: string
  /** IANA name, such as Europe/Stockholm. */
  readonly zone?: string
}

const first = Date.parse('1970-01-01T00:00:00.000Z')
const last = Date.parse('9999-12-31T23:59:59.999Z')

/** @throws Refusal `bad-time` */
export function readTime(value: unknown, { format = 'iso', zone }: TimeForm): string {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  const ms = msOf(text, format, zone)
  if (ms === undefined || ms < first || ms > last)
    throw new Refusal(
      'bad-time',
      `${text.slice(0, 60)} is not a time of the form ${format}${zone ? ` in ${zone}` : ''}`,
    )
  return new Date(ms).toISOString()
}

function msOf(text: string, format: string, zone: string | undefined): number | undefined {
  if (format === 'epoch-s' || format === 'epoch-ms') {
    if (!/^\d{1,15}(\.\d{1,9})?$/.test(text)) return undefined
    return Math.floor(Number(text) * (format === 'epoch-s' ? 1000 : 1))
  }
  if (format === 'iso') {
    const read = readRfc3339(text.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T').replace(/ ?UTC$/, 'Z'))
    if (read !== undefined) return Date.parse(read)
    const [, date, time = '00:00:00'] =
      /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?$/.exec(text) ?? []
    if (date === undefined || zone === undefined) return undefined
    const local = readRfc3339(`${date}T${time.padEnd(8, ':00')}Z`)
    return local === undefined ? undefined : inZone(Date.parse(local), zone)
  }
  return byPattern(text, format, zone)
}

const tokens = {
  yyyy: '\\d{4}',
  MM: '\\d\\d?',
  dd: '\\d\\d?',
  HH: '\\d\\d?',
  mm: '\\d\\d',
  ss: '\\d\\d',
  SSS: '\\d{3}',
} as const
type Token = keyof typeof tokens
const tokenPattern = /yyyy|MM|dd|HH|mm|ss|SSS/g

/** Whether the pattern has a date, each part once. */
export function isTimeFormat(format: string): boolean {
  if (['iso', 'epoch-s', 'epoch-ms'].includes(format)) return true
  const found: string[] = format.match(tokenPattern) ?? []
  return ['yyyy', 'MM', 'dd'].every((token) => found.includes(token)) && new Set(found).size === found.length
}

const patterns = new Map<string, { readonly expression: RegExp; readonly order: readonly Token[] }>()

function byPattern(text: string, format: string, zone = 'UTC'): number | undefined {
  let pattern = patterns.get(format)
  if (pattern === undefined) {
    const order = (format.match(tokenPattern) ?? []) as Token[]
    const literals = format.split(tokenPattern).map((part) => part.replace(/[^A-Za-z0-9]/g, '\\$&'))
    const source = literals.map((literal, i) => literal + (order[i] ? `(${tokens[order[i]]})` : '')).join('')
    pattern = { expression: new RegExp(`^${source}$`), order }
    if (patterns.size < 100) patterns.set(format, pattern)
  }
  const match = pattern.expression.exec(text)
  if (match === null) return undefined
  const read: Partial<Record<Token, number>> = {}
  for (const [i, token] of pattern.order.entries()) read[token] = Number(match[i + 1])
  const { yyyy = 0, MM = 0, dd = 0, HH = 0, mm = 0, ss = 0, SSS = 0 } = read
  const ms = Date.UTC(yyyy, MM - 1, dd, HH, mm, ss, SSS)
  const back = new Date(ms)
  // 31 February and 25 o'clock come back as another day, and the year 75 as 1975.
  const isReal =
    back.getUTCFullYear() === yyyy &&
    back.getUTCMonth() === MM - 1 &&
    back.getUTCDate() === dd &&
    back.getUTCHours() === HH &&
    mm < 60 &&
    ss < 60
  return isReal ? inZone(ms, zone) : undefined
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Throws a RangeError for a zone that does not exist. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (formatter === undefined) {
    const digits = 'numeric' as const
    formatter = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
      ...{ timeZone: zone, hourCycle: 'h23', year: digits, month: digits, day: digits },
      ...{ hour: digits, minute: digits, second: digits },
    })
    if (formatters.size < 100) formatters.set(zone, formatter)
  }
  return formatter
}

export function isZone(zone: string): boolean {
  try {
    return formatterOf(zone) !== undefined
  } catch {
    return false
  }
}

/** @param localMs the wall clock's reading, as if it were UTC */
function inZone(localMs: number, zone: string): number | undefined {
  if (Number.isNaN(localMs)) return undefined
  if (zone === 'UTC') return localMs
  // The offset a day earlier is that before a change of clocks, if there is one near.
  const [before = 0, after = 0] = [-dayMs, dayMs].map((near) => localMs - offsetAt(localMs + near, zone))
  const isAfter = before + offsetAt(before, zone) !== localMs && after + offsetAt(after, zone) === localMs
  return isAfter ? after : before
}

const dayMs = 86_400_000

function offsetAt(ms: number, zone: string): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatterOf(zone).formatToParts(ms)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000
}
