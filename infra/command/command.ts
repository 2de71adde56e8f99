/** What commands run on, and how they end: 0 fine, 1 found wrong or undecided, 2 called wrongly. */
import type { ParseArgsConfig } from 'node:util'
import { parseCommandLine } from '../command-line.ts'

export type ExitCode = 0 | 1 | 2

/** The process, as far as a command may touch it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Colours are for people. */
  readonly isTty: boolean
  out(text: string): void
  err(text: string): void
  /** Standard input, at most so many bytes of it. */
  stdin(maxBytes: number): Promise<Uint8Array>
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

/** Options and positional arguments; `undefined` when help was asked for. */
export function readCommandLine(
  argv: readonly string[],
  options: ParseArgsConfig['options'],
): { readonly values: Values; readonly positionals: readonly string[] } | undefined {
  const { values, positionals } = parseCommandLine({
    args: [...argv],
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  return values.help === true ? undefined : { values, positionals }
}

export function text(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

export function texts(values: Values, name: string): string[] {
  const value = values[name]
  return (Array.isArray(value) ? value : []).filter((one) => typeof one === 'string')
}

const colours = { green: 32, red: 31, yellow: 33, bold: 1 } as const

export function coloured(terminal: Terminal, colour: keyof typeof colours, given: string): string {
  return terminal.isTty ? `\u001b[${colours[colour]}m${given}\u001b[0m` : given
}

/** Words broken into lines of at most `width`, those after the first indented. */
export function wrapped(given: string, width: number, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of given.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${indent}`)
}
