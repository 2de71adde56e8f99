/** `consent-ledger verify`: checks a file offline, says each step in plain words, and ends with the answer or what failed. */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { maxFileCharacters } from '../../shared/verify/json.ts'
import { count } from '../../shared/verify/verification.ts'
import {
  extractTlogProofs,
  type Pending,
  type Step,
  type Verification,
  verifyBytes,
} from '../../shared/verify/verify.ts'
import { Misuse } from '../command-line.ts'
import { harmless, harmlessJson } from '../terminal-text.ts'
import { coloured, type ExitCode, readCommandLine, type Terminal, text, texts, wrapped } from './command.ts'
import { policyFrom, readBytes, readText } from './keys.ts'

export const verifyHelp = `consent-ledger verify FILE --key VKEY | --policy FILE [options]

Checks a consent proof, a receipt or a .tlog-proof file, offline. FILE may be - for standard input.
Answers of the ledger that hold receipts may be saved as they come: GET /v1/me/receipts, POST /v1/events.

  --key VKEY          the log's verifier key; also those of witnesses; may be repeated
  --policy FILE       a policy instead of keys: logs, witnesses, quorum (c2sp.org/tlog-policy)
  --checkpoint FILE   a newer signed checkpoint of the log: was a receipt's promise kept?
  --leaf FILE         the leaf, for a .tlog-proof file that does not carry it
  --at NOW            the instant at which the file is judged (default: now), RFC 3339
  --extract DIR       write each event of a valid proof as a .tlog-proof file
  --allow-pending     exit code 0 also for a valid proof that names recorded entries it lacks
  --json              the result as JSON
  --help              this text

A proof names the recorded entries that its checkpoint does not have yet. The verdict is then "VALID, but
N recorded events are not in it yet", and each is listed with the time by which the log promised to have
it and whether that promise is broken. Any of these entries may change the answer.

Exit code: 0 valid, 1 invalid, undetermined or valid with something pending, 2 called wrongly.`

export async function verifyCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const line = readCommandLine(argv, {
    key: { type: 'string', multiple: true },
    policy: { type: 'string' },
    checkpoint: { type: 'string' },
    leaf: { type: 'string' },
    at: { type: 'string' },
    extract: { type: 'string' },
    json: { type: 'boolean' },
    'allow-pending': { type: 'boolean' },
  })
  if (line === undefined) {
    terminal.out(`${verifyHelp}\n`)
    return 0
  }
  const { values, positionals } = line
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new Misuse('give one file to verify, or - for standard input')
  const policy = await policyFrom(texts(values, 'key'), text(values, 'policy'))
  const [checkpointFile, leafFile, at] = [text(values, 'checkpoint'), text(values, 'leaf'), text(values, 'at')]
  const bytes = await read(file, terminal)
  const result = await verifyBytes(bytes, policy, {
    ...(at !== undefined && { now: instant(at) }),
    ...(checkpointFile !== undefined && { checkpoint: await readText(checkpointFile) }),
    ...(leafFile !== undefined && { leaf: await readText(leafFile) }),
  })
  terminal.out(values.json === true ? `${harmlessJson(result)}\n` : report(result, terminal))
  const folder = text(values, 'extract')
  const isProven = result.verdict === 'valid' || result.verdict === 'pending'
  if (folder !== undefined && isProven) {
    if (result.kind !== 'consent-proof@1') throw new Misuse('only a consent proof has events to extract')
    await extract(bytes, folder, terminal)
  }
  return isProven && (result.pending === undefined || values['allow-pending'] === true) ? 0 : 1
}

function instant(given: string): string {
  const ms = /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(given) : Number.NaN
  if (Number.isNaN(ms)) throw new Misuse(`--at ${given}: not an instant, e.g. 2026-03-01T12:00:00Z`)
  return new Date(ms).toISOString()
}

/** Of a file that is too long only so much as shows that it is. */
async function read(file: string, terminal: Terminal): Promise<Uint8Array> {
  if (file === '-') return terminal.stdin(maxFileCharacters + 1)
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  )
  if (size > maxFileCharacters) throw new Misuse(`${file} has ${size} bytes; allowed are ${maxFileCharacters}`)
  return readBytes(file)
}

const colourOf = { ok: 'green', note: 'yellow', failed: 'red' } as const
const labels = { ok: 'ok', note: 'note', failed: 'FAILED' } as const
const maxTextShown = 4000

function report(result: Verification, terminal: Terminal): string {
  const lines = result.steps.map((step) => stepLine(step, terminal))
  return `${[result.kind ?? 'unknown file', '', ...lines, '', ...conclusion(result, terminal)].join('\n')}\n`
}

function stepLine({ step, outcome, says }: Step, terminal: Terminal): string {
  const label = coloured(terminal, colourOf[outcome], labels[outcome].padEnd(7))
  return `${label} ${step.padEnd(13)} ${wrapped(harmless(says), 98, ' '.repeat(22))}`
}

function conclusion(result: Verification, terminal: Terminal): string[] {
  const { verdict, failed, answer, disclosed, pending, receipts } = result
  if (receipts !== undefined) {
    const each = receipts.map(({ receipts: _, ...one }, i) =>
      conclusion(one, terminal).map((line, at) => (at === 0 ? `receipt ${i + 1}: ${line}` : line)),
    )
    return [...each.flat(), '', ...conclusion({ verdict, steps: [], ...(failed && { failed }) }, terminal)]
  }
  if (verdict === 'invalid' || verdict === 'undetermined') {
    const heading = coloured(terminal, 'red', verdict.toUpperCase())
    return [`${heading} at step "${failed?.step}": ${harmless(failed?.says ?? '')}`]
  }
  const heading = pending
    ? coloured(terminal, 'yellow', `VALID, but ${pendingInWords(pending)} not in it yet`)
    : coloured(terminal, 'green', 'VALID')
  if (answer === undefined) {
    const opened = Object.entries(disclosed ?? {}).map(([name, value]) =>
      harmless(`  ${name} = ${JSON.stringify(value)}`),
    )
    return [heading, ...opened]
  }
  const { status, at, knownAt, shown } = answer
  return [
    `${heading}. ${coloured(terminal, 'bold', harmless(status.sentence))}`,
    `  status          ${status.status} (${status.reason})`,
    `  at              ${at}`,
    `  known at        ${knownAt}`,
    `  decided by      ${harmless(status.decidedBy ?? 'no event')}`,
    ...(pending ?? []).map(pendingLine),
    ...(shown === undefined
      ? ['  text shown      none that the record names']
      : [
          harmless(`  text shown      version ${shown.version}, ${shown.locale}, SHA-256 ${shown.sha256}`),
          ...excerptOf(shown.text),
        ]),
  ]
}

function pendingInWords(pending: readonly Pending[]): string {
  const events = pending.filter(({ kind }) => kind === 'event').length
  const counts = [
    ...(events > 0 ? [count(events, 'recorded event')] : []),
    ...(events < pending.length ? [count(pending.length - events, 'publication')] : []),
  ]
  return `${counts.join(' and ')} ${pending.length === 1 ? 'is' : 'are'}`
}

const promiseWords = { open: 'promised by', overdue: 'overdue, promised by', broken: 'BROKEN PROMISE, due by' } as const

function pendingLine(entry: Pending): string {
  const name = entry.kind === 'event' ? `receipt ${entry.receiptId}` : `${entry.kind} ${entry.name}`
  return harmless(
    `  pending         ${name}, recorded ${entry.recordedAt}: ${promiseWords[entry.promise]} ${entry.promisedBy}`,
  )
}

function excerptOf(shown: string): string[] {
  const cut = shown.length > maxTextShown
  const lines = shown.slice(0, maxTextShown).split('\n').map(harmless)
  return [...lines, ...(cut ? [`(${shown.length - maxTextShown} more characters)`] : [])].map((line) => `    | ${line}`)
}

async function extract(bytes: Uint8Array, folder: string, terminal: Terminal): Promise<void> {
  await mkdir(folder, { recursive: true })
  const proofs = extractTlogProofs(Buffer.from(bytes).toString())
  for (const { name, text: proof } of proofs) await writeFile(join(folder, name), proof)
  terminal.err(`wrote ${proofs.length} .tlog-proof files to ${folder}\n`)
}
