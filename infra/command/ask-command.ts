/**
 * `consent-ledger ask`: asks a ledger as an auditor, and prints the answer or saves its proof. The token is read from a file or from standard
 * input, because arguments and the environment of a process can be read by others on the machine.
 */
import { constants } from 'node:fs'
import { access, writeFile } from 'node:fs/promises'
import type { ParseArgsConfig } from 'node:util'
import { Misuse } from '../command-line.ts'
import { harmless, harmlessJson } from '../terminal-text.ts'
import { askLedger, type Identifier, isRecord, type LedgerAnswer, ledgerAddress, type Question } from './ask-ledger.ts'
import { statusReport, timelineReport } from './ask-report.ts'
import { askTimeline } from './ask-timeline.ts'
import { type AskWords, askLanguages } from './ask-words.ts'
import { type ExitCode, readCommandLine, type Terminal, text, texts } from './command.ts'
import { instantOption } from './instant-option.ts'
import { policyFrom } from './policy-of-options.ts'
import { input, readToken } from './token-input.ts'
import { verifyCommand } from './verify-command.ts'

export const askHelp = `consent-ledger ask status URL --controller C --identifier TYPE:VALUE [--purpose P | --policy-id P] [options]
consent-ledger ask timeline URL --controller C --identifier TYPE:VALUE --purpose P | --policy-id P [options]
consent-ledger ask proof URL --controller C --identifier TYPE:VALUE --purpose P | --policy-id P --out FILE [options]

Asks a ledger as an auditor. status: what was recorded about a person at an instant. timeline: when that changed, and every event.
proof: saves a file that anyone can check, and checks it at once if you give the keys that you trust.
URL is the ledger's address, such as https://ledger.example. http is for localhost only.

  --controller C           who is responsible for the processing
  --identifier TYPE:VALUE  the person, such as email:kim@example.org or device:<hash>. - reads it from standard input, which is
                           better: others on the machine can see arguments, and the shell keeps them
  --purpose P              the purpose to ask about; for status none means all
  --policy-id P            the policy to ask about, in place of a purpose
  --at TIME                the instant to ask about (default: now), RFC 3339 with its zone: 2026-03-01T12:00:00Z
  --known-at TIME          count only what was recorded by this instant (default: now)
  --token-file FILE        the file with the token (scope consent.audit); without it the token is read from standard input
  --out FILE               where proof saves the file; an existing file is not replaced
  --policy FILE            for proof: the keys that you trust, as a policy (c2sp.org/tlog-policy)
  --key VKEY               for proof: such a key in place of a policy; may be repeated
  --allow-pending          for proof: exit code 0 also when it lists entries that the log lacks
  --lang sv                in Swedish
  --json                   the answer as JSON, for timeline also with what receivers of messages reported; for proof, the
                           result of the check
  --help                   this text

The ledger records each question, and the person can see it.

Exit code: 0 answered (a proof: saved, and valid if keys were given), 1 refused, unreachable, not valid or with something pending,
2 called wrongly.`

const options: ParseArgsConfig['options'] = {
  ...{ controller: { type: 'string' }, identifier: { type: 'string' }, purpose: { type: 'string' } },
  ...{ 'policy-id': { type: 'string' }, at: { type: 'string' }, 'known-at': { type: 'string' } },
  ...{ 'token-file': { type: 'string' }, out: { type: 'string' }, policy: { type: 'string' } },
  ...{ key: { type: 'string', multiple: true }, 'allow-pending': { type: 'boolean' } },
  ...{ lang: { type: 'string' }, json: { type: 'boolean' } },
}

type Values = NonNullable<ReturnType<typeof readCommandLine>>['values']

const kinds = { status: 'consents', timeline: 'timeline', proof: 'proofs' } as const
const forProof = ['out', 'policy', 'key', 'allow-pending'] as const

export async function askCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const line = readCommandLine(argv, options)
  if (line === undefined) {
    terminal.out(`${askHelp}\n`)
    return 0
  }
  const { values, positionals } = line
  const [kind, address, ...rest] = positionals
  if (kind !== 'status' && kind !== 'timeline' && kind !== 'proof')
    throw new Misuse(`ask ${kind ?? 'what'}: give one of ${Object.keys(kinds).join(', ')}`)
  if (address === undefined || rest.length > 0) throw new Misuse('give one address of a ledger')
  const ledger = ledgerAddress(address)
  const language = text(values, 'lang') ?? 'en'
  const words = Object.hasOwn(askLanguages, language) ? askLanguages[language] : undefined
  if (words === undefined) throw new Misuse(`--lang ${language}: give one of ${Object.keys(askLanguages).join(', ')}`)
  const stray = kind === 'proof' ? undefined : forProof.find((name) => values[name] !== undefined)
  if (stray !== undefined) throw new Misuse(`--${stray} is for proof`)
  const file = kind === 'proof' ? await newFile(values) : ''
  const { question, token } = await readQuestion(kind, values, terminal)
  const answer =
    kind === 'timeline'
      ? await askTimeline(ledger, token, question, { language })
      : await askLedger(ledger, kinds[kind], token, question, { language })
  if (kind === 'proof') return saveProof(answer, { ledger, question, file, language, words, values, terminal })
  const report = kind === 'status' ? statusReport : timelineReport
  terminal.out(
    values.json === true
      ? `${harmlessJson(answer.json)}\n`
      : `${report(answer.json, { terminal, words })}\n${words.unproven(proofCommand(address, answered(question, answer)))}\n`,
  )
  return 0
}

/** The file to save in. What would fail is refused before the question is asked, because the ledger records each. */
async function newFile(values: Values): Promise<string> {
  const file = text(values, 'out')
  if (file === undefined) throw new Misuse('give --out FILE, where to save the proof')
  const exists = await access(file, constants.F_OK).then(
    () => true,
    () => false,
  )
  if (exists) throw new Misuse(`${file} exists and is not replaced; give another name`)
  if (hasKeys(values)) await policyFrom(texts(values, 'key'), text(values, 'policy'))
  return file
}

const hasKeys = (values: Values) => texts(values, 'key').length > 0 || text(values, 'policy') !== undefined

async function readQuestion(kind: keyof typeof kinds, values: Values, terminal: Terminal) {
  const [controller, purposeId, policyId] = ['controller', 'purpose', 'policy-id'].map((name) => text(values, name))
  if (controller === undefined) throw new Misuse('give --controller')
  if (purposeId !== undefined && policyId !== undefined) throw new Misuse('give --purpose or --policy-id, not both')
  if (purposeId === undefined && policyId === undefined && kind !== 'status')
    throw new Misuse(`give --purpose or --policy-id: ${kind} is about one of them`)
  const [at, knownAt] = [instantOption(values, 'at'), instantOption(values, 'known-at')]
  const [given, tokenFile] = [text(values, 'identifier'), text(values, 'token-file')]
  if (given === undefined) throw new Misuse('give --identifier TYPE:VALUE, or - to read it from standard input')
  if (given === '-' && tokenFile === undefined)
    throw new Misuse('standard input is for the identifier or the token, not both: give --token-file')
  const subject = identifier(given === '-' ? await input(terminal, maxIdentifierBytes) : given)
  const token = await readToken(tokenFile, terminal)
  const question: Question = {
    ...{ controller, subject },
    ...(purposeId !== undefined && { purposeId }),
    ...(policyId !== undefined && { policyId }),
    ...(at !== undefined && { at }),
    ...(knownAt !== undefined && { knownAt }),
  }
  return { question, token }
}

/** As long as the ledger's bound on identifiers, with room for a type and for characters of several bytes. */
const maxIdentifierBytes = 2_048
/** No message repeats the identifier: the output of a program ends up in logs. */
function identifier(given: string): Identifier {
  const [, type, id] = /^([a-z0-9-]{1,40}):(.+)$/.exec(given) ?? []
  if (type === undefined || id === undefined)
    throw new Misuse('an identifier is TYPE:VALUE on one line, such as email:kim@example.org')
  return { type, id }
}

interface Saving {
  readonly ledger: URL
  readonly question: Question
  readonly file: string
  readonly language: string
  readonly words: AskWords
  readonly values: Values
  readonly terminal: Terminal
}

/** The file is checked as it was saved, by the command that anyone else would use. */
async function saveProof(answer: LedgerAnswer, saving: Saving): Promise<ExitCode> {
  const { ledger, question, file, language, words, values, terminal } = saving
  const other = otherAnswer(answer.json, question)
  if (other !== undefined) throw new Error(`nothing was saved: the ledger answers another question (${other})`)
  // Proofs hold personal data, so only the user can read the file.
  await writeFile(file, answer.bytes, { flag: 'wx', mode: 0o600 })
  terminal.err(`${harmless(words.saved(file, answer.bytes.length))}\n`)
  if (answer.retryAfter !== undefined) terminal.err(`${words.askAgain(answer.retryAfter)}\n`)
  if (!hasKeys(values)) {
    const keys = new URL(`log/${question.controller}/policy`, ledger)
    terminal.err(`${words.unchecked(`consent-ledger verify ${quoted(file)} --policy keys.txt`, keys.href)}\n`)
    return 0
  }
  const policy = text(values, 'policy')
  return verifyCommand(
    [
      ...[file, '--lang', language],
      ...(policy === undefined ? [] : ['--policy', policy]),
      ...texts(values, 'key').flatMap((key) => ['--key', key]),
      ...(['json', 'allow-pending'] as const).flatMap((name) => (values[name] === true ? [`--${name}`] : [])),
    ],
    terminal,
  )
}

/** Which member of the file's question is not the one that was asked. The verifier sees the file alone and cannot know. */
function otherAnswer(proof: unknown, asked: Question): string | undefined {
  const found = isRecord(proof) && isRecord(proof.question) ? proof.question : {}
  const subject = isRecord(found.subject) ? found.subject : {}
  const differs = (['controller', 'purposeId', 'policyId'] as const).find((name) => found[name] !== asked[name])
  if (differs !== undefined) return differs
  if (subject.type !== asked.subject.type || subject.id !== asked.subject.id) return 'subject'
  if (asked.at !== undefined && found.at !== asked.at) return 'at'
  const knownAt = found.askedKnownAt ?? found.knownAt
  return asked.knownAt !== undefined && knownAt !== asked.knownAt ? 'knownAt' : undefined
}

/** The question with the instants that the answer is about, where none were asked for. */
function answered(question: Question, { json }: LedgerAnswer): Question {
  const stated = isRecord(json) ? [json.at, json.knownAt] : []
  const [at, knownAt] = stated.map((each) => (typeof each === 'string' && isUtc.test(each) ? each : undefined))
  return { ...(at !== undefined && { at }), ...(knownAt !== undefined && { knownAt }), ...question }
}

const isUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** The same question for a proof. The identifier is left out, so that it is not kept by the shell. */
function proofCommand(address: string, { controller, purposeId, policyId, at, knownAt }: Question): string {
  const named = purposeId === undefined ? ` --policy-id ${policyId ?? 'P'}` : ` --purpose ${purposeId}`
  const instants = `${at === undefined ? '' : ` --at ${at}`}${knownAt === undefined ? '' : ` --known-at ${knownAt}`}`
  return harmless(
    `consent-ledger ask proof ${quoted(address)} --controller ${quoted(controller)}${named}${instants} --identifier - --token-file FILE --out proof.json`,
  )
}

function quoted(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
