/**
 * Asks a ledger as an auditor (`POST /v1/audit/…`, functions/README.md). A question is sent once, because the ledger records each as a read
 * about the person. The token goes to the given address only: redirects are not followed.
 */
import { maxFileCharacters } from '../../shared/verify/exact-json.ts'
import { Misuse } from '../command-line.ts'
import { boundedBody } from './bounded-body.ts'

export interface Identifier {
  readonly type: string
  readonly id: string
}

/** The body of a question. Exactly one of `purposeId` and `policyId`, or neither for all of the controller's. */
export interface Question {
  readonly controller: string
  readonly subject: Identifier
  readonly purposeId?: string
  readonly policyId?: string
  /** RFC 3339. */
  readonly at?: string
  readonly knownAt?: string
  /** For a timeline: the `next` of the page before. */
  readonly after?: string
}

export interface LedgerAnswer {
  readonly bytes: Uint8Array
  readonly json: unknown
  /** Seconds after which asking again may say more; only when the log does not have everything yet. */
  readonly retryAfter?: number
}

export interface AskOptions {
  /** `en` or `sv`: the language of sentences and of refusals. */
  readonly language: string
  readonly timeoutMs?: number
}

/** Longer than any answer takes: a proof waits up to three seconds for the log, and a cold start takes less. */
const defaultTimeoutMs = 30_000
const maxProblemBytes = 64 * 1024
const maxShownCharacters = 300

/**
 * The address of a ledger. Only https, so that nobody on the way reads token and identifier; plain http for this machine alone.
 *
 * @throws Misuse
 */
export function ledgerAddress(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new Misuse(`${given} is not the address of a ledger; one is like https://ledger.example`)
  // The message does not repeat the address, which may hold a password.
  if (url.username !== '' || url.password !== '') throw new Misuse('the address of a ledger has no user and password')
  if (url.search !== '' || url.hash !== '') throw new Misuse(`${given} has a query or a fragment; leave it out`)
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new Misuse(`${given} would send token and identifier unencrypted; use https (http is for localhost only)`)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

/** @throws Error in one sentence when the ledger refuses, cannot be reached, or answers with something else than JSON */
export async function askLedger(
  ledger: URL,
  kind: 'consents' | 'timeline' | 'proofs',
  token: string,
  question: Question,
  { language, timeoutMs = defaultTimeoutMs }: AskOptions,
): Promise<LedgerAnswer> {
  return callLedger(new URL(`v1/audit/${kind}`, ledger), token, { method: 'POST', body: question, language, timeoutMs })
}

export interface LedgerCall {
  readonly method: 'GET' | 'POST'
  readonly body?: object
  readonly language?: string
  readonly timeoutMs?: number
}

/** @throws Error in one sentence, as `askLedger` */
export async function callLedger(
  url: URL,
  token: string,
  { method, body, language = 'en', timeoutMs = defaultTimeoutMs }: LedgerCall,
): Promise<LedgerAnswer> {
  const { response, bytes } = await send(url, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'accept-language': language,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(refusal(url, response, bytes ?? new Uint8Array()))
  if (bytes === undefined) throw new Error(`${url} answers with more than ${maxFileCharacters} bytes`)
  const json = parsed(bytes)
  if (json === undefined) throw new Error(`${url} answers with something else than JSON; is it a ledger?`)
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return { bytes, json, ...(Number.isInteger(retryAfter) && { retryAfter }) }
}

/** `bytes` is undefined for a body that is too long. */
async function send(url: URL, init: RequestInit): Promise<{ response: Response; bytes: Uint8Array | undefined }> {
  try {
    const response = await fetch(url, init)
    return { response, bytes: await boundedBody(response, response.ok ? maxFileCharacters : maxProblemBytes) }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') throw new Error(`${url} does not answer in time`)
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new Error(`${url} cannot be reached: ${cause instanceof Error ? cause.message : cause}`)
  }
}

/** A problem document (RFC 9457) in one line, otherwise the status. */
function refusal(url: URL, { status, headers }: Response, bytes: Uint8Array): string {
  if (status >= 300 && status < 400)
    return `${url} redirects (${status}), which is not followed: give the address to which it leads`
  const problem = parsed(bytes)
  const members: Readonly<Record<string, unknown>> = isRecord(problem) ? problem : {}
  if (typeof members.code !== 'string') return `${url} answers ${status}; is it the address of a ledger?`
  const wait = headers.get('retry-after')
  const facts = [
    ...['field', 'given', 'allowed', 'missing'].flatMap((name) =>
      members[name] === undefined ? [] : [`${name}: ${shown(members[name])}`],
    ),
    ...(wait === null ? [] : [`try again in ${shown(wait)} s`]),
  ]
  const said = [members.title, members.detail].filter((each) => typeof each === 'string').map(shown)
  return [`the ledger refuses (${status}, ${shown(members.code)})`, ...said, ...facts].join('; ')
}

function shown(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, maxShownCharacters)
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
