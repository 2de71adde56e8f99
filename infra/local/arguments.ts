/** Command lines of the local programs: options with a default from the environment, operands, and `--help` everywhere. */
import type { ParseArgsConfig } from 'node:util'
import { Misuse, parseCommandLine } from '../command-line.ts'

export interface Option {
  readonly help: string
  /** Stands for the value in the help text. Absent: a switch, whose value is `'true'` when it is given. */
  readonly placeholder?: string
  readonly default?: string
  /** May be given more than once. The values are joined by commas, as in the environment variable. */
  readonly repeatable?: boolean
  /** Environment variable that gives the default. */
  readonly env?: string
  /** The value is the argument that is no option, and is required. At most one option of a program. */
  readonly isOperand?: boolean
}

/** Returns the values of the options. For `--help` prints the text and returns `undefined`. @throws Misuse */
export function readArguments<Name extends string>(
  usage: string,
  options: Readonly<Record<Name, Option>>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Record<Name, string | undefined> | undefined {
  const names = Object.keys(options) as Name[]
  const operand = names.find((name) => options[name].isOperand)
  const config: ParseArgsConfig['options'] = { help: { type: 'boolean', short: 'h' } }
  for (const name of names) {
    const { placeholder, repeatable, isOperand } = options[name]
    if (!isOperand) config[name] = { type: placeholder ? 'string' : 'boolean', multiple: repeatable === true }
  }
  const parsed = parseCommandLine({ args: [...argv], options: config, allowPositionals: operand !== undefined })
  if (parsed.values.help) {
    console.log(helpText(usage, options))
    return undefined
  }
  const values: Readonly<Record<string, unknown>> = parsed.values
  const result = {} as Record<Name, string | undefined>
  for (const name of names) {
    const { env: variable, default: fallback } = options[name]
    const given = values[name] ?? (variable === undefined ? undefined : env[variable])
    result[name] = given === undefined ? fallback : String(given)
  }
  if (operand !== undefined) {
    if (parsed.positionals.length !== 1)
      throw new Misuse(`give one ${options[operand].placeholder}, not ${parsed.positionals.length || 'none'}`)
    result[operand] = parsed.positionals[0]
  }
  return result
}

function helpText(usage: string, options: Readonly<Record<string, Option>>): string {
  const lines = Object.entries(options).map(([name, { help, placeholder, default: fallback, env, isOperand }]) => {
    const from = [env && `env ${env}`, fallback && `default ${fallback}`].filter(Boolean).join(', ')
    const left = isOperand ? placeholder : [`--${name}`, placeholder].filter(Boolean).join(' ')
    return `  ${`${left}`.padEnd(24)}${help}${from ? ` (${from})` : ''}`
  })
  return [usage, '', ...lines, `  ${'--help'.padEnd(24)}this text`].join('\n')
}
