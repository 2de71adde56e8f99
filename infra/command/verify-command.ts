/** `consent-ledger verify`: checks a file offline, prints each step as a sentence, and ends with the answer or the failure. */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { maxFileCharacters } from '../../shared/verify/exact-json.ts'
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
import { policyFrom, readBytes, readText } from './policy-of-options.ts'
import { type VerifyWords, verifyLanguages } from './verify-words.ts'

export const verifyHelp = `consent-ledger verify FILE --key VKEY | --policy FILE [options]

Checks a consent proof, a receipt or a .tlog-proof file, offline. FILE may be - for standard input.
FILE may also be a saved answer with receipts, of GET /v1/me/receipts, GET /v1/me/download or POST /v1/events.

  --key VKEY          verifier key of the log or of a witness; may be repeated
  --policy FILE       a policy instead of keys: logs, witnesses, quorum (c2sp.org/tlog-policy)
  --checkpoint FILE   a newer signed checkpoint of the log, to see whether a receipt's promise was kept
  --leaf FILE         the leaf, for a .tlog-proof file that does not contain it
  --at TIME           the instant at which to judge the file (default: now), RFC 3339
  --text              print the text that the person was shown for the deciding event of a proof
  --extract DIR       write each event of a valid proof as a .tlog-proof file
  --lang sv           report in Swedish; the detail of a failed step stays English
  --allow-pending     exit code 0 also for a valid proof that lists entries it lacks
  --json              the result as JSON
  --help              this text

A proof lists the recorded entries that its checkpoint does not have yet. The verdict is then "VALID, but
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
    lang: { type: 'string' },
    'allow-pending': { type: 'boolean' },
  })
  if (line === undefined) {
    terminal.out(`${verifyHelp}\n`)
    return 0
  }
  const { values, positionals } = line
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new Misuse('give one file to verify, or - for standard input')
  const language = text(values, 'lang') ?? 'en'
  const words = Object.hasOwn(verifyLanguages, language) ? verifyLanguages[language] : undefined
  if (words === undefined)
    throw new Misuse(`--lang ${language}: give one of ${Object.keys(verifyLanguages).join(', ')}`)
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
  terminal.out(
    values.json === true
      ? `${harmlessJson(result)}\n`
      : report(result, { terminal, words, withText: values.text === true }),
  )
  return isProven && (result.pending === undefined || values['allow-pending'] === true) ? 0 : 1
}

function instant(given: string): string {
  const ms = /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(given) : Number.NaN
  if (Number.isNaN(ms)) throw new Misuse(`--at ${given}: not an instant, e.g. 2026-03-01T12:00:00Z`)
  return new Date(ms).toISOString()
}

/** Reads one byte more than is allowed from standard input, so that the verifier can refuse it. */
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
const maxTextShown = 4000

interface Reading {
  readonly terminal: Terminal
  readonly words: VerifyWords
  readonly withText: boolean
}

/** The verdict is the last line, which a terminal still shows after a long report. */
function report(result: Verification, reading: Reading): string {
  const steps = result.steps.map((step) => stepLine(step, reading))
  const kind = result.kind ?? reading.words.unknownFile
  const parts = [[kind], steps, ...findings(result, reading), [verdictLine(result, reading)]]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function stepLine(step: Step, { terminal, words }: Reading): string {
  const label = coloured(terminal, colourOf[step.outcome], words.labels[step.outcome].padEnd(7))
  return `${label} ${words.nameOf(step.step).padEnd(13)} ${wrapped(harmless(words.says(step)), 98, ' '.repeat(22))}`
}

/** The answer, or the opened claims, in blocks of lines: one block for each receipt. */
function findings(result: Verification, reading: Reading): string[][] {
  const { receipts = [], answer, disclosed = {}, pending = [] } = result
  const { words } = reading
  const ofReceipts = receipts.map((one, i) => [
    `${words.receipt} ${i + 1}: ${headingOf(one, words)}${reasonOf(one, words)}`,
    ...one.steps.filter(({ outcome }) => outcome === 'note').map((step) => stepLine(step, reading)),
    ...findings({ ...one, receipts: undefined }, reading).flat(),
  ])
  const opened = Object.entries(disclosed).map(([name, value]) => harmless(`  ${name} = ${JSON.stringify(value)}`))
  const ofAnswer = answer
    ? [
        ...answerLines(answer, words),
        ...pending.map((entry) => pendingLine(entry, words)),
        ...shownLines(answer, reading),
      ]
    : []
  return [...ofReceipts, [...opened, ...ofAnswer]].filter((lines) => lines.length > 0)
}

const line = (label: string, said: string) => `  ${label.padEnd(15)} ${said}`

function answerLines({ status, at, knownAt }: RecomputedAnswer, { lines, noEvent }: VerifyWords): string[] {
  return [
    line(lines.status, `${status.status} (${status.reason})`),
    line(lines.at, at),
    line(lines.knownAt, knownAt),
    line(lines.decidedBy, harmless(status.decidedBy ?? noEvent)),
  ]
}

function shownLines({ shown }: RecomputedAnswer, { words, withText }: Reading): string[] {
  const { lines } = words
  if (shown === undefined) return [line(lines.shown, words.noText)]
  const named = harmless(line(lines.shown, `version ${shown.version}, ${shown.locale}, SHA-256 ${shown.sha256}`))
  return withText ? [named, ...excerptOf(shown.text, words)] : [`${named} (${words.printsIt})`]
}

function verdictLine(result: Verification, { terminal, words }: Reading): string {
  const { verdict, answer, pending } = result
  const isProven = verdict === 'valid' || verdict === 'pending'
  const heading = coloured(terminal, isProven ? (pending ? 'yellow' : 'green') : 'red', headingOf(result, words))
  const sentence = answer && isProven ? `. ${coloured(terminal, 'bold', harmless(words.sentence(answer)))}` : ''
  return `${heading}${reasonOf(result, words)}${sentence}`
}

function headingOf({ verdict, pending }: Verification, words: VerifyWords): string {
  const isProven = verdict === 'valid' || verdict === 'pending'
  return isProven && pending ? words.withPending(pending) : words.verdicts[verdict]
}

function reasonOf({ failed }: Verification, words: VerifyWords): string {
  return failed ? words.atStep(words.nameOf(failed.step), harmless(words.says(failed))) : ''
}

function pendingLine(entry: Pending, words: VerifyWords): string {
  const recorded = words.recorded(nameOf(entry, words), entry.recordedAt)
  return harmless(line(words.lines.pending, `${recorded}: ${words.promises[entry.promise]} ${entry.promisedBy}`))
}

function nameOf(entry: Pending, { kinds }: VerifyWords): string {
  return `${kinds[entry.kind]} ${idOf(entry)}`
}

function idOf(entry: Pending): string {
  switch (entry.kind) {
    case 'event':
      return entry.receiptId
    case 'link':
      return entry.linkId
    case 'mandate':
    case 'revocation':
      return entry.mandateId
    default:
      return entry.name
  }
}

function excerptOf(shown: string, words: VerifyWords): string[] {
  const left = shown.length - maxTextShown
  const lines = shown.slice(0, maxTextShown).split('\n').map(harmless)
  return [...lines, ...(left > 0 ? [`(${words.moreCharacters(left)})`] : [])].map((each) => `    | ${each}`)
}

async function extract(bytes: Uint8Array, folder: string, terminal: Terminal): Promise<void> {
  await mkdir(folder, { recursive: true })
  const proofs = extractTlogProofs(Buffer.from(bytes).toString())
  for (const { name, text: proof } of proofs) await writeFile(join(folder, name), proof)
  terminal.err(`wrote ${proofs.length} .tlog-proof files to ${folder}\n`)
}
