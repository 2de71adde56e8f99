/**
 * One call of one route: what an endpoint gets and what it answers. The middy chain in `chain.ts` makes the one from API
 * Gateway's event (HTTP API, payload format 2.0) and the result from the other.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type * as z from 'zod'
import { LedgerError } from '../../shared/errors.ts'
import type { Instance } from '../instance.ts'
import type { Route } from '../routes.ts'

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

/** The body as the schema says, or `invalid-request` naming the first part that is not so. */
export function parseBody<S extends z.ZodType>(call: Call, schema: S): z.output<S> {
  if (call.body === undefined) {
    throw new LedgerError('invalid-request', 'a JSON body is needed', {
      field: '',
      allowed: 'application/json or text/plain',
    })
  }
  return parseWith(schema, call.body)
}

/** The query parameters as the schema says; an unknown parameter is refused like an unknown field. */
export function parseQuery<S extends z.ZodType>(call: Call, schema: S): z.output<S> {
  return parseWith(schema, call.event.queryStringParameters ?? {})
}

export function parseWith<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given, { reportInput: true })
  if (result.success) return result.data
  throw refusalOf(result.error.issues[0], given)
}

/** `at` may lie ahead (what would stand then, as things are); what will be known by then, nobody knows. */
export function refuseFuture(knownAt: string, now: string): void {
  if (knownAt <= now) return
  throw new LedgerError('invalid-request', 'the ledger cannot say what it will know', {
    field: '/knownAt',
    given: knownAt,
    allowed: `at most ${now}`,
  })
}

function refusalOf(issue: z.core.$ZodIssue | undefined, given: unknown): LedgerError {
  if (issue === undefined) return new LedgerError('invalid-request', 'the request does not fit its schema')
  if (issue.code === 'invalid_union') {
    const closest = closestBranch(issue.errors)
    if (closest) return refusalOf({ ...closest, path: [...issue.path, ...closest.path] }, given)
  }
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, ...issue.keys.slice(0, 1)]
    return new LedgerError('invalid-request', 'no such field', {
      field: pointer(path),
      given: issue.keys[0]?.slice(0, 40),
    })
  }
  return new LedgerError('invalid-request', issue.message, {
    field: pointer(issue.path),
    given: valueAt(given, issue.path),
    allowed: allowedBy(issue),
  })
}

/** The branch of a union that the sender most likely meant: the one that fits the deepest, then the fewest complaints. */
function closestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): z.core.$ZodIssue | undefined {
  const unknownKeys = (issues: readonly z.core.$ZodIssue[]) =>
    issues.some((i) => i.code === 'unrecognized_keys' && i.path.length === 0)
  const ranked = branches.toSorted((a, b) => Number(unknownKeys(a)) - Number(unknownKeys(b)) || a.length - b.length)
  return ranked[0]?.[0]
}

function allowedBy(issue: z.core.$ZodIssue): unknown {
  if (issue.code === 'invalid_value') return issue.values
  if (issue.code === 'too_big') return `at most ${issue.maximum}`
  if (issue.code === 'too_small') return `at least ${issue.minimum}`
  if (issue.code === 'invalid_type') return issue.expected
  return undefined
}

/** RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 60)}`).join('')
}

/** Scalars are repeated to the sender; what could hold a credential or is large is not. */
function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value
  for (const part of path)
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined
  const secret = path.some((part) => part === 'subject' || part === 'externalId' || part === 'noticeToken')
  return secret || (typeof at === 'object' && at !== null) ? undefined : at
}
