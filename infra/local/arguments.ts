/** Command lines of the programs in this folder: options with a default in the environment, `--help` everywhere. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

export interface Option {
  readonly help: string
  readonly placeholder: string
  readonly default?: string
  /** Environment variable that gives the default. */
  readonly env?: string
}

/** The values of the options; `undefined` when help was asked for and printed. Throws a sentence for what it does not know. */
export function readArguments<Name extends string>(
  usage: string,
  options: Readonly<Record<Name, Option>>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Record<Name, string | undefined> | undefined {
  const names = Object.keys(options) as Name[]
  const config: ParseArgsConfig['options'] = { help: { type: 'boolean', short: 'h' } }
  for (const name of names) config[name] = { type: 'string' }
  const { values } = parseArgs({ args: [...argv], options: config, strict: true, allowPositionals: false })
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

/** Exit code of a server that failed to start. */
export const couldNotBegin = 2

/** Runs a program: a failure is one sentence on standard error and an exit code, never a stack. */
export function run(main: () => Promise<void>, failureCode = 1): void {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = failureCode
  })
}
