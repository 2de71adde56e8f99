/** `consent-ledger mirror`: keeps verified copies of logs in a folder, and serves them. */
import { setTimeout as pause } from 'node:timers/promises'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import { LogFailure } from '../../../shared/verify/log-failure.ts'
import { SourceError } from '../../../shared/verify/log-source.ts'
import { Misuse } from '../../command-line.ts'
import { harmless } from '../../terminal-text.ts'
import { type ExitCode, readCommandLine, type Terminal, text, texts } from '../command.ts'
import { policyTextFrom } from '../policy-of-options.ts'
import { readToken } from '../token-input.ts'
import { MirrorFailure } from './mirror-failure.ts'
import { mirrorLog } from './mirror-log.ts'
import { type MirroredLog, mirroredLogs } from './mirrored-logs.ts'
import { serveCommand } from './serve-command.ts'

const tokenVariable = 'CONSENT_LEDGER_TOKEN'

export const mirrorHelp = `consent-ledger mirror URL DIR [options]
consent-ledger mirror serve DIR [--port N | --listen HOST:PORT] [--entries]

Keeps a verified copy of a log in DIR: checkpoints, tiles, entry bundles. The checkpoint is replaced last, when all that
it covers is verified and on disk, so the copy is valid at its checkpoint at any time. Run it again to go on: nothing is
fetched twice.

URL is a log, like https://ledger.example/log/acme, or a ledger: then all logs of its public controllers, or those of
--controller. The copy of a log is at the log's path: DIR/log/acme.

  --controller C     a controller of the ledger at URL; may be repeated
  --key VKEY         verifier key of the log or of a witness; may be repeated
  --policy FILE      a policy instead of keys (c2sp.org/tlog-policy). With a quorum, the newest checkpoint that has it
                     is copied
  --token-file FILE  token of an auditor, for entry bundles that their controller did not make public; read anew each
                     time (or env ${tokenVariable})
  --tiles-only       hashes only, without the entry bundles
  --watch SECONDS    goes on for ever with this pause, until Ctrl-C or until the log turns out to be forked
  --help             this text

Keys that you give are kept in DIR and used from then on; others that you give later replace them. Without keys the first
run trusts those that the log itself states (trust on first use), prints them and keeps them: compare them with what the
operator published elsewhere.

mirror serve         serves the copies in DIR as a ledger serves its logs: to log check, to other mirrors
  --port N           on this machine only (default 7381)
  --listen HOST:PORT another address; put a proxy with TLS in front
  --entries          entry bundles too, to anyone who asks: they hold pseudonyms. Without it, to this machine only

Two copies from different places show whether the log was forked: consent-ledger log check DIR --against OTHER

Exit code: 0 copied; 1 not, or not all; 2 called wrongly, or a token is needed.`

export async function mirrorCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [action, ...rest] = argv
  if (action === 'serve') return serveCommand(rest, terminal, mirrorHelp)
  const line = readCommandLine(argv, {
    ...{ controller: { type: 'string', multiple: true }, key: { type: 'string', multiple: true } },
    ...{ policy: { type: 'string' }, 'token-file': { type: 'string' }, watch: { type: 'string' } },
    'tiles-only': { type: 'boolean' },
  })
  if (line === undefined) {
    terminal.out(`${mirrorHelp}\n`)
    return 0
  }
  const { values, positionals } = line
  const [place, directory, ...more] = positionals
  if (place === undefined || directory === undefined || more.length > 0)
    throw new Misuse('mirror takes the address of a log or a ledger, and a folder')
  const seconds = secondsOf(text(values, 'watch'))
  const [keys, policyFile, tokenFile] = [texts(values, 'key'), text(values, 'policy'), text(values, 'token-file')]
  const hasKeys = keys.length > 0 || policyFile !== undefined
  const round: Round = {
    ...{ place, directory, tokenFile, tilesOnly: values['tiles-only'] === true },
    controllers: texts(values, 'controller'),
    policyText: hasKeys ? (await policyTextFrom(keys, policyFile)).text : undefined,
    isWatching: seconds !== undefined,
  }
  for (;;) {
    const exit = await mirrorAll(round, terminal)
    if (seconds === undefined || exit === 'forked') return exit === 'forked' ? 1 : exit
    await pause(seconds * 1000)
  }
}

interface Round {
  readonly place: string
  readonly directory: string
  readonly controllers: readonly string[]
  readonly policyText: string | undefined
  readonly tokenFile: string | undefined
  readonly tilesOnly: boolean
  readonly isWatching: boolean
}

/** A log that fails does not hold up the others. */
async function mirrorAll(round: Round, terminal: Terminal): Promise<ExitCode | 'forked'> {
  let worst: ExitCode | 'forked' = 0
  const failed = (error: unknown, path: string) => {
    if (error instanceof Misuse && !round.isWatching) throw error
    terminal.err(`${path === '' ? '' : `${path}: `}${harmless(sentenceOf(error))}\n`)
    if (isForbidden(error))
      terminal.err(`Entry bundles are for auditors: give --token-file or ${tokenVariable}, or --tiles-only.\n`)
    if (error instanceof MirrorFailure && error.code === 'forked') worst = 'forked'
    else if (worst !== 'forked') worst = isForbidden(error) ? 2 : 1
  }
  let logs: readonly MirroredLog[] = []
  try {
    logs = await mirroredLogs(round.place, round.controllers, {})
  } catch (error) {
    failed(error, '')
  }
  for (const log of logs) await mirrorOne(log, round, terminal).catch((error: unknown) => failed(error, log.path))
  return worst
}

async function mirrorOne(log: MirroredLog, round: Round, terminal: Terminal): Promise<void> {
  const { tokenFile, policyText } = round
  const token = tokenFile === undefined ? terminal.env[tokenVariable] : await readToken(tokenFile, terminal)
  const name = log.path || log.address
  let shown = 0
  const { from, size, files, checkpoints } = await mirrorLog(log, round.directory, {
    tilesOnly: round.tilesOnly,
    ...(token !== undefined && { token }),
    ...(policyText !== undefined && { policyText }),
    onFirstUse: (vkeys) =>
      terminal.out(
        `${name}: no key was given, so this one, which the log states, is trusted from now on: ${harmless(vkeys.join(', '))}\n`,
      ),
    ...(terminal.isTty && {
      onProgress: (leaves, all) => {
        if (leaves < all && Date.now() - shown < 100) return
        shown = Date.now()
        terminal.err(`\r${leaves} of ${all} leaves${leaves >= all ? '\n' : ''}`)
      },
    }),
  })
  if (size > from)
    terminal.out(`${name}: size ${from} to ${size}; ${files} files and ${checkpoints} checkpoints are new\n`)
  else if (!round.isWatching || files + checkpoints > 0)
    terminal.out(`${name}: size ${size}, as before; ${files} files and ${checkpoints} checkpoints are new\n`)
}

const isForbidden = (error: unknown) => error instanceof SourceError && error.code === 'forbidden'

/** With the code of the failure in front, where it has one. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof LogFailure) return `invalid: ${error.message}`
  if (error instanceof SourceError) return `${error.code}: ${error.what}: ${error.message}`
  if (error instanceof MirrorFailure || error instanceof TlogError) return `${error.code}: ${error.message}`
  return error.message
}

function secondsOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const seconds = Number(given)
  if (!/^\d+(\.\d+)?$/.test(given) || seconds < 1 || seconds > 86_400)
    throw new Misuse(`--watch ${given}: give the seconds of the pause, 1 to 86400`)
  return seconds
}
