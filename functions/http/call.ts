/**
 * One call of one route: what an endpoint gets and what it answers. The middy chain in `app.ts` makes the call from API Gateway's event
 * (HTTP API, payload format 2.0), and the Lambda result from the answer.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type * as z from 'zod'
import type { Route } from '../../shared/api/routes.ts'
import type { Unreadable } from '../../shared/consent/unreadable.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Instance } from '../instance.ts'
import { plainWords, requestError } from './request-errors.ts'

export interface Call {
  readonly route: Route
  readonly event: APIGatewayProxyEventV2
  readonly instance: Instance
  /** The parsed JSON body; `undefined` without one. */
  readonly body: unknown
  /** The web origin that may read the answer; set once it is known that the site allows it. */
  allowedOrigin: string | undefined
}

export interface Answer {
  readonly statusCode: number
  /** JSON unless `headers` says another content type; then text, or bytes. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Stored rows that a body of text left out because they cannot be read. A JSON body has a member of this name instead. */
  readonly unreadable?: readonly Unreadable[]
}

export type Endpoint = (call: Call) => Promise<Answer>

export function ok(body: unknown, headers?: Record<string, string>): Answer {
  return { statusCode: 200, body, ...(headers && { headers }) }
}

export function header(call: Call, name: string): string | undefined {
  return call.event.headers[name]
}

export function pathParameter(call: Call, name: string): string {
  return call.event.pathParameters?.[name] ?? ''
}

/** The body in the schema's type. @throws LedgerError `invalid-request` with the first field that does not fit */
export function parseBody<S extends z.ZodType>(call: Call, schema: S): z.output<S> {
  if (call.body === undefined) {
    throw new LedgerError('invalid-request', 'a JSON body is needed', {
      field: '',
      allowed: 'application/json or text/plain',
    })
  }
  return parseWith(schema, call.body)
}

/** The query parameters in the schema's type. An unknown parameter is refused like an unknown field. */
export function parseQuery<S extends z.ZodType>(call: Call, schema: S): z.output<S> {
  return parseWith(schema, call.event.queryStringParameters ?? {})
}

/** @throws LedgerError `invalid-request` with the first field that does not fit */
export function parseWith<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given, { reportInput: true, error: plainWords })
  if (result.success) return result.data
  throw requestError(result.error.issues, given)
}

/**
 * `at` may be in the future: the answer then assumes that nothing changes until then. `knownAt` may not, because the ledger cannot know
 * what will be recorded.
 */
export function refuseFuture(knownAt: string, now: string): void {
  if (knownAt <= now) return
  throw new LedgerError('invalid-request', 'knownAt must not be in the future', {
    field: '/knownAt',
    given: knownAt,
    allowed: `at most ${now}`,
  })
}
