/**
 * One call of one route: what an endpoint gets and what it answers. The middy chain in `chain.ts` makes the one from API
 * Gateway's event (HTTP API, payload format 2.0) and the result from the other.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type * as z from 'zod'
import type { Route } from '../../shared/api/routes.ts'
import type { Unreadable } from '../../shared/consent/unreadable.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Instance } from '../instance.ts'

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
  const result = schema.safeParse(given, { reportInput: true, error: inPlainWords })
  if (result.success) return result.data
  throw refusalOf(result.error.issues, given)
}

/** `at` may be in the future: the answer is what would stand then, as things are. What will be known then is unknown. */
export function refuseFuture(knownAt: string, now: string): void {
  if (knownAt <= now) return
  throw new LedgerError('invalid-request', 'the ledger cannot say what it will know', {
    field: '/knownAt',
    given: knownAt,
    allowed: `at most ${now}`,
  })
}

const missing = 'this field is missing'

/** Replaces zod's default messages. A schema's own message takes precedence over this. */
const inPlainWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined && issue.code !== 'custom') return missing
  if (issue.code === 'invalid_value') return 'not one of the allowed values'
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected}`
  if (issue.code === 'too_small') return `must ${verbOf(issue)} at least ${issue.minimum}${unitOf(issue)}`
  if (issue.code === 'too_big') return `must ${verbOf(issue)} at most ${issue.maximum}${unitOf(issue)}`
  if (issue.code === 'invalid_format' && issue.format === 'uuid') return 'must be a UUID'
  return undefined
}

const verbOf = ({ origin }: { origin: string }) => (/^(array|string|set|map)$/.test(origin) ? 'have' : 'be')

function unitOf({ origin, minimum, maximum }: { origin: string; minimum?: unknown; maximum?: unknown }): string {
  const unit = origin === 'array' ? ' item' : origin === 'string' ? ' character' : undefined
  if (unit === undefined) return ''
  return Number(minimum ?? maximum) === 1 ? unit : `${unit}s`
}

function refusalOf(issues: readonly z.core.$ZodIssue[], given: unknown): LedgerError {
  const [issue] = issues
  if (issue === undefined) return new LedgerError('invalid-request', 'the request does not fit its schema')
  if (issue.code === 'invalid_union') {
    const closest = closestBranch(issue.errors)
    if (closest)
      return refusalOf(
        closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
        given,
      )
  }
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, ...issue.keys.slice(0, 1)]
    return new LedgerError('invalid-request', 'no such field', {
      field: pointer(path),
      given: issue.keys[0]?.slice(0, 40),
    })
  }
  return new LedgerError('invalid-request', detailOf(issue, issues, given), {
    field: pointer(issue.path),
    given: valueAt(given, issue.path),
    allowed: allowedBy(issue),
  })
}

/** Says of a field that is missing that it is missing, and which unknown field stands beside it: most likely it is misspelt. */
function detailOf(issue: z.core.$ZodIssue, issues: readonly z.core.$ZodIssue[], given: unknown): string {
  const isAboutValue = issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union'
  if (!isAboutValue || atPath(given, issue.path) !== undefined) return issue.message
  if (issue.path.length === 0) return 'a JSON body is needed'
  const parent = pointer(issue.path.slice(0, -1))
  const [unknown] = issues.flatMap((other) =>
    other.code === 'unrecognized_keys' && pointer(other.path) === parent ? other.keys : [],
  )
  const beside = unknown === undefined ? '' : `; there is no field "${unknown.slice(0, 40)}"`
  return `${missing}${issue.message === missing ? '' : `: ${issue.message}`}${beside}`
}

/** The branch of a union that the sender most likely meant: the one that fits the deepest, then the fewest complaints. */
function closestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const unknownKeys = (issues: readonly z.core.$ZodIssue[]) =>
    issues.some((i) => i.code === 'unrecognized_keys' && i.path.length === 0)
  const ranked = branches.toSorted((a, b) => Number(unknownKeys(a)) - Number(unknownKeys(b)) || a.length - b.length)
  return ranked[0]
}

function allowedBy(issue: z.core.$ZodIssue): unknown {
  if (issue.code === 'invalid_value') return issue.values
  if (issue.code === 'too_big') return `at most ${issue.maximum}`
  if (issue.code === 'too_small') return `at least ${issue.minimum}`
  if (issue.code === 'invalid_type') return issue.expected
  if (issue.code === 'custom') return issue.params?.allowed
  return undefined
}

/** RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 60)}`).join('')
}

/** Scalars are repeated to the sender; what could hold a credential or is large is not. */
function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  const at = atPath(value, path)
  const secret = path.some((part) => part === 'subject' || part === 'externalId' || part === 'noticeToken')
  return secret || (typeof at === 'object' && at !== null) ? undefined : at
}

function atPath(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value
  for (const part of path)
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined
  return at
}
