/**
 * Prints the demo: plain text of at most 100 columns, in numbered scenes of labelled facts, in English or Swedish. Colour changes no character.
 * Codes, statuses, reasons and ids are the same in both languages. Times are UTC; ids and hashes end after eight characters.
 */
import { stripVTControlCharacters, styleText } from 'node:util'
import type { locales } from './world/draft.ts'

export const demoLanguages = ['en', 'sv'] as const
export type DemoLanguage = (typeof demoLanguages)[number]

/** The Swedish of each label, of at most eleven characters. */
const swedishLabels = {
  '': '',
  allowed: 'tillåtet',
  answer: 'svar',
  call: 'anrop',
  complete: 'fullständig',
  'counts as': 'räknas som',
  decisions: 'beslut',
  effective: 'gäller från',
  event: 'händelse',
  events: 'händelser',
  field: 'fält',
  given: 'angett',
  grade: 'grad',
  'in the log': 'i loggen',
  notice: 'information',
  problem: 'fel',
  question: 'fråga',
  receipt: 'kvitto',
  shown: 'visat',
  signal: 'signal',
  subject: 'person',
  text: 'text',
  'two axes': 'två tider',
  verified: 'kontroll',
}
type Label = keyof typeof swedishLabels

const pageColumns = 100

/** English and Swedish. */
export type Text = readonly [english: string, swedish: string]

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

export interface Page {
  readonly language: DemoLanguage
  /** The locale of policies in its language. */
  readonly locale: (typeof locales)[number]
  /** The one that is in the page's language. */
  t<T>(text: readonly [english: T, swedish: T]): T
  paint(style: Style, text: string): string
  /** Prints the heading of a scene, which fits into one line. */
  scene(number: number, title: string): void
  /** Prints a label and the lines beside it, wrapped; nothing when there are no lines. */
  fact(label: Label, ...lines: readonly string[]): void
  /** Prints rows in columns, as a fact, under a header unless that is empty. */
  table(label: Label, header: readonly string[], rows: readonly (readonly string[])[]): void
  /** Separates what follows from what came before. */
  block(): void
  /** Prints sentences without a label, as a block. */
  say(...sentences: readonly string[]): void
}

const margin = 4
const labelColumns = 12
const valueColumns = pageColumns - margin - labelColumns

export interface PageOptions {
  readonly colour: boolean
  readonly language?: DemoLanguage
  readonly print: (line: string) => void
}

export function openPage({ colour, language = 'en', print }: PageOptions): Page {
  const t = <T>([english, swedish]: readonly [T, T]) => (language === 'sv' ? swedish : english)
  const paint = (style: Style, text: string) => (colour ? styleText(style, text, { validateStream: false }) : text)
  const fact = (label: Label, ...lines: readonly string[]) => {
    const word = t([label, swedishLabels[label]])
    const wrapped = lines.flatMap((line) => wrap(line, valueColumns))
    wrapped.forEach((line, i) => {
      const start = i === 0 ? paint('cyan', word) + ' '.repeat(labelColumns - word.length) : ' '.repeat(labelColumns)
      print(`${' '.repeat(margin)}${start}${line}`.trimEnd())
    })
  }
  return {
    language,
    locale: t(['en', 'sv-SE']),
    t,
    paint,
    fact,
    scene(number, title) {
      print('')
      print(paint('bold', `${String(number).padStart(2)}  ${title}`))
    },
    table: (label, header, rows) => {
      const named = header.map((name) => paint('dim', name))
      fact(label, ...inColumns(named.length > 0 ? [named, ...rows] : rows, valueColumns))
    },
    block: () => print(''),
    say(...sentences) {
      print('')
      for (const line of sentences.flatMap((s) => wrap(s, pageColumns - margin))) print(' '.repeat(margin) + line)
    },
  }
}

const instants = /(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g

/** `2026-03-01 12:00:05`, or the date alone for midnight, for each instant in a text. */
export function shortTime(text: string): string {
  return text.replaceAll(instants, (_, day: string, time: string) => (time === '00:00:00' ? day : `${day} ${time}`))
}

export const shortId = (id: string) => `${id.slice(0, 8)}…`

const green = new Set(['Given', 'Accepted', 'Acknowledged', 'Informed', 'NotObjected'])
const red = new Set(['Refused', 'Withdrawn', 'Objected', 'Expired'])

export function paintStatus({ paint }: Page, status: string): string {
  return paint(green.has(status) ? 'green' : red.has(status) ? 'red' : 'yellow', status)
}

/** Whether the stream is a terminal and `NO_COLOR` (https://no-color.org) is not set. */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === ''
}

/** Characters as they show; colour takes no room. */
function width(text: string): number {
  return stripVTControlCharacters(text).length
}

/** Lines of at most `columns`, broken at spaces; a line that fits keeps its spaces. */
function wrap(text: string, columns: number): string[] {
  if (width(text) <= columns) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').filter((w) => w !== '')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && width(longer) > columns) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

/** Each column as wide as its widest cell; the last takes the rest and wraps. */
function inColumns(rows: readonly (readonly string[])[], columns: number): string[] {
  if (rows.length === 0) return []
  const last = Math.max(...rows.map((row) => row.length)) - 1
  const widths = Array.from({ length: last }, (_, i) => Math.max(...rows.map((row) => width(row[i] ?? ''))))
  const left = widths.reduce((sum, w) => sum + w + 2, 0)
  return rows.flatMap((row) => {
    const start = widths.map((w, i) => (row[i] ?? '') + ' '.repeat(w - width(row[i] ?? '') + 2)).join('')
    const [first = '', ...more] = wrap(row[last] ?? '', columns - left)
    return [`${start}${first}`.trimEnd(), ...more.map((line) => ' '.repeat(left) + line)]
  })
}
