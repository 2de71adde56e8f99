/**
 * Sends a message to a receiver over HTTPS, once. It connects to the addresses that it has checked and to no others, so a name that resolves
 * differently a moment later leads nowhere else (DNS rebinding); the certificate is checked against the name. It follows no redirect: a receiver that
 * moved is given its new address by an administrator. Of the answer it takes the status; the body is dropped.
 */
import { lookup as resolve } from 'node:dns/promises'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { retryAfterMs } from '../../shared/backoff.ts'
import type { Attempt, Send } from '../../shared/ledger/fan-out/send-lanes.ts'
import { type AddressRules, isSafeAddress } from './safe-address.ts'

export interface SenderOptions extends AddressRules {
  /** From the name to the connection. @default 5000 */
  readonly connectMs?: number
  /** From the name to the status. @default 15000 */
  readonly totalMs?: number
  readonly clock?: () => number
  /** Resolves a name to all of its addresses; for tests. */
  readonly resolveAll?: (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>
}

/** Bounds of what is read of an answer's body before the connection is ended. */
const maxAnswerBytes = 4096
const answerBodyMs = 1_000

export function httpSender({
  allowsLoopback,
  connectMs = 5_000,
  totalMs = 15_000,
  clock = Date.now,
  resolveAll = (name) => resolve(name, { all: true }),
}: SenderOptions): Send {
  const safe = (address: string) => isSafeAddress(address, { allowsLoopback })

  /** @throws Refused */
  async function checkedAddresses(name: string) {
    const addresses = isIP(name) ? [{ address: name, family: isIP(name) }] : await resolveAll(name)
    // One bad address is enough: a receiver has no reason to publish one.
    if (addresses.length === 0 || !addresses.every(({ address }) => safe(address))) throw new Refused('address-refused')
    return addresses.map(({ address, family }) => ({ address, family }))
  }

  async function post(target: URL, { headers, body }: Parameters<Send>[1]): Promise<Attempt> {
    const isPlain = target.protocol === 'http:'
    if (target.protocol !== 'https:' && !(isPlain && allowsLoopback)) throw new Refused('no-https')
    const name = target.hostname.replace(/^\[|\]$/g, '')
    const startMs = performance.now()
    const addresses = await within(Math.min(connectMs, totalMs), checkedAddresses(name))
    const takenMs = performance.now() - startMs
    const lookup: LookupFunction = (_name, { all }, done) => {
      const [first] = addresses
      if (all || first === undefined) done(null, addresses)
      else done(null, first.address, first.family)
    }
    const response = await answerTo(isPlain ? plainRequest : tlsRequest, target, {
      ...{ method: 'POST', agent: false, lookup, headers: headersOf(headers, body) },
      ...{ body, connectMs: Math.max(0, connectMs - takenMs), totalMs: Math.max(0, totalMs - takenMs) },
    })
    const status = response.statusCode ?? 0
    drop(response)
    const retryAfter = retryAfterMs(response.headers['retry-after'] ?? null, clock())
    return {
      ...{ isDelivered: status >= 200 && status < 300, status },
      ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
    }
  }

  return async (url, message) => {
    const target = URL.parse(url)
    if (target === null) return { isDelivered: false, error: 'bad-address' }
    return post(target, message).catch((error: unknown): Attempt => ({ isDelivered: false, error: wordFor(error) }))
  }
}

/** What this module refuses, and its own time limits. Its message is the word. */
class Refused extends Error {}

function headersOf(signed: Readonly<Record<string, string>>, body: string): Record<string, string> {
  const length = String(Buffer.byteLength(body))
  return { ...signed, 'content-type': 'application/json', 'content-length': length, 'user-agent': 'consent-ledger' }
}

/** Its times are what the name has left of them. */
interface PostOptions {
  readonly method: string
  readonly agent: false
  readonly lookup: LookupFunction
  readonly headers: Record<string, string>
  readonly body: string
  readonly connectMs: number
  readonly totalMs: number
}

/** Resolves with the head of the answer. */
function answerTo(
  send: typeof plainRequest,
  target: URL,
  { body, connectMs, totalMs, ...options }: PostOptions,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = send(target, options)
    const fail = (error: Error) => {
      sent.destroy()
      reject(error)
    }
    const total = setTimeout(() => fail(new Refused('timeout')), totalMs)
    const connect = setTimeout(() => fail(new Refused('connect-timeout')), connectMs)
    sent.once('socket', (socket) => {
      socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connect))
    })
    sent.once('close', () => {
      clearTimeout(connect)
      clearTimeout(total)
      // Without an answer: the receiver switched protocols, or ended in a way that is no error to Node.
      reject(new Refused('bad-answer'))
    })
    sent.once('upgrade', (_response, socket) => socket.destroy())
    sent.once('error', reject)
    sent.once('response', (response) => {
      clearTimeout(total)
      resolve(response)
    })
    sent.end(body)
  })
}

/** Reads a little of the body, so that the receiver can end well, and never waits for more. */
function drop(response: IncomingMessage): void {
  let length = 0
  const end = () => response.destroy()
  const timer = setTimeout(end, answerBodyMs)
  timer.unref()
  response.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > maxAnswerBytes) end()
  })
  // An answer that is shorter than it says ends with an error, which changes nothing: the status was given.
  response.on('error', () => undefined)
  response.once('close', () => clearTimeout(timer))
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Refused('connect-timeout')), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  ECONNREFUSED: 'connection-refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'connect-timeout',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
}

/** A stable word: the error's own message may hold the address. */
function wordFor(error: unknown): string {
  if (error instanceof Refused) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = words[code]
  if (known !== undefined) return known
  if (code.startsWith('HPE_')) return 'bad-answer'
  return /CERT|SSL|TLS|SELF_SIGNED|ALTNAME|VERIFY|ISSUER/.test(code) ? 'tls' : 'failed'
}
