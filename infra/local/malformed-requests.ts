/**
 * Answers that belong to no request, because what came is not one that the server can read: a method that nobody knows, a head that is
 * too long or too late. Node's own answers to these have no body; ours are problem documents (RFC 9457) with the headers of all answers.
 * The connection ends with them, since nobody can say where the next request would begin.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { problemMediaType } from '../../functions/http/problem.ts'
import { forAnyPage } from './plain-answer.ts'

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

/** How long the client may go on sending: one whose connection closes while it sends loses the answer. */
const lingerMs = 2_000

export interface MalformedAnswer {
  /** Names and values by turns, without the length. */
  readonly headers: string[]
  readonly body: string
}

/** `request`: what could be read of it, if anything. */
export function malformedAnswer(status: MalformedStatus, request?: IncomingMessage): MalformedAnswer {
  const [code, title] = problems[status]
  return {
    headers: [
      ...['content-type', problemMediaType, 'cache-control', 'no-store'],
      ...['x-content-type-options', 'nosniff', ...forAnyPage(request)],
    ],
    body: JSON.stringify({ type: `urn:consent-ledger:problem:${code}`, title, status, code }),
  }
}

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/**
 * Answers the requests of this server that Node cannot parse. Returns what has to be called with each request that it can: an answer that
 * is under way is finished, and no second one is written into it.
 */
export function answerMalformed(
  server: Server,
  onRefused: (status: MalformedStatus) => void,
): (exchange: Exchange) => void {
  const exchanges = new WeakMap<Duplex, Exchange>()
  const ending = new WeakSet<Duplex>()

  /** Called again for whatever else comes on a connection that is ending. */
  function refuse(socket: Duplex, status: MalformedStatus): void {
    if (ending.has(socket)) return
    ending.add(socket)
    const { request, response } = exchanges.get(socket) ?? {}
    if (request?.complete && response?.writableFinished === false) {
      response.once('finish', () => socket.end())
      return
    }
    // The request before was answered, or is the one whose body cannot be read.
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
