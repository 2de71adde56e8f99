/**
 * The middy chain around every API handler: find the route, read the body, call the endpoint, answer. Errors become problem documents, and
 * `cors.ts` decides which pages may read the answer.
 */
import { gzipSync } from 'node:zlib'
import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { fallback, routeKey } from '../../shared/api/route-key.ts'
import type { HandlerName, Route } from '../../shared/api/routes.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Instance } from '../instance.ts'
import { protocolOf } from '../protocols.ts'
import { type RouteId, type routes, servedRoutes } from '../served-routes.ts'
import type { LogLine, Telemetry } from '../telemetry.ts'
import type { Answer, Call, Endpoint } from './call.ts'
import { acceptsGzip } from './compression.ts'
import { crossOrigin, originForAll } from './cors.ts'
import { readsSwedish } from './language.ts'
import { pageRefusal } from './page-refusals.ts'
import { problemOf } from './problem.ts'
import { admitCall } from './rate-limits.ts'
import { parseStrictJson } from './strict-json.ts'
import { type UnreadableCode, unreadableCodeOf, unreadableIn } from './unreadable-answer.ts'

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>

/** A route of this handler without an endpoint does not compile. */
export type Endpoints<H extends HandlerName> = Record<
  Extract<(typeof routes)[number], { handler: H }>['id'] & RouteId,
  Endpoint
> &
  Partial<Record<'preflight' | 'fallback', Endpoint>>

const byKey = new Map(servedRoutes.map((route) => [routeKey(route), route]))

/** Facts for the log line of a call, kept in the Lambda context. */
interface LineFacts {
  call?: Call
  beganAt?: number
  unreadable?: UnreadableCode | undefined
}

/** A Lambda handler that answers these endpoints' routes on one ledger. */
export function createHandler(endpoints: Readonly<Record<string, Endpoint | undefined>>, instance: Instance): Handler {
  const dispatch = async (event: APIGatewayProxyEventV2, context: Context & LineFacts) => {
    const route = byKey.get(event.routeKey) ?? fallback
    const endpoint = endpoints[route.id]
    if (endpoint === undefined) throw new LedgerError('not-found', 'no such route', { given: event.routeKey })
    const call = callOf(route, event, instance)
    context.call = call
    admitCall(call)
    const answer = await endpoint(call)
    context.unreadable = unreadableIn(answer)
    return resultOf(answer)
  }
  return (
    middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, Context & LineFacts>({
      // No timer of middy's own: API Gateway and Lambda already end a request that takes too long.
      timeoutEarlyInMillis: 0,
    })
      // middy runs `after` and `onError` in reverse order: compression, problem document, CORS headers, common headers, log line.
      .use(callLog(instance.telemetry))
      .use(commonHeaders())
      .use(crossOrigin())
      .use(problems())
      .use(compressed())
      .handler(dispatch) as Handler
  )
}

/** The body is parsed on first use, which is after the site is known, so that a page can read why its body was refused. */
function callOf(route: Route, event: APIGatewayProxyEventV2, instance: Instance): Call {
  let read: { readonly body: unknown } | undefined
  return {
    route,
    event,
    instance,
    allowedOrigin: originForAll(route, event),
    get body() {
      read ??= { body: readBody(route, event) }
      return read.body
    },
  }
}

/** Turns errors into problem documents, or into pages for people who open a page's address. The text of an unexpected error never reaches the client. */
function problems(): middy.MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Error,
  Context & { call?: Call }
> {
  return {
    async onError(request) {
      const { error, context, event } = request
      const protocol = protocolOf(event.rawPath)
      if (protocol) request.response = protocol.refusalOf(error)
      else {
        const titles = await titlesFor(event.headers['accept-language'])
        const problem = problemOf(error, `urn:request:${context.awsRequestId}`, titles)
        request.response = (await pageRefusal(event, error, problem)) ?? problem
      }
    },
  }
}

/** Loaded on first use, so that they do not slow cold starts. */
async function titlesFor(acceptLanguage: string | undefined) {
  return readsSwedish(acceptLanguage) ? (await import('./problem-titles-sv.ts')).swedishTitles : undefined
}

/** Logs one line for each call. For an unexpected error it logs the name and stack frame only; the message may hold personal data. */
function callLog(
  telemetry: Telemetry,
): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, Context & LineFacts> {
  type Request = Parameters<NonNullable<ReturnType<typeof callLog>['after']>>[0]
  let isFirst = true
  const logCall = ({ context, response, error }: Request) => {
    const status = response?.statusCode ?? 500
    if (status >= 500) telemetry.add('Failures', 1)
    else if (status === 409) telemetry.add('Conflicts', 1)
    else if (status >= 400) telemetry.add('Refusals', 1)
    const damage = isDamage(error) ? error.facts.members?.check : undefined
    if (isDamage(error)) telemetry.add('LogFaults', 1)
    const unreadable = context.unreadable ?? unreadableCodeOf(error)
    if (unreadable) telemetry.add('UnreadableAnswers', 1)
    const isOurs = error === null || error === undefined || error instanceof LedgerError
    telemetry.log({
      level: status >= 500 || unreadable ? 'error' : 'info',
      event: 'request',
      requestId: context.awsRequestId,
      ...(context.call && { route: context.call.route.id as LogLine['route'] & string }),
      status,
      durationMs: Math.round(performance.now() - (context.beganAt ?? performance.now())),
      ...(isFirst && { coldStart: true }),
      ...(unreadable && { code: unreadable }),
      ...(error && { code: error instanceof LedgerError ? error.code : error.name }),
      ...(typeof damage === 'string' && { check: damage }),
      ...(status >= 500 && error?.cause instanceof Error && { cause: error.cause.name }),
      ...(!isOurs && { at: firstFrameOf(error) }),
    })
    isFirst = false
  }
  return {
    before: ({ context }) => {
      context.beganAt = performance.now()
    },
    after: logCall,
    onError: logCall,
  }
}

/** Whether stored data contradicts the log, which an operator must look into. */
function isDamage(error: unknown): error is LedgerError {
  return error instanceof LedgerError && (error.code === 'log-damaged' || error.code === 'log-forked')
}

/** First frame of the stack, without the error's message, which precedes it on any number of lines. */
function firstFrameOf({ stack = '', message }: Error): string {
  const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length)
  return /^ {4}at (?:.+ \()?(?:file:|node:|\/)\S+:\d+:\d+\)?$/m.exec(frames)?.[0].trim() ?? ''
}

/** Below this size compression gains nothing. */
const minCompressedBytes = 1_400

/** HTTP APIs of API Gateway do not compress. A receipt of 9 KB shrinks to 4 KB, and a proof of 50 KB to 12 KB. */
function compressed(): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, Context> {
  return {
    after({ event, response }) {
      if (!response?.body || response.isBase64Encoded || response.body.length < minCompressedBytes) return
      if (!acceptsGzip(event.headers['accept-encoding'])) return
      response.body = gzipSync(response.body, { level: 4 }).toString('base64')
      response.isBase64Encoded = true
      response.headers = { ...response.headers, 'content-encoding': 'gzip' }
    },
  }
}

/** Default content security policy of HTML answers: such a page loads and runs nothing. An endpoint may set its own. */
const emptyPage = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/**
 * Adds the headers that every answer needs: `nosniff`, so that browsers do not guess a media type, and for HTML a policy under which
 * text from a client cannot run as a script. Also removes the body of an answer to HEAD.
 */
function commonHeaders(): middy.MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Error,
  Context
> {
  const complete = (event: APIGatewayProxyEventV2, response: APIGatewayProxyStructuredResultV2 | null | undefined) => {
    if (!response) return
    const isPage = String(response.headers?.['content-type']).startsWith('text/html')
    response.headers = {
      ...(isPage && { 'content-security-policy': emptyPage }),
      ...response.headers,
      'x-content-type-options': 'nosniff',
    }
    if (event.requestContext.http.method === 'HEAD') delete response.body
  }
  return {
    after: ({ event, response }) => complete(event, response),
    onError: ({ event, response }) => complete(event, response),
  }
}

function resultOf({ statusCode, body, headers = {} }: Answer): APIGatewayProxyStructuredResultV2 {
  if (body instanceof Uint8Array) {
    return { statusCode, headers: { ...headers }, body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
  }
  const isText = typeof body === 'string' && headers['content-type'] !== undefined
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** JSON in `application/json`, or in `text/plain`: beacons cannot send anything else without a preflight. */
function readBody(route: Route, event: APIGatewayProxyEventV2): unknown {
  if (route.maxBodyBytes === 0) return undefined
  refuseLonger(route, Number(event.headers['content-length'] ?? 0))
  if (event.body === undefined || event.body === '') return undefined
  const bytes = event.isBase64Encoded ? Buffer.from(event.body, 'base64') : undefined
  refuseLonger(route, bytes?.length ?? Buffer.byteLength(event.body))
  const coding = event.headers['content-encoding']?.trim().toLowerCase() || 'identity'
  if (coding !== 'identity') {
    throw new LedgerError('unsupported-media-type', 'the body is encoded; send it without content-encoding', {
      field: 'content-encoding',
      given: coding,
      allowed: ['identity'],
    })
  }
  const type = (event.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json' && type !== 'text/plain') {
    throw new LedgerError('unsupported-media-type', 'the body must be JSON', {
      field: 'content-type',
      given: type,
      allowed: ['application/json', 'text/plain'],
    })
  }
  return parseStrictJson(bytes ? decode(bytes) : event.body)
}

/** The declared length counts as well: the local gateway does not read a body that is longer than its route allows. */
function refuseLonger({ maxBodyBytes }: Route, length: number): void {
  if (!(length > maxBodyBytes)) return
  throw new LedgerError('body-too-large', 'the body is too large for this route', {
    given: `${length} bytes`,
    allowed: `${maxBodyBytes} bytes`,
  })
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new LedgerError('malformed-json', 'the body is not UTF-8', {}, cause)
  }
}
