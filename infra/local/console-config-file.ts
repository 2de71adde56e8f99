/** The console's `config.json` of a ledger on one machine whose people sign in at a provider of their own: a file that `--console` names. */
import { readFile } from 'node:fs/promises'
import { type ConsoleConfig, consoleConfig } from '../../shared/api/schemas/console-config.ts'
import { Misuse } from '../command-line.ts'

/** @throws Misuse when the file cannot be read, or does not have the form */
export async function readConsoleConfig(path: string): Promise<ConsoleConfig> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Misuse(`${path} cannot be read: ${error instanceof Error && 'code' in error ? error.code : error}`)
  })
  const { data, error } = consoleConfig.safeParse(parsed(path, content))
  if (data !== undefined) return data
  const [issue] = error.issues
  throw new Misuse(`${path} does not say where people sign in: /${issue?.path.join('/')}: ${issue?.message}`)
}

function parsed(path: string, content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    throw new Misuse(`${path} is not JSON`)
  }
}
