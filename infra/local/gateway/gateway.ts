/**
 * API Gateway's HTTP API on `node:http`. Calls the deployed Lambda handlers in this process, by the same route table. `payload.ts`
 * translates requests and results; this file has routing, limits, and the life of a request.
 *
 * The gateway's own refusals say nothing of the cause: 400 for a target that cannot be decoded, 404 without a `$default` route, 413 beyond
 * 10 MB, 500 when a handler fails, 503 when it takes longer than 30 s (it runs on, because a promise cannot be stopped, and its result is
 * dropped). `malformed-requests.ts` answers input that is not HTTP, and heads of more than 10,240 bytes.
 *
 * Differences from AWS: a body longer than its route allows is not read; the handler is called without it and refuses it by its length. A
 * body that may exceed 64 KiB is read only for callers who may send it, because all large bodies share one memory budget; when that is used
 * up the answer is 503. The gateway's own answers carry CORS headers, so that a page can tell a refusal from an unreachable ledger.
 *
 * Not served: TLS, HTTP/2, preflights and authorisation by the gateway itself, throttling, stages. A trailing slash and HEAD get no special
 * treatment: such requests go to `$default`.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { LedgerError } from '../../../shared/errors.ts'
import { reachableHost } from '../listening.ts'
import { clientAddress, plainAddress } from './client-address.ts'
import { limitConnections } from './connection-limits.ts'
import { inFlight } from './in-flight.ts'
import { invocationContext } from './invocation-context.ts'
import { answerMalformed, type Exchange, type MalformedStatus, malformedAnswer } from './malformed-requests.ts'
import { defaultLimits, type Gateway, type GatewayOptions } from './options.ts'
import { type Answer, type Api, clfTime, parseHead, parseTarget, type Target, toAnswer, toEvent } from './payload.ts'
import { plainAnswer } from './plain-answer.ts'
import {
  bodyBudget,
  declaredLength,
  endLate,
  endLingering,
  needsBudget,
  type RequestBody,
  readBody,
} from './request-body.ts'
import { type Match, routeMatcher } from './route-matcher.ts'

/** A request with the route that answers it. */
interface Incoming extends Exchange {
  readonly target: Target
  readonly matched: Match
  /** The client waits for a 100 before it sends the body (RFC 9110, section 10.1.1). */
  readonly isAwaited: boolean
}

/** Longest body that is passed to a route that reads no body, as on AWS. */
const unaskedBytes = 4096
const maxHeadBytes = 10_240

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host, handlers, maySendLargeBody, streamed, log, onRefusal, clock = Date.now, uuid = randomUUID } = options
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
    // For HEAD it would have to be the length of GET's body, which is unknown here.
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

  /** Longest body that is read for the request's route. */
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
    else if (streamed?.takes(target.path)) void streamed.serve(request, response, isAwaited)
    else if (matched === undefined) refuse(request, response, 404)
    else {
      const incoming = { ...exchange, target, matched, isAwaited }
      if (maySendLargeBody && needsBudget(request, wantedBytes(matched))) void admit(incoming, maySendLargeBody)
      else receive(incoming)
    }
  }

  /** Asks for no part of the body until it is known that the caller may send it. */
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
    if (declaredLength(request) !== 0) endLate(request, response, () => refuseMalformed(incoming, 408))
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
      // The bodies of streamed files take longer; all others have a deadline of their own (`endLate`).
      requestTimeout: 3_600_000,
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
