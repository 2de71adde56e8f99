/** `consent-ledger verify`: checks a file offline, says each step in plain words, and ends with the answer or what failed. */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { maxFileCharacters } from '../../shared/verify/json.ts'
import { count } from '../../shared/verify/verification.ts'
import {
  extractTlogProofs,
  type Pending,
  type RecomputedAnswer,
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
  --text              print the text that the answer's decision was shown
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
    text: { type: 'boolean' },
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
  const folder = text(values, 'extract')
  const isProven = result.verdict === 'valid' || result.verdict === 'pending'
  if (folder !== undefined && isProven) {
    if (result.kind !== 'consent-proof@1') throw new Misuse('only a consent proof has events to extract')
    await extract(bytes, folder, terminal)
  }
  terminal.out(values.json === true ? `${harmlessJson(result)}\n` : report(result, terminal, values.text === true))
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

/** The verdict is the last line, where a terminal stands after a long file. */
function report(result: Verification, terminal: Terminal, withText: boolean): string {
  const steps = result.steps.map((step) => stepLine(step, terminal))
  const parts = [[result.kind ?? 'unknown file'], steps, ...findings(result, withText), [verdictLine(result, terminal)]]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function stepLine({ step, outcome, says }: Step, terminal: Terminal): string {
  const label = coloured(terminal, colourOf[outcome], labels[outcome].padEnd(7))
  return `${label} ${step.padEnd(13)} ${wrapped(harmless(says), 98, ' '.repeat(22))}`
}

/** What the steps led to, in blocks of lines: of several receipts one block each. */
function findings(result: Verification, withText: boolean): string[][] {
  const { receipts = [], answer, disclosed = {}, pending = [] } = result
  const ofReceipts = receipts.map((one, i) => [
    `receipt ${i + 1}: ${plainVerdict(one)}`,
    ...findings({ ...one, receipts: undefined }, withText).flat(),
  ])
  const opened = Object.entries(disclosed).map(([name, value]) => harmless(`  ${name} = ${JSON.stringify(value)}`))
  const ofAnswer = answer ? [...answerLines(answer), ...pending.map(pendingLine), ...shownLines(answer, withText)] : []
  return [...ofReceipts, [...opened, ...ofAnswer]].filter((lines) => lines.length > 0)
}

function answerLines({ status, at, knownAt }: RecomputedAnswer): string[] {
  return [
    `  status          ${status.status} (${status.reason})`,
    `  at              ${at}`,
    `  known at        ${knownAt}`,
    `  decided by      ${harmless(status.decidedBy ?? 'no event')}`,
  ]
}

function shownLines({ shown }: RecomputedAnswer, withText: boolean): string[] {
  if (shown === undefined) return ['  text shown      none that the record names']
  const named = harmless(`  text shown      version ${shown.version}, ${shown.locale}, SHA-256 ${shown.sha256}`)
  return withText ? [named, ...excerptOf(shown.text)] : [`${named} (--text prints it)`]
}

function verdictLine(result: Verification, terminal: Terminal): string {
  const { verdict, answer, pending } = result
  const isProven = verdict === 'valid' || verdict === 'pending'
  const heading = coloured(terminal, isProven ? (pending ? 'yellow' : 'green') : 'red', headingOf(result))
  const sentence = answer && isProven ? `. ${coloured(terminal, 'bold', harmless(answer.status.sentence))}` : ''
  return `${heading}${reasonOf(result)}${sentence}`
}

const plainVerdict = (result: Verification) => headingOf(result) + reasonOf(result)

function headingOf({ verdict, pending }: Verification): string {
  if (verdict === 'invalid' || verdict === 'undetermined') return verdict.toUpperCase()
  return pending ? `VALID, but ${pendingInWords(pending)} not in it yet` : 'VALID'
}

function reasonOf({ failed }: Verification): string {
  return failed ? ` at step "${failed.step}": ${harmless(failed.says)}` : ''
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
