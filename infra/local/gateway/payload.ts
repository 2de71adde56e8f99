/**
 * The payload format 2.0 of API Gateway's HTTP APIs, both ways: an HTTP request as the event of a Lambda function, and the function's result
 * as an HTTP answer (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html). Where the
 * documentation is silent, as observed of the service:
 *
 * - The path is percent-decoded first: `rawPath` and path parameters are decoded, and `%2F` separates segments. Query parameters are decoded
 *   as forms are (`+` is a space); `rawQueryString` stays as it was sent.
 * - A body is text only if its type is `text/*`, JSON, XML or JavaScript (not `+json`, not a missing type) and its bytes are UTF-8.
 *   Any other body is base64.
 * - A result with a `statusCode` and no content type is `text/plain`; a result without `statusCode` is itself the JSON body.
 *
 * Stricter than the service in one point: a function that returns nothing has failed.
 */
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { LedgerError } from '../../../shared/errors.ts'
import { plainAddress } from './client-address.ts'
import type { RequestBody } from './request-body.ts'

type Headers = APIGatewayProxyEventV2['headers']
type RequestContext = APIGatewayProxyEventV2['requestContext']

/** Fields that are the same in every event. The local gateway belongs to no account and trusts no `Host` header. */
export type Api = Pick<RequestContext, 'accountId' | 'apiId' | 'domainName' | 'domainPrefix'>

export interface Target {
  /** Percent-decoded. */
  readonly path: string
  readonly rawQueryString: string
}

export interface RequestHead {
  readonly headers: Headers
  readonly cookies: string[]
}

export interface Invocation {
  readonly requestId: string
  /** Address of the client (`client-address.ts`). */
  readonly sourceIp: string
  readonly routeKey: string
  readonly pathParameters: Record<string, string> | undefined
  /** Milliseconds since 1970 at arrival, and the same as `clfTime` writes it. */
  readonly timeEpoch: number
  readonly time: string
}

export interface Answer {
  readonly statusCode: number
  /** Name, value, name, value; without the length. */
  readonly headers: string[]
  readonly body: string | Buffer
}

/** Lambda's limit on a function's result, as JSON. */
const maxResultBytes = 6_291_556
/** Shorter bodies need no measuring, because a character takes at most six bytes of JSON. */
const surelySmall = 1_000_000

/** Headers of one connection only: neither passed to the function nor taken from it. The gateway sets the length itself. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const textTypes: ReadonlySet<string> = new Set(['application/json', 'application/xml', 'application/javascript'])

/** Origin-form or absolute-form; undefined for any other, and for escapes that are not UTF-8. */
export function parseTarget(url: string): Target | undefined {
  const start = url.startsWith('/') ? 0 : pathOfAbsolute(url)
  if (start < 0) return undefined
  const question = url.indexOf('?', start)
  const path = question < 0 ? url.slice(start) : url.slice(start, question)
  const rawQueryString = question < 0 ? '' : url.slice(question + 1)
  if (!path.includes('%')) return { path: path === '' ? '/' : path, rawQueryString }
  try {
    return { path: decodeURIComponent(path), rawQueryString }
  } catch {
    return undefined
  }
}

function pathOfAbsolute(url: string): number {
  const authority = /^https?:\/\/[^/?#]+/i.exec(url)
  return authority === null ? -1 : authority[0].length
}

/** Names in lower case, values of one name joined by a comma; cookies apart. */
export function parseHead(rawHeaders: readonly string[]): RequestHead {
  const headers: Headers = {}
  const cookies: string[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase()
    const value = rawHeaders[i + 1] ?? ''
    if (name === 'cookie') cookies.push(...splitCookies(value))
    else if (!hopByHop.has(name)) append(headers, name, value)
  }
  return { headers, cookies }
}

function splitCookies(value: string): string[] {
  return value
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '')
}

/** Takes over `body.bytes`. For a body that was left unread the event has its length only. */
export function toEvent(
  api: Api,
  request: Pick<IncomingMessage, 'method' | 'httpVersion' | 'socket'>,
  target: Target,
  head: RequestHead,
  { bytes: body, length }: RequestBody,
  invocation: Invocation,
): APIGatewayProxyEventV2 {
  const { headers, cookies } = head
  const { sourceIp } = invocation
  const peer = plainAddress(request.socket.remoteAddress)
  headers['content-length'] = String(length)
  headers['x-forwarded-for'] = headers['x-forwarded-for'] ? `${headers['x-forwarded-for']}, ${peer}` : peer
  headers['x-forwarded-port'] = String(request.socket.localPort ?? '')
  headers['x-forwarded-proto'] = 'http'
  const event: APIGatewayProxyEventV2 = {
    version: '2.0',
    routeKey: invocation.routeKey,
    rawPath: target.path,
    rawQueryString: target.rawQueryString,
    headers,
    requestContext: {
      accountId: api.accountId,
      apiId: api.apiId,
      domainName: api.domainName,
      domainPrefix: api.domainPrefix,
      http: {
        method: request.method ?? '',
        path: target.path,
        protocol: request.httpVersion === '1.1' ? 'HTTP/1.1' : `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: invocation.requestId,
      routeKey: invocation.routeKey,
      stage: '$default',
      time: invocation.time,
      timeEpoch: invocation.timeEpoch,
    },
    isBase64Encoded: false,
  }
  if (cookies.length > 0) event.cookies = cookies
  if (target.rawQueryString !== '') event.queryStringParameters = parseQuery(target.rawQueryString)
  if (invocation.pathParameters !== undefined) event.pathParameters = invocation.pathParameters
  if (body !== undefined && body.length > 0) {
    const text = isText(headers['content-type']) && isUtf8(body)
    event.body = body.toString(text ? 'utf8' : 'base64')
    event.isBase64Encoded = !text
  }
  return event
}

function parseQuery(rawQueryString: string): Record<string, string | undefined> {
  const parameters: Record<string, string | undefined> = {}
  for (const [name, value] of new URLSearchParams(rawQueryString)) append(parameters, name, value)
  return parameters
}

/** An own property under any name, `__proto__` and `constructor` included, as in an event read from JSON. */
function append(record: Record<string, string | undefined>, name: string, value: string): void {
  const joined = Object.hasOwn(record, name) ? `${record[name]},${value}` : value
  if (name !== '__proto__') record[name] = joined
  else Object.defineProperty(record, name, { value: joined, enumerable: true, configurable: true, writable: true })
}

function isText(contentType: string | undefined): boolean {
  if (contentType === undefined) return false
  const end = contentType.indexOf(';')
  const type = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
  return type.startsWith('text/') || textTypes.has(type)
}

/** Throws `internal` for a result that the service could not make an answer of. */
export function toAnswer(result: unknown): Answer {
  if (result === undefined || result === null) throw malformed('nothing')
  if (typeof result === 'string') return checked({ statusCode: 200, headers: jsonType, body: result }, result)
  if (typeof result !== 'object' || !('statusCode' in result) || result.statusCode === undefined) {
    const body: string | undefined = JSON.stringify(result)
    if (body === undefined) throw malformed('a value that JSON cannot hold')
    return checked({ statusCode: 200, headers: jsonType, body }, result)
  }
  const { statusCode } = result
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) {
    throw malformed('a status code that is not a number from 200 to 599')
  }
  const body = 'body' in result ? (result.body ?? '') : ''
  if (typeof body !== 'string') throw malformed('a body that is not a string')
  const headers = headersOf(result)
  const isBase64Encoded = 'isBase64Encoded' in result && result.isBase64Encoded === true
  return checked({ statusCode, headers, body: isBase64Encoded ? fromBase64(body) : body }, result)
}

const jsonType = ['content-type', 'application/json']

function headersOf(result: object): string[] {
  const headers: string[] = []
  let hasType = false
  if ('headers' in result && result.headers) {
    if (typeof result.headers !== 'object') throw malformed('headers that are not an object')
    for (const [given, value] of Object.entries(result.headers)) {
      const name = given.toLowerCase()
      if (value !== null && typeof value === 'object') throw malformed('a header with more than one value')
      if (value === undefined || value === null || name === 'content-length' || hopByHop.has(name)) continue
      hasType ||= name === 'content-type'
      headers.push(name, String(value))
    }
  }
  if (!hasType) headers.push('content-type', 'text/plain; charset=utf-8')
  if ('cookies' in result && result.cookies) {
    if (!Array.isArray(result.cookies)) throw malformed('cookies that are not an array')
    for (const cookie of result.cookies) headers.push('set-cookie', String(cookie))
  }
  return headers
}

function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  if (bytes.length !== (text.length / 4) * 3 - padding) throw malformed('a body that is not base64')
  return bytes
}

function checked(answer: Answer, result: unknown): Answer {
  if (answer.body.length > surelySmall && Buffer.byteLength(JSON.stringify(result)) > maxResultBytes) {
    throw malformed(`more than ${maxResultBytes} bytes`)
  }
  return answer
}

function malformed(what: string): LedgerError {
  return new LedgerError('internal', `The function returned ${what}`)
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Writes times as the Common Log Format does, `05/Mar/2026:09:08:07 +0000`; each second only once. */
export function clfTime(): (epochMs: number) => string {
  let second = Number.NaN
  let written = ''
  return (epochMs) => {
    const now = Math.floor(epochMs / 1000)
    if (now !== second) {
      const iso = new Date(epochMs).toISOString()
      const month = months[Number(iso.slice(5, 7)) - 1]
      written = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
      second = now
    }
    return written
  }
}
