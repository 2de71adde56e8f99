/**
 * API Gateway's HTTP API on `node:http`: calls the very Lambda handlers that are deployed, in this process, by the same table
 * of routes. What a request and a result become is in `payload.ts`; here are routing, limits, and the life of a request.
 *
 * Refusals are the gateway's own and carry nothing of the cause: 400 for a target that cannot be decoded, 404 without a
 * `$default` route, 413 beyond 10 MB, 500 for a handler that fails, 503 for one that takes longer than 30 s. Such a handler goes on, as
 * its promise cannot be stopped; its result is dropped. What is no HTTP request, or has a head of more than 10,240 bytes, is answered
 * in `malformed-requests.ts`.
 * A body that is longer than its route allows is not read, unlike on AWS: the handler is called without it and refuses it by its
 * length, in its own words. A body that may be larger than 64 KiB is read only for callers who may send it, so that nobody else can use up
 * the memory for large bodies. Where that is used up the answer is 503.
 *
 * Unlike those of AWS these answers carry CORS headers, so that a page can tell them from a ledger that is away.
 * Not served: TLS, HTTP/2, preflights and authorisation by the gateway itself, throttling, stages. A trailing slash and HEAD get no
 * special treatment: such requests are for `$default`.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda'
import type { HandlerName, Route } from '../../../shared/api/routes.ts'
import { LedgerError } from '../../../shared/errors.ts'
import type { Clock } from '../../../shared/ledger/store.ts'
import { reachableHost } from '../reachable-host.ts'
import { clientAddress, plainAddress } from './client-address.ts'
import { type ConnectionLimits, limitConnections } from './connection-limits.ts'
import { inFlight } from './in-flight.ts'
import { invocationContext } from './invocation-context.ts'
import { answerMalformed, type Exchange, type MalformedStatus, malformedAnswer } from './malformed-requests.ts'
import { type Answer, type Api, clfTime, parseHead, parseTarget, type Target, toAnswer, toEvent } from './payload.ts'
import { plainAnswer } from './plain-answer.ts'
import { bodyBudget, declaredLength, endLingering, needsBudget, type RequestBody, readBody } from './request-body.ts'
import { type Match, routeMatcher } from './route-matcher.ts'

export type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyResultV2>

/** What went wrong behind an answer 500 or 503. For the operator's eyes only. */
export interface GatewayFault {
  readonly requestId: string
  readonly routeKey: string
  /** `not-admitted`: whether the caller may send a large body could not be found out. */
  readonly fault: 'failed' | 'timed-out' | 'not-admitted'
  readonly error?: unknown
}

/** The status of a refusal by the gateway itself, or a connection over the limits. */
export type GatewayRefusal = 404 | 503 | MalformedStatus | 'connection'

export interface GatewayLimits extends ConnectionLimits {
  /** Greatest length of any body; routes have lower limits. */
  readonly bodyBytes: number
  /** Memory that all bodies together may take beyond the first 64 KiB of each. */
  readonly largeBodiesBytes: number
  readonly handlerMs: number
  /** How long `close` waits for requests in flight. */
  readonly drainMs: number
}

export interface GatewayOptions {
  /** All that is served: routes, preflights and the fallback. */
  readonly routes: readonly Route[]
  readonly handlers: Readonly<Record<HandlerName, Handler>>
  /**
   * Whether the caller may send a body of more than 64 KiB; gets the event without it. False: the body is left unread, and the handler,
   * which is called without it, refuses the credential. Absent: everyone may.
   */
  readonly maySendLargeBody?: (event: APIGatewayProxyEventV2) => Promise<boolean>
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly log?: (fault: GatewayFault) => void
  /** Called for each refusal by the gateway itself. */
  readonly onRefusal?: (kind: GatewayRefusal) => void
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[]
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

/** A request with the route that answers it. */
interface Incoming extends Exchange {
  readonly target: Target
  readonly matched: Match
  /** The client waits for a 100 before it sends the body (RFC 9110, section 10.1.1). */
  readonly isAwaited: boolean
}

const mib = 1024 * 1024
const defaultLimits: GatewayLimits = {
  bodyBytes: 10 * mib,
  largeBodiesBytes: 32 * mib,
  connections: 1024,
  connectionsOfAddress: 256,
  handlerMs: 30_000,
  drainMs: 5_000,
}
/** Longest body that is passed to a route that reads none, as on AWS. */
const unaskedBytes = 4096
const maxHeadBytes = 10_240

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host, handlers, maySendLargeBody, log, onRefusal, clock = Date.now, uuid = randomUUID } = options
  const limits = { ...defaultLimits, ...options.limits }
  const match = routeMatcher(options.routes)
  const budget = bodyBudget(limits.largeBodiesBytes)
  const trusted = new Set(options.trustedProxies)
  const api: Api = {
    accountId: '000000000000',
    apiId: 'local',
    domainName: host,
    domainPrefix: host.split('.', 1)[0] ?? '',
  }
  const writeTime = clfTime()
  const { enter: begin, leave, settled } = inFlight()
  let closing: Promise<void> | undefined

  function enter(exchange: Exchange): void {
    begin()
    exchange.response.once('close', leave)
    noteExchange(exchange)
  }

  /** Closes the connection after an answer sent before the whole body came: the rest of the body would be read as the next request. */
  function send(request: IncomingMessage, response: ServerResponse, requestId: string, answer: Answer): void {
    if (response.destroyed || response.headersSent) return
    const headers = [...answer.headers, 'apigw-requestid', requestId]
    const { statusCode, body } = answer
    const empty = statusCode === 204 || statusCode === 304
    const isWhole = request.complete || declaredLength(request) === 0
    // The length for HEAD would have to be that of GET's body, which is not known here.
    if (!empty && request.method !== 'HEAD')
      headers.push('content-length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length))
    if (closing !== undefined || !isWhole) headers.push('connection', 'close')
    response.writeHead(statusCode, STATUS_CODES[statusCode] ?? 'Unknown', headers)
    if (isWhole) response.end(empty ? undefined : body)
    else {
      response.flushHeaders()
      if (!empty) response.write(body)
      endLingering(request, response)
    }
  }

  function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    statusCode: 400 | 404 | 413 | 503,
    requestId = uuid(),
  ): void {
    onRefusal?.(statusCode)
    send(request, response, requestId, plainAnswer(statusCode, request))
  }

  function refuseMalformed({ request, response }: Exchange, status: MalformedStatus): void {
    onRefusal?.(status)
    send(request, response, uuid(), { statusCode: status, ...malformedAnswer(status, request) })
  }

  function eventOf(
    { request, target, matched: { route, pathParameters } }: Incoming,
    body: RequestBody,
    requestId: string,
    timeEpoch: number,
  ): APIGatewayProxyEventV2 {
    const sourceIp = clientAddress(request, trusted)
    const time = writeTime(timeEpoch)
    const invocation = { requestId, sourceIp, routeKey: route.key, pathParameters, timeEpoch, time }
    return toEvent(api, request, target, parseHead(request.rawHeaders), body, invocation)
  }

  async function invoke(incoming: Incoming, body: RequestBody): Promise<void> {
    const { request, response } = incoming
    const { route } = incoming.matched
    const requestId = uuid()
    const timeEpoch = clock()
    begin()
    const deadline = setTimeout(() => {
      send(request, response, requestId, plainAnswer(503, request))
      log?.({ requestId, routeKey: route.key, fault: 'timed-out' })
    }, limits.handlerMs)
    try {
      const event = eventOf(incoming, body, requestId, timeEpoch)
      const context = invocationContext(route.handler, uuid(), clock, timeEpoch + limits.handlerMs)
      send(request, response, requestId, toAnswer(await handlers[route.handler](event, context)))
    } catch (error) {
      send(request, response, requestId, plainAnswer(500, request))
      log?.({ requestId, routeKey: route.key, fault: 'failed', error })
    } finally {
      clearTimeout(deadline)
      leave()
    }
  }

  /** How much of the body a request's route wants. */
  function wantedBytes({ route }: Match): number {
    return Math.min(limits.bodyBytes, Math.max(route.maxBodyBytes, unaskedBytes))
  }

  function serve(exchange: Exchange, isAwaited: boolean): void {
    enter(exchange)
    const { request, response } = exchange
    const target = parseTarget(request.url ?? '')
    const matched = target && match(request.method ?? '', target.path)
    // RFC 9112, section 3.2.
    if (request.headers.host === undefined && request.httpVersion === '1.1') refuseMalformed(exchange, 400)
    else if (target === undefined) refuse(request, response, 400)
    else if (matched === undefined) refuse(request, response, 404)
    else {
      const incoming = { ...exchange, target, matched, isAwaited }
      if (maySendLargeBody && needsBudget(request, wantedBytes(matched))) void admit(incoming, maySendLargeBody)
      else receive(incoming)
    }
  }

  /** Until it is known that the caller may send the body, nothing of it is asked for. */
  async function admit(incoming: Incoming, maySend: NonNullable<GatewayOptions['maySendLargeBody']>): Promise<void> {
    const { request, response, matched } = incoming
    const requestId = uuid()
    const unread = { length: declaredLength(request) ?? 0 }
    try {
      const may = await maySend(eventOf(incoming, unread, requestId, clock()))
      if (response.destroyed) return
      if (may) receive(incoming)
      else await invoke(incoming, unread)
    } catch (error) {
      refuse(request, response, 503, requestId)
      log?.({ requestId, routeKey: matched.route.key, fault: 'not-admitted', error })
    }
  }

  function receive(incoming: Incoming): void {
    const { request, response, matched, isAwaited } = incoming
    const maxBytes = wantedBytes(matched)
    if (isAwaited && (declaredLength(request) ?? 0) <= maxBytes) response.writeContinue()
    readBody(request, response, {
      maxBytes,
      budget,
      onBody(body) {
        if (body.length > limits.bodyBytes) refuse(request, response, 413)
        else void invoke(incoming, body)
      },
      onNoRoom: () => refuse(request, response, 503),
    })
  }

  const server = createServer(
    {
      maxHeaderSize: maxHeadBytes,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 60_000,
      connectionsCheckingInterval: 5_000,
      // Node's own refusal has no body.
      requireHostHeader: false,
    },
    (request, response) => serve({ request, response }, false),
  )
  const noteExchange = answerMalformed(server, (status) => onRefusal?.(status))
  server.maxHeadersCount = 0
  limitConnections(
    server,
    limits,
    (address) => trusted.has(plainAddress(address)),
    () => onRefusal?.('connection'),
  )
  server.on('checkContinue', (request, response) => serve({ request, response }, true))
  server.on('checkExpectation', (request, response) => {
    enter({ request, response })
    refuseMalformed({ request, response }, 417)
  })
  server.listen(options.port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new LedgerError('internal', 'The gateway has no TCP port')

  async function drain(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    await settled(limits.drainMs)
    server.closeAllConnections()
    await closed
  }

  return {
    url: `http://${reachableHost(host)}:${address.port}`,
    port: address.port,
    close() {
      closing ??= drain()
      return closing
    },
  }
}
