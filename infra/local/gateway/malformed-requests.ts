/**
 * Answers to input that is not a readable HTTP request: an unknown method, a head that is too long or too late. Node's own answers to these
 * have no body; these are problem documents (RFC 9457) with the headers of all answers. The connection ends with them, because the start of
 * the next request is unknown.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { problemMediaType } from '../../../functions/http/problem.ts'
import { corsHeadersFor } from './plain-answer.ts'

export type MalformedStatus = 400 | 408 | 413 | 417 | 431

const problems: Readonly<Record<MalformedStatus, readonly [code: string, title: string]>> = {
  400: ['malformed-request', 'This is not an HTTP request that is served here'],
  408: ['request-timeout', 'The request did not come in time'],
  413: ['body-too-large', 'The body is too large'],
  417: ['expectation-failed', 'The only expectation that is met is 100-continue'],
  431: ['head-too-large', 'The request line and the headers are too large'],
}

/** Node's codes of errors that are not a plain 400. */
const statuses: Readonly<Record<string, MalformedStatus>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
}

/** How long the connection stays open for a client that is still sending, because closing it at once would lose the answer. */
const lingerMs = 2_000

export interface MalformedAnswer {
  /** Names and values by turns, without the length. */
  readonly headers: string[]
  readonly body: string
}

/** `request` is the head, where it could be read. */
export function malformedAnswer(status: MalformedStatus, request?: IncomingMessage): MalformedAnswer {
  const [code, title] = problems[status]
  return {
    headers: [
      ...['content-type', problemMediaType, 'cache-control', 'no-store'],
      ...['x-content-type-options', 'nosniff', ...corsHeadersFor(request)],
    ],
    body: JSON.stringify({ type: `urn:consent-ledger:problem:${code}`, title, status, code }),
  }
}

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/**
 * Answers what Node cannot parse on connections of this server. The function that it returns must be called with each parsed request, so
 * that an answer under way is finished and no second one is written into it.
 */
export function answerMalformed(
  server: Server,
  onRefused: (status: MalformedStatus) => void,
): (exchange: Exchange) => void {
  const exchanges = new WeakMap<Duplex, Exchange>()
  const ending = new WeakSet<Duplex>()

  /** Node calls this again for further input on a connection that is ending. */
  function refuse(socket: Duplex, status: MalformedStatus): void {
    if (ending.has(socket)) return
    ending.add(socket)
    const { request, response } = exchanges.get(socket) ?? {}
    if (request?.complete && response?.writableFinished === false) {
      response.once('finish', () => socket.end())
      return
    }
    // Reached when the earlier request was answered, or when its own body cannot be read.
    if (!socket.writable || (response?.headersSent && !response.writableFinished)) {
      socket.destroy()
      return
    }
    onRefused(status)
    const { headers, body } = malformedAnswer(status, request)
    const pairs = [...headers, 'connection', 'close', 'content-length', String(Buffer.byteLength(body))]
    const lines = pairs.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${pairs[i + 1]}`] : []))
    socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'))
    const deadline = setTimeout(() => socket.destroy(), lingerMs)
    socket.once('close', () => clearTimeout(deadline))
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') socket.destroy()
    else refuse(socket, statuses[error.code ?? ''] ?? 400)
  })
  // Without a listener Node closes the connection of a CONNECT without an answer.
  server.on('connect', (_request, socket) => refuse(socket, 400))
  return (exchange) => exchanges.set(exchange.request.socket, exchange)
}
