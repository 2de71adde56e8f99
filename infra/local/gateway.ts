/**
 * API Gateway's HTTP API on `node:http`: calls the very Lambda handlers that are deployed, in this process, by the same table
 * of routes. What a request and a result become is in `payload.ts`; here are routing, limits, and the life of a request.
 *
 * Refusals are the gateway's own and carry nothing of the cause: 400 for a target that cannot be decoded, 404 without a
 * `$default` route, 413 beyond 10 MB, 431 (Node's) beyond 10,240 bytes of request line and headers, 500 for a handler that
 * fails, 503 for one that takes longer than 30 s. Such a handler goes on, as its promise cannot be stopped; its result is dropped.
 *
 * Not served: TLS, HTTP/2, CORS and authorisation by the gateway itself, throttling, stages. A trailing slash and HEAD get no
 * special treatment: such requests are for `$default`.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda'
import type { HandlerName, Route } from '../../functions/routes.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/ledger/store.ts'
import { invocationContext } from './invocation-context.ts'
import { type Answer, type Api, clfTime, parseHead, parseTarget, type Target, toAnswer, toEvent } from './payload.ts'
import { routeMatcher } from './route-matcher.ts'

export type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyResultV2>

/** What went wrong behind an answer 500 or 503. For the operator's eyes only. */
export interface GatewayFault {
  readonly requestId: string
  readonly routeKey: string
  readonly fault: 'failed' | 'timed-out'
  readonly error?: unknown
}

export interface GatewayLimits {
  readonly bodyBytes: number
  readonly handlerMs: number
  /** How long `close` waits for requests in flight. */
  readonly drainMs: number
}

export interface GatewayOptions {
  /** All that is served: routes, preflights and the fallback. */
  readonly routes: readonly Route[]
  readonly handlers: Readonly<Record<HandlerName, Handler>>
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly log?: (fault: GatewayFault) => void
  readonly limits?: Partial<GatewayLimits>
  readonly clock?: Clock
  readonly uuid?: () => string
}

export interface Gateway {
  readonly url: string
  readonly port: number
  /** Stops accepting, lets requests in flight finish for a while, then cuts every connection. */
  close(): Promise<void>
}

const defaultLimits: GatewayLimits = { bodyBytes: 10 * 1024 * 1024, handlerMs: 30_000, drainMs: 5_000 }
const maxHeadBytes = 10_240
const headMs = 10_000
const requestMs = 30_000
const idleMs = 60_000
/** How long the rest of a body that was refused is read and dropped, so that the client gets to see the refusal. */
const lingerMs = 2_000

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host, handlers, log, clock = Date.now, uuid = randomUUID } = options
  const limits = { ...defaultLimits, ...options.limits }
  const match = routeMatcher(options.routes)
  const api: Api = {
    accountId: '000000000000',
    apiId: 'local',
    domainName: host,
    domainPrefix: host.split('.', 1)[0] ?? '',
  }
  const writeTime = clfTime()
  /** Handlers that run plus answers that are not written out. */
  let inFlight = 0
  let drained: (() => void) | undefined
  let closing: Promise<void> | undefined

  function leave(): void {
    if (--inFlight === 0) drained?.()
  }

  function send(response: ServerResponse, requestId: string, answer: Answer): void {
    if (response.destroyed || response.headersSent) return
    const headers = [...answer.headers, 'apigw-requestid', requestId]
    const { statusCode, body } = answer
    const empty = statusCode === 204 || statusCode === 304
    if (!empty) headers.push('content-length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length))
    if (closing !== undefined) headers.push('connection', 'close')
    response.writeHead(statusCode, STATUS_CODES[statusCode] ?? 'Unknown', headers)
    response.end(empty ? undefined : body)
  }

  function refuse(response: ServerResponse, requestId: string, statusCode: number): void {
    send(response, requestId, refusal(statusCode))
  }

  function refuseBody(request: IncomingMessage, response: ServerResponse): void {
    if (response.destroyed || response.headersSent) return
    const { headers, body } = refusal(413)
    response.writeHead(413, [...headers, 'content-length', String(body.length), 'connection', 'close'])
    response.write(body)
    const end = () => response.end()
    const deadline = setTimeout(end, lingerMs)
    response.once('close', () => clearTimeout(deadline))
    request.once('end', end)
    request.resume()
  }

  async function invoke(
    request: IncomingMessage,
    response: ServerResponse,
    target: Target,
    head: ReturnType<typeof parseHead>,
    body: Buffer | undefined,
  ): Promise<void> {
    const requestId = uuid()
    const matched = match(request.method ?? '', target.path)
    if (matched === undefined) {
      refuse(response, requestId, 404)
      return
    }
    const { route, pathParameters } = matched
    const timeEpoch = clock()
    const invocation = { requestId, routeKey: route.key, pathParameters, timeEpoch, time: writeTime(timeEpoch) }
    inFlight++
    const deadline = setTimeout(() => {
      refuse(response, requestId, 503)
      log?.({ requestId, routeKey: route.key, fault: 'timed-out' })
    }, limits.handlerMs)
    try {
      const event = toEvent(api, request, target, head, body, invocation)
      const context = invocationContext(route.handler, uuid(), clock, timeEpoch + limits.handlerMs)
      send(response, requestId, toAnswer(await handlers[route.handler](event, context)))
    } catch (error) {
      refuse(response, requestId, 500)
      log?.({ requestId, routeKey: route.key, fault: 'failed', error })
    } finally {
      clearTimeout(deadline)
      leave()
    }
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    inFlight++
    response.once('close', leave)
    const target = parseTarget(request.url ?? '')
    if (target === undefined) {
      refuse(response, uuid(), 400)
      return
    }
    const head = parseHead(request.rawHeaders)
    const declared = Number(request.headers['content-length'] ?? 0)
    if (declared > limits.bodyBytes) refuseBody(request, response)
    else if (declared > 0 || request.headers['transfer-encoding'] !== undefined) {
      readBody(request, response, (body) => void invoke(request, response, target, head, body))
    } else void invoke(request, response, target, head, undefined)
  }

  /** Holds at most the limit, and calls back only if all of the body came and is within it. */
  function readBody(request: IncomingMessage, response: ServerResponse, whole: (body: Buffer) => void): void {
    let chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limits.bodyBytes) chunks.push(chunk)
      else {
        chunks = []
        refuseBody(request, response)
      }
    })
    request.on('end', () => {
      if (size <= limits.bodyBytes) whole(Buffer.concat(chunks, size))
    })
  }

  const server = createServer(
    {
      maxHeaderSize: maxHeadBytes,
      headersTimeout: headMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: 5_000,
    },
    serve,
  )
  server.maxHeadersCount = 0
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (Number(request.headers['content-length'] ?? 0) <= limits.bodyBytes) response.writeContinue()
    serve(request, response)
  })
  server.listen(options.port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new LedgerError('internal', 'The gateway has no TCP port')

  async function drain(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    if (inFlight > 0) {
      const { promise, resolve } = Promise.withResolvers<void>()
      drained = resolve
      const deadline = setTimeout(resolve, limits.drainMs)
      await promise
      clearTimeout(deadline)
    }
    server.closeAllConnections()
    await closed
  }

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    close() {
      closing ??= drain()
      return closing
    },
  }
}

function refusal(statusCode: number): Answer {
  const message = statusCode === 413 ? 'Request Entity Too Large' : STATUS_CODES[statusCode]
  return { statusCode, headers: ['content-type', 'application/json'], body: JSON.stringify({ message }) }
}
