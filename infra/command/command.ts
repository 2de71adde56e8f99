/** Shared by the commands: the terminal, options, colours. Exit codes: 0 valid, 1 invalid or undetermined, 2 misuse. */
import type { ParseArgsConfig } from 'node:util'
import { parseCommandLine } from '../command-line.ts'
import { wrapText } from '../text-layout.ts'

export type ExitCode = 0 | 1 | 2

/** The parts of the process that a command uses. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether to print colours and progress. */
  readonly isTty: boolean
  out(text: string): void
  err(text: string): void
  /** Reads standard input, and stops after `maxBytes`. */
  stdin(maxBytes: number): Promise<Uint8Array>
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

/** Options and positional arguments; `undefined` for `--help`. */
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
  return wrapText(given, width).join(`\n${indent}`)
}
