/** `consent-ledger log check`: checks a whole log, and compares it with other copies of it. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { checkLog, type LogCheck } from '../../shared/verify/log-check.ts'
import type { LogSource } from '../../shared/verify/log-source.ts'
import { Misuse } from '../command-line.ts'
import { harmless, harmlessJson } from '../terminal-text.ts'
import { coloured, type ExitCode, readCommandLine, type Terminal, text, texts, wrapped } from './command.ts'
import { directoryLog, logsIn } from './directory-log.ts'
import { httpLog } from './http-log.ts'
import { comparedText, compareWith } from './log-against.ts'
import { policyFrom } from './policy-of-options.ts'

const tokenVariable = 'CONSENT_LEDGER_TOKEN'

export const logHelp = `consent-ledger log check URL|DIR --key VKEY | --policy FILE [options]

Checks a whole log: every tile, every entry, every published checkpoint. URL is the log's base address, e.g.
https://ledger.example/log/acme. DIR is a copy that consent-ledger mirror made, or a ledger's own objects: objects/log/acme,
or just objects if the ledger has one log. A ledger's objects lack the leaves after the last full tile of 256; the result
states how many leaves were covered.

  --key VKEY       verifier key of the log or of a witness; may be repeated
  --policy FILE    a policy instead of keys: logs, witnesses, quorum (c2sp.org/tlog-policy)
  --token TOKEN    token of an auditor, for entry bundles that their controller did not make public (env ${tokenVariable})
  --tiles-only     check hashes only, without reading entry bundles
  --against PLACE  compare with the same log at another URL or DIR, and show a fork; may be repeated
  --state FILE     store how far the check came, and resume from there
  --json           the result as JSON
  --help           this text

Exit code: 0 valid, 1 invalid or undetermined, 2 called wrongly, or a token is needed.`

export async function logCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [action, ...rest] = argv
  const line = readCommandLine(action === 'check' ? rest : argv, {
    key: { type: 'string', multiple: true },
    policy: { type: 'string' },
    token: { type: 'string' },
    state: { type: 'string' },
    against: { type: 'string', multiple: true },
    'tiles-only': { type: 'boolean' },
    json: { type: 'boolean' },
  })
  if (line === undefined) {
    terminal.out(`${logHelp}\n`)
    return 0
  }
  const { values, positionals } = line
  const token = text(values, 'token') ?? terminal.env[tokenVariable]
  const tilesOnly = values['tiles-only'] === true
  const [place, ...more] = positionals
  if (action === 'mirror') throw new Misuse('log mirror is now a command of its own: consent-ledger mirror URL DIR')
  if (action !== 'check') throw new Misuse('log check is all that log does; a copy is made by consent-ledger mirror')
  if (place === undefined || more.length > 0) throw new Misuse('log check takes one log: its address or a directory')
  const policy = await policyFrom(texts(values, 'key'), text(values, 'policy'))
  const source = await sourceAt(place, token)
  // Only tiles and checkpoints are read there, so the token stays here.
  const others = await Promise.all(
    texts(values, 'against').map(async (other) => ({ place: other, source: await sourceAt(other) })),
  )
  const stateFile = text(values, 'state')
  const state = stateFile === undefined ? undefined : await readState(stateFile)
  const result = await checkLog(source, policy, {
    tilesOnly,
    ...(state !== undefined && { state }),
    ...(stateFile !== undefined && { onState: (found) => writeState(stateFile, found) }),
    ...(terminal.isTty && {
      onProgress: (leaves, all) => terminal.err(`\r${leaves} of ${all} leaves${leaves === all ? '\n' : ''}`),
    }),
  })
  const against = await compareWith(source, others, policy, result.origin)
  terminal.out(
    values.json === true
      ? `${harmlessJson({ ...result, ...(others.length > 0 && { against }) })}\n`
      : [report(result, terminal), ...against.map((each) => comparedText(each, terminal))].join(''),
  )
  if (result.failed?.source === 'forbidden') {
    terminal.err(
      `Entry bundles are for auditors: give --token or ${tokenVariable}, or check the hashes with --tiles-only.\n`,
    )
    return 2
  }
  return result.verdict === 'valid' && against.every(({ outcome }) => outcome === 'agrees') ? 0 : 1
}

const isUrl = (place: string) => /^https?:\/\//.test(place)

async function sourceAt(place: string, token?: string): Promise<LogSource> {
  return isUrl(place) ? httpLog(place, { token }) : directoryLog(await folderOf(place))
}

/** Resolves an object store with exactly one log to the folder of that log; any other place is returned as it is. */
async function folderOf(place: string): Promise<string> {
  const [only = place, ...others] = await logsIn(place)
  if (others.length > 0) throw new Misuse(`${place} holds several logs; give one: ${[only, ...others].join(', ')}`)
  return only
}

async function readState(path: string): Promise<unknown> {
  const stored = await readFile(path, 'utf8').catch(() => undefined)
  if (stored === undefined) return undefined
  try {
    return JSON.parse(stored)
  } catch {
    throw new Misuse(`${path} is not the state of a log check; remove it to start again`)
  }
}

/** Writes the whole file or nothing, because a check may be stopped at any time. */
async function writeState(path: string, state: object): Promise<void> {
  const fresh = `${path}.tmp`
  await writeFile(fresh, JSON.stringify(state))
  await rename(fresh, path)
}

function report(result: LogCheck, terminal: Terminal): string {
  const { origin, size, root, from, checkpoints, kinds, notes } = result
  const kindCounts = Object.entries(kinds).map(([kind, n]) => `${n} ${kind}`)
  return `${[
    ...(origin === undefined
      ? []
      : [`log          ${harmless(origin)}`, `size         ${size}`, `root         ${root}`]),
    ...(from > 0 ? [`from         leaf ${from}, where an earlier check stopped`] : []),
    `checkpoints  ${checkpoints} compared`,
    ...(kindCounts.length > 0 ? [`leaves       ${kindCounts.join(', ')}`] : []),
    ...notes.map((note) => `note         ${wrapped(harmless(note), 100, ' '.repeat(13))}`),
    '',
    conclusion(result, terminal),
  ].join('\n')}\n`
}

function conclusion({ verdict, size = 0, covered, failed }: LogCheck, terminal: Terminal): string {
  if (verdict !== 'valid')
    return `${coloured(terminal, 'red', verdict.toUpperCase())} at ${harmless(`${failed?.what}: ${failed?.says}`)}`
  const heading = coloured(terminal, 'green', 'VALID')
  if (covered === size) return `${heading}: every tile, entry and checkpoint that was read belongs to one growing log.`
  return `${heading} as far as it goes: ${covered} of ${size} leaves, and the checkpoints up to size ${covered}, belong to one growing log.`
}
