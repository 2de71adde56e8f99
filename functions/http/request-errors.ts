/**
 * Puts what zod (https://zod.dev/error-customization) finds wrong with a request into plain words: the field as a JSON Pointer (RFC 6901),
 * what was given, and what is allowed. A schema's own message takes precedence over the words here; zod's default messages never reach a
 * client. Details are English whatever language the caller reads, as codes and fields are.
 */
import type * as z from 'zod'
import { LedgerError } from '../../shared/errors.ts'

type Issue = z.core.$ZodIssue

const missing = 'this field is missing'

/** The error map for `safeParse`. Returns a message for every issue code. */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined && issue.code !== 'custom') return missing
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'never') return 'this field is not allowed here'
      return `must be ${named(issue.expected)}, not ${kindOf(issue.input)}`
    case 'invalid_value':
      return 'not one of the allowed values'
    case 'too_small':
    case 'too_big':
      return `must ${verbOf(issue)} ${boundOf(issue)}${unitOf(issue)}`
    case 'invalid_format':
      return formatOf(issue)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return 'no such field'
    case 'invalid_union':
      return issue.inclusive === false ? 'fits more than one of the allowed forms' : 'fits none of the allowed forms'
    case 'invalid_key':
      return 'this name is not allowed'
    case 'invalid_element':
      return 'this entry is not allowed'
    default:
      return 'this value is not allowed'
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  tuple: 'an array',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

function named(type: string): string {
  return typeNames[type] ?? `of type ${type}`
}

/** The JSON type of a value, and never the value. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a number with a fraction'
  if (typeof value === 'boolean') return `${value}`
  return named(typeof value)
}

const formatNames: Readonly<Record<string, string>> = {
  uuid: 'a UUID',
  datetime: 'an RFC 3339 time such as 2026-01-31T12:00:00Z',
  date: 'a date such as 2026-01-31',
  duration: 'an ISO 8601 duration such as P1Y',
  url: 'a URL',
  email: 'an e-mail address',
  base64: 'base64',
  base64url: 'base64url',
  hex: 'hexadecimal',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  jwt: 'a JWT',
  lowercase: 'in lower case',
  uppercase: 'in upper case',
}

function formatOf(issue: { readonly format: string; readonly pattern?: unknown } & Readonly<Record<string, unknown>>) {
  const { format } = issue
  if (format === 'starts_with') return `must begin with ${JSON.stringify(issue.prefix)}`
  if (format === 'ends_with') return `must end with ${JSON.stringify(issue.suffix)}`
  if (format === 'includes') return `must contain ${JSON.stringify(issue.includes)}`
  const name = formatNames[format]
  if (name !== undefined) return `must be ${name}`
  return typeof issue.pattern === 'string' ? `must match the pattern ${issue.pattern}` : `must be a valid ${format}`
}

interface Bounded {
  readonly exact?: boolean
  readonly inclusive?: boolean
  readonly minimum?: number | bigint
  readonly maximum?: number | bigint
}

function boundOf({ exact, inclusive, minimum, maximum }: Bounded): string {
  if (exact) return `exactly ${minimum ?? maximum}`
  if (minimum !== undefined) return `${inclusive === false ? 'more than' : 'at least'} ${minimum}`
  return `${inclusive === false ? 'less than' : 'at most'} ${maximum}`
}

const verbOf = ({ origin }: { origin: string }) => (/^(array|string|set|map)$/.test(origin) ? 'have' : 'be')

function unitOf({ origin, minimum, maximum }: { origin: string; minimum?: unknown; maximum?: unknown }): string {
  const unit = origin === 'array' ? ' item' : origin === 'string' ? ' character' : undefined
  if (unit === undefined) return ''
  return Number(minimum ?? maximum) === 1 ? unit : `${unit}s`
}

/** The first issue as `invalid-request`. `given` is the value that was parsed. */
export function requestError(issues: readonly Issue[], given: unknown): LedgerError {
  const [issue] = issues
  if (issue === undefined) return new LedgerError('invalid-request', 'the request does not fit its schema')
  const inner = innerIssues(issue)
  if (inner !== undefined && inner.length > 0) {
    const nested = inner.map((each) => ({ ...each, path: [...issue.path, ...each.path] }))
    if (issue.code !== 'invalid_key') return requestError(nested, given)
    // The inner issue is about the name, and not about what stands under it.
    return invalid(`${issue.message}: ${inner[0]?.message}`, {
      field: pointer(issue.path),
      allowed: allowedBy(inner[0]),
    })
  }
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, ...issue.keys.slice(0, 1)]
    return invalid('no such field', { field: pointer(path), given: issue.keys[0]?.slice(0, 40) })
  }
  return invalid(detailOf(issue, issues, given), {
    field: pointer(issue.path),
    given: valueAt(given, issue.path),
    allowed: allowedBy(issue),
  })
}

function invalid(detail: string, facts: LedgerError['facts']): LedgerError {
  return new LedgerError('invalid-request', detail, facts)
}

function innerIssues(issue: Issue): readonly Issue[] | undefined {
  if (issue.code === 'invalid_union') return closestBranch(issue.errors)
  return issue.code === 'invalid_key' || issue.code === 'invalid_element' ? issue.issues : undefined
}

/** Says of a missing field that it is missing, and names an unknown field beside it, which is probably the misspelt one. */
function detailOf(issue: Issue, issues: readonly Issue[], given: unknown): string {
  const isAboutValue = issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union'
  if (!isAboutValue || atPath(given, issue.path) !== undefined) return issue.message
  if (issue.path.length === 0) return 'a JSON body is needed'
  const parent = pointer(issue.path.slice(0, -1))
  const [unknown] = issues.flatMap((other) =>
    other.code === 'unrecognized_keys' && pointer(other.path) === parent ? other.keys : [],
  )
  const beside = unknown === undefined ? '' : `; there is no field "${unknown.slice(0, 40)}"`
  const own = issue.code === 'invalid_union' || issue.message === missing ? '' : `: ${issue.message}`
  return `${missing}${own}${beside}`
}

/** The branch of a union that the sender most likely meant: without unknown fields of its own, then with the fewest issues. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const hasUnknownFields = (issues: readonly Issue[]) =>
    issues.some((i) => i.code === 'unrecognized_keys' && i.path.length === 0)
  return branches.toSorted(
    (a, b) => Number(hasUnknownFields(a)) - Number(hasUnknownFields(b)) || a.length - b.length,
  )[0]
}

function allowedBy(issue: Issue | undefined): unknown {
  switch (issue?.code) {
    case 'invalid_value':
      return issue.values
    case 'too_big':
    case 'too_small':
      return boundOf(issue)
    case 'invalid_type':
      return issue.expected
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_union':
      return 'options' in issue ? issue.options : undefined
    case 'custom':
      return issue.params?.allowed
    default:
      return undefined
  }
}

/** RFC 6901. Long names are cut. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 60)}`).join('')
}

const secretMembers: ReadonlySet<PropertyKey> = new Set([
  'subject',
  'subjects',
  'deviceSecret',
  'externalId',
  'subjectId',
  'noticeToken',
])

/** The value, if it is a scalar and stands where no credential and no identifier of a person can be. */
function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  const at = atPath(value, path)
  const isSecret = path.some((part) => secretMembers.has(part))
  return isSecret || (typeof at === 'object' && at !== null) ? undefined : at
}

function atPath(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value
  for (const part of path)
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined
  return at
}
