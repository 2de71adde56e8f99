/**
 * Reads the command line of every program, and ends it: a failure is one sentence on standard error and an exit code, without a stack. In
 * all programs exit code 2 is misuse.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util'

export const misuseCode = 2
/** Exit code of a program that could not do its work, where 1 has another meaning or it is a server. */
export const couldNotBegin = 2

/** The program was called wrongly. The message is one sentence: what was given, and what is allowed. */
export class Misuse extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Misuse'
  }
}

/**
 * `parseArgs` of Node, strict by default.
 *
 * @throws Misuse for an option or argument that `config` does not allow.
 */
export function parseCommandLine<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    // Node goes on with advice on how to pass an operand that begins with a dash; no operand of these programs does.
    throw new Misuse(sentenceOf(error).replace(/\. To specify a positional argument .*$/s, ''))
  }
}

/** Runs a program. `failureCode` is its exit code for failures that are not misuse. */
export function run(main: () => Promise<void>, failureCode = 1): void {
  main().catch((error: unknown) => {
    console.error(sentenceOf(error))
    process.exitCode = error instanceof Misuse ? misuseCode : failureCode
  })
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
