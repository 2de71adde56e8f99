/**
 * A report as plain text. A list of objects, or an object of like objects, is a table with a row for each; members of members are columns
 * (`first.medianMs`). Every other object is a list of lines.
 */
import { textTable } from '../../infra/text-layout.ts'
import { type Report, rounded } from './report.ts'

type Row = Readonly<Record<string, string>>

/** The ratios come last: they are what can be compared between runs, and fit a screen. */
export function tablesOf({ targets, ratios, ...report }: Report): string {
  const aims = targets.map(({ reached, ...aim }) => ({ ...aim, outcome: reached ? 'reached' : 'MISSED' }))
  return [...sectionsOf('', report), ...sectionsOf('aims', aims), ...(ratios ? [tableOf(ratios)] : [])].join('\n\n')
}

/** One table with a row for each; numbers to four significant places. */
export function tableOf(rows: readonly object[]): string {
  return grid(rows.map((row) => flat(rounded(row) as object)))
}

function sectionsOf(name: string, value: object): string[] {
  const members = Object.entries(value)
  if (isTable(value))
    return [grid(members.map(([key, member]) => ({ [name]: Array.isArray(value) ? '' : key, ...flat(member) })))]
  const lines = members.filter(([, member]) => !isObject(member)).map(([key, member]) => `${key}: ${textOf(member)}`)
  const nested = members.filter(([, member]) => isObject(member))
  return [
    ...(lines.length === 0 ? [] : [[...(name === '' ? [] : [name]), ...lines].join('\n')]),
    ...nested.flatMap(([key, member]) => sectionsOf(name === '' ? key : `${name}.${key}`, member)),
  ]
}

/** A list of objects, or an object whose members all have the same members. */
function isTable(value: object): boolean {
  const rows: unknown[] = Object.values(value)
  if (rows.length === 0 || !rows.every(isObject)) return false
  const columns = rows.map((row) => (Array.isArray(row) ? '' : Object.keys(row as object).join()))
  return Array.isArray(value) || (rows.length > 1 && columns[0] !== '' && new Set(columns).size === 1)
}

/** Lists of numbers and words are no objects here: they stand in one cell. */
function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(Array.isArray(value) && !value.some(isObject))
}

function flat(value: object, prefix = ''): Row {
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, member]) =>
      isObject(member) ? flat(member, `${prefix}${key}.`) : { [prefix + key]: textOf(member) },
    ),
  )
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') : String(value)
}

function grid(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return textTable(
    columns,
    rows.map((row) => columns.map((column) => row[column] ?? '')),
  )
}
