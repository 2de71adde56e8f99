/** The command `consent-ledger`: for auditors, and for anyone who was handed a proof or a receipt. Needs no account and no server. */
import { harmless } from '../terminal-text.ts'
import { type ExitCode, Misuse, type Terminal } from './command.ts'
import { logCommand, logHelp } from './log-command.ts'
import { verifyCommand, verifyHelp } from './verify-command.ts'

const help = `consent-ledger verify FILE ...        check a consent proof, a receipt or a .tlog-proof file, offline
consent-ledger log check URL|DIR ...  walk a whole transparency log
consent-ledger log mirror URL DIR     save a log as files

consent-ledger COMMAND --help says more.`

export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [command, ...rest] = argv
  try {
    if (command === 'verify') return await verifyCommand(rest, terminal)
    if (command === 'log') return await logCommand(rest, terminal)
    if (command === '--help' || command === '-h' || command === 'help') {
      terminal.out(`${[help, verifyHelp, logHelp].join('\n\n')}\n`)
      return 0
    }
    throw new Misuse(command === undefined ? 'no command given' : `there is no command ${command}`)
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error)
    terminal.err(`${harmless(says)}\n${error instanceof Misuse ? `\n${help}\n` : ''}`)
    return error instanceof Misuse ? 2 : 1
  }
}
