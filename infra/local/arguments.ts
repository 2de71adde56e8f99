/** Command lines of the programs in this folder: options with a default in the environment, `--help` everywhere. */
import type { ParseArgsConfig } from 'node:util'
import { parseCommandLine } from '../command-line.ts'

export interface Option {
  readonly help: string
  readonly placeholder: string
  readonly default?: string
  /** May be given more than once. The values are joined by commas, as the environment variable has them. */
  readonly repeatable?: boolean
  /** Environment variable that gives the default. */
  readonly env?: string
}

/** The values of the options. For `--help` prints the text and returns `undefined`. @throws Misuse */
export function readArguments<Name extends string>(
  usage: string,
  options: Readonly<Record<Name, Option>>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Record<Name, string | undefined> | undefined {
  const names = Object.keys(options) as Name[]
  const config: ParseArgsConfig['options'] = { help: { type: 'boolean', short: 'h' } }
  for (const name of names) config[name] = { type: 'string', multiple: options[name].repeatable === true }
  const { values } = parseCommandLine({ args: [...argv], options: config })
  if (values.help) {
    console.log(helpText(usage, options))
    return undefined
  }
  const result = {} as Record<Name, string | undefined>
  for (const name of names) {
    const { env: variable, default: fallback } = options[name]
    const given = values[name] ?? (variable === undefined ? undefined : env[variable])
    result[name] = given === undefined ? fallback : String(given)
  }
  return result
}

function helpText(usage: string, options: Readonly<Record<string, Option>>): string {
  const lines = Object.entries(options).map(([name, { help, placeholder, default: fallback, env }]) => {
    const from = [env && `env ${env}`, fallback && `default ${fallback}`].filter(Boolean).join(', ')
    return `  ${`--${name} ${placeholder}`.padEnd(24)}${help}${from ? ` (${from})` : ''}`
  })
  return `${usage}\n\n${lines.join('\n')}\n  ${'--help'.padEnd(24)}this text`
}
