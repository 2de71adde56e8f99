/**
 * Prints the demo: plain text of at most 100 columns, in numbered scenes of labelled facts, in English or Swedish. Colour changes no character.
 * Codes, statuses, reasons and ids are the same in both languages. Times are UTC; ids and hashes end after eight characters.
 */
import { styleText } from 'node:util'
import { alignColumns, textWidth, wrapText } from '../text-layout.ts'
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
  letter: 'brev',
  mandate: 'behörighet',
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

/** English and Swedish. */
export type Text = readonly [english: string, swedish: string]

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

export interface Page {
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
  /** Prints sentences without a label, as a block. Without any it separates what follows from what came before. */
  say(...sentences: readonly string[]): void
}

const margin = ' '.repeat(4)
const pageColumns = 100
const labelColumns = 12
const valueColumns = pageColumns - margin.length - labelColumns

export interface PageOptions {
  readonly colour: boolean
  readonly language?: DemoLanguage
  readonly print: (line: string) => void
}

export function openPage({ colour, language = 'en', print }: PageOptions): Page {
  const t = <T>([english, swedish]: readonly [T, T]) => (language === 'sv' ? swedish : english)
  const paint = (style: Style, text: string) => (colour ? styleText(style, text, { validateStream: false }) : text)
  const fact = (label: Label, ...lines: readonly string[]) => {
    for (const [i, line] of lines.flatMap((each) => wrapText(each, valueColumns)).entries()) {
      const word = i === 0 ? t([label, swedishLabels[label]]) : ''
      print(`${margin}${paint('cyan', word)}${' '.repeat(labelColumns - word.length)}${line}`.trimEnd())
    }
  }
  return {
    locale: t(['en', 'sv-SE']),
    t,
    paint,
    fact,
    scene(number, title) {
      print('')
      print(paint('bold', `${String(number).padStart(2)}  ${title}`))
    },
    table(label, header, rows) {
      const named = header.map((name) => paint('dim', name))
      fact(label, ...inColumns(named.length > 0 ? [named, ...rows] : rows))
    },
    say(...sentences) {
      print('')
      for (const line of sentences.flatMap((s) => wrapText(s, pageColumns - margin.length))) print(margin + line)
    },
  }
}

/** `2026-03-01 12:00:05`, or the date alone for midnight, for each instant in a text. */
export function shortTime(text: string): string {
  const instants = /(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g
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

/** Each column as wide as its widest cell; the last takes the rest and wraps. */
function inColumns(rows: readonly (readonly string[])[]): string[] {
  const last = Math.max(1, ...rows.map((row) => row.length)) - 1
  return alignColumns(rows.map((row) => row.slice(0, last))).flatMap((cells, i) => {
    const start = cells.map((cell) => `${cell}  `).join('')
    const [first = '', ...more] = wrapText(rows[i]?.[last] ?? '', valueColumns - textWidth(start))
    return [`${start}${first}`.trimEnd(), ...more.map((line) => ' '.repeat(textWidth(start)) + line)]
  })
}
