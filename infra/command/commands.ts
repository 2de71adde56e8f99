/**
 * The command `consent-ledger`: for auditors, and for anyone who was handed a proof or a receipt. Only `ask` and `import` need an account, and
 * only they, `log` and `mirror` a server.
 */
import { Misuse, misuseCode } from '../command-line.ts'
import { harmless } from '../terminal-text.ts'
import { askCommand, askHelp } from './ask-command.ts'
import type { ExitCode, Terminal } from './command.ts'
import { exportCommand, exportHelp } from './export-command.ts'
import { importCommand, importHelp } from './import-command.ts'
import { logCommand, logHelp } from './log-command.ts'
import { mirrorCommand, mirrorHelp } from './mirror/mirror-command.ts'
import { sampleCommand, sampleHelp } from './sample-command.ts'
import { verifyCommand, verifyHelp } from './verify-command.ts'
import { witnessCommand, witnessHelp } from './witness/witness-command.ts'

const help = `consent-ledger verify FILE ...        check a consent proof, a receipt or a .tlog-proof file, offline
consent-ledger log check URL|DIR ...  check a whole transparency log
consent-ledger mirror URL DIR         keep a verified copy of a log, and serve it
consent-ledger sample ...             draw a random sample of a log, or check one
consent-ledger ask QUESTION URL ...   ask a ledger for a status, a timeline or a proof, with a token
consent-ledger import URL FILES ...   import another tool's records, with a token
consent-ledger export ...             fetch what a ledger has as files, or check them
consent-ledger witness DIR ...        cosign the checkpoints of somebody else's logs

consent-ledger COMMAND --help lists the options.`

const commands = new Map(
  Object.entries({
    verify: { run: verifyCommand, help: verifyHelp },
    log: { run: logCommand, help: logHelp },
    mirror: { run: mirrorCommand, help: mirrorHelp },
    sample: { run: sampleCommand, help: sampleHelp },
    ask: { run: askCommand, help: askHelp },
    import: { run: importCommand, help: importHelp },
    export: { run: exportCommand, help: exportHelp },
    witness: { run: witnessCommand, help: witnessHelp },
  }),
)

export async function runConsentLedger(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [command, ...rest] = argv
  const known = commands.get(command ?? '')
  try {
    if (known) return await known.run(rest, terminal)
    if (command === '--help' || command === '-h' || command === 'help') {
      terminal.out(`${[help, ...commands.values().map((each) => each.help)].join('\n\n')}\n`)
      return 0
    }
    throw new Misuse(command === undefined ? 'no command given' : `there is no command ${command}`)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (!(error instanceof Misuse)) {
      terminal.err(`${harmless(message)}\n`)
      return 1
    }
    terminal.err(`${harmless(message)}\n\n${known?.help ?? help}\n`)
    return misuseCode
  }
}
