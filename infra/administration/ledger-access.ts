/**
 * The ledger that `controller`, `site` and `publish` administer over its HTTP API. Without `--url` it is the one that `npm start` serves
 * from a data folder, and its development issuer makes the tokens. With `--url` it is any other, and its operator's token comes from a file
 * or standard input, so that no token is in an argument or an environment variable, where other programs could read it.
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { text } from 'node:stream/consumers'
import type { IdentityProvider } from '../../shared/consent/identity-provider.ts'
import { logsIn } from '../command/directory-log.ts'
import { Misuse } from '../command-line.ts'
import { defaultDataFolder, readServedUrl } from '../local/data/data-folder.ts'
import { audienceOf, existingDevelopmentIssuer, ledgerAudience } from '../local/development-issuer.ts'
import { localDeveloper } from '../local/local-auditors.ts'

export const ledgerOptions = {
  data: {
    help: 'folder of the ledger that npm start serves',
    placeholder: 'DIR',
    env: 'LEDGER_DATA',
    default: defaultDataFolder,
  },
  url: { help: 'address of another ledger; needs --token-file', placeholder: 'URL' },
  'token-file': { help: 'file with a token for that ledger; - reads it from standard input', placeholder: 'FILE' },
}

export interface AdministeredLedger {
  readonly url: string
  /** Data folder of a ledger on this machine. Absent for a ledger by its address. */
  readonly dataFolder?: string
  /** The identity provider of a new controller when its file names none. Absent for a ledger by its address. */
  provider?(controller: string): IdentityProvider
  /** Without `controller` the token is for the ledger itself (`ledger.admin`), otherwise for the controller (`consent.admin`). */
  call(
    method: 'GET' | 'POST',
    path: string,
    credential: { controller?: string } | 'none',
    body?: unknown,
  ): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
}

const timeoutMs = 30_000
const tokenLifetimeSeconds = 300

type Given = Readonly<Partial<Record<keyof typeof ledgerOptions, string>>>

/** @throws Misuse when the options do not name a ledger and its token */
export async function openAdministeredLedger(given: Given): Promise<AdministeredLedger> {
  const { url: address, 'token-file': tokenFile, data: dataFolder = defaultDataFolder } = given
  if (address === undefined) {
    if (tokenFile !== undefined) throw new Misuse('--token-file is for another ledger: give its --url too')
    const issuer = await existingDevelopmentIssuer(dataFolder)
    const url = await readServedUrl(dataFolder)
    const token = (controller: string | undefined) =>
      issuer.token({
        audience: controller === undefined ? ledgerAudience : audienceOf(controller),
        subject: localDeveloper,
        scope: controller === undefined ? 'ledger.admin' : 'consent.admin',
        lifetimeSeconds: tokenLifetimeSeconds,
      })
    const provider = (controller: string) => issuer.provider(audienceOf(controller))
    const next = `start it in another terminal: npm start -- --data '${dataFolder}'`
    return { url, dataFolder, provider, call: callsTo(url, token, next) }
  }
  if (!/^https?:$/.test(URL.parse(address)?.protocol ?? ''))
    throw new Misuse(`--url must be an address like https://ledger.example.org, not ${address}`)
  if (tokenFile === undefined)
    throw new Misuse(
      '--url needs a token of that ledger’s identity provider: --token-file FILE, or - for standard input',
    )
  const token = await readToken(tokenFile)
  const url = address.replace(/\/+$/, '')
  return { url, call: callsTo(url, async () => token, 'look at the address and the network') }
}

/** The controller of `--controller`. A ledger on this machine that has only one needs no option. @throws Misuse */
export async function controllerFrom(
  given: string | undefined,
  { dataFolder }: Pick<AdministeredLedger, 'dataFolder'>,
): Promise<string> {
  if (given !== undefined) return given
  const known = dataFolder === undefined ? [] : (await logsIn(dataFolder)).map((log) => basename(log)).sort()
  if (known.length === 1 && known[0] !== undefined) return known[0]
  const which = known.length === 0 ? 'make one first: npm run controller -- --help' : `one of ${known.join(', ')}`
  throw new Misuse(dataFolder === undefined ? 'give --controller ID' : `give --controller ID: ${which}`)
}

/** Reads a file named on the command line. @throws Misuse when there is none, or it is not JSON */
export async function readJsonFile(path: string): Promise<Record<string, unknown>> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Misuse(`${path} cannot be read: ${error instanceof Error && 'code' in error ? error.code : error}`)
  })
  try {
    const read: unknown = JSON.parse(content)
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { ...read }
  } catch {}
  throw new Misuse(`${path} is not a JSON object`)
}

async function readToken(file: string): Promise<string> {
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8').catch(() => '')
  const token = content.trim()
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return token
  throw new Misuse(
    `${file === '-' ? 'standard input' : file} holds no token: three parts in base64url, with dots between`,
  )
}

function callsTo(
  url: string,
  tokenFor: (controller: string | undefined) => Promise<string>,
  unreachable: string,
): AdministeredLedger['call'] {
  return async (method, path, credential, body) => {
    const authorization = credential === 'none' ? undefined : `Bearer ${await tokenFor(credential.controller)}`
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Error(`no ledger answers at ${url}: ${unreachable}`, { cause })
    })
    const answered = await response.text()
    const json = objectIn(answered)
    const isAdministration = credential !== 'none'
    if (isAdministration && response.status >= 400) throw new Error(refusalOf(path, response.status, json))
    if (isAdministration && !isDone(response, json)) throw new Error(notALedger(path, response.status))
    return { status: response.status, text: answered, json }
  }
}

function objectIn(answered: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(answered)
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {}
  }
}

/** A ledger answers each of these calls with 200 or 201 and one of these members; a website at the same address does not. */
function isDone({ status }: Response, json: Answer['json']): boolean {
  const isNamed = [json.key, json.version, json.controller, json.site, json.changedAt, json.grantId].some(
    (name) => typeof name === 'string',
  )
  return (status === 200 || status === 201) && (isNamed || Array.isArray(json.sites))
}

function notALedger(path: string, status: number): string {
  return `${path} was answered ${status}, and not by a ledger`
}

/** One sentence: what the ledger refused, at which field, and what is allowed. */
function refusalOf(path: string, status: number, { code, title, detail, field, allowed }: Answer['json']): string {
  if (typeof code !== 'string') return notALedger(path, status)
  const where = field === undefined ? '' : ` at ${field}`
  const rule =
    allowed === undefined ? '' : ` (allowed: ${typeof allowed === 'string' ? allowed : JSON.stringify(allowed)})`
  return `the ledger refused it: ${code}${where}: ${detail ?? title}${rule}`
}
