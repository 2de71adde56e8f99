/**
 * Turns an error into an RFC 9457 problem document with a stable code, which alone determines status and title. Only a `LedgerError` passes
 * its message on; any other error becomes `internal` without details. Never throws.
 */
import { type ErrorCode, LedgerError } from '../../shared/errors.ts'

export interface ProblemResponse {
  readonly statusCode: number
  readonly headers: Record<string, string>
  /** JSON. */
  readonly body: string
}

export const problemMediaType = 'application/problem+json'

/** Greatest length, in characters of JSON, of a repeated `given`. */
const maxGiven = 200

export const problemStatuses = {
  'malformed-json': 400,
  'invalid-request': 400,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'rate-limited': 429,
  unauthenticated: 401,
  'token-expired': 401,
  forbidden: 403,
  'grant-needed': 403,
  'origin-not-allowed': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'unknown-purpose': 400,
  'unknown-policy': 400,
  'verb-not-allowed': 403,
  'leaf-too-large': 400,
  'event-conflict': 409,
  'event-unreadable': 409,
  'keys-unreadable': 500,
  'already-exists': 409,
  'version-conflict': 409,
  'undeclared-change': 400,
  'invalid-policy': 400,
  'too-late-to-retract': 409,
  'limit-reached': 409,
  'log-forked': 500,
  'log-damaged': 500,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorCode, number>

const problemTitles: Readonly<Record<ErrorCode, string>> = {
  'malformed-json': 'The body is not acceptable JSON',
  'invalid-request': 'The request does not fit its schema',
  'body-too-large': 'The body is too large',
  'unsupported-media-type': 'The media type is not accepted here',
  'rate-limited': 'Too many requests',
  unauthenticated: 'No valid credential',
  'token-expired': 'The token has expired',
  forbidden: 'The credential does not allow this',
  'grant-needed': 'No standing grant permits this',
  'origin-not-allowed': 'The site does not allow this origin',
  'not-found': 'There is nothing here',
  'method-not-allowed': 'The path has no such method',
  'unknown-purpose': 'The controller never declared this purpose',
  'unknown-policy': 'The controller has no such policy',
  'verb-not-allowed': 'This caller cannot decide this',
  'leaf-too-large': 'The event is too large for the log',
  'event-conflict': 'Another event has this eventId',
  'event-unreadable': 'The stored event cannot be read',
  'keys-unreadable': 'The keys of the subject cannot be read',
  'already-exists': 'This exists already',
  'version-conflict': 'Another version has this name or this instant',
  'undeclared-change': 'The purposes changed undeclared',
  'invalid-policy': 'The policy is not consistent',
  'too-late-to-retract': 'It is too late to retract this',
  'limit-reached': 'There are as many as there may be',
  'log-forked': 'The log contradicts what was published earlier',
  'log-damaged': 'The stored data does not match the log',
  unavailable: 'The ledger cannot answer right now',
  internal: 'The ledger failed',
}

/** Additional headers by code. RFC 9110, section 15.5.2, requires a challenge with each 401; RFC 6750 defines its form. */
const extraHeaders: Readonly<Partial<Record<ErrorCode, Readonly<Record<string, string>>>>> = {
  unauthenticated: { 'www-authenticate': 'Bearer' },
  'token-expired': { 'www-authenticate': 'Bearer error="invalid_token", error_description="The token has expired"' },
  'rate-limited': { 'retry-after': '1' },
  unavailable: { 'retry-after': '1' },
}

/**
 * @param instance URI reference of this occurrence, e.g. a URN of the request's id
 * @param titles the Swedish ones (`problem-titles-sv.ts`) for a caller that asks for Swedish
 */
export function problemOf(error: unknown, instance?: string, titles = problemTitles): ProblemResponse {
  const known = error instanceof LedgerError ? error : undefined
  const code = known?.code ?? 'internal'
  const status = problemStatuses[code]
  const core = {
    type: `urn:consent-ledger:problem:${code}`,
    title: titles[code],
    status,
    ...(known === undefined ? {} : { detail: known.message }),
    instance,
    code,
  }
  return {
    statusCode: status,
    headers: {
      'content-type': problemMediaType,
      'cache-control': 'no-store',
      ...extraHeaders[code],
      ...(known?.facts.retryAfterSeconds !== undefined && { 'retry-after': String(known.facts.retryAfterSeconds) }),
      ...allowOf(known),
      ...(titles !== problemTitles && { 'content-language': 'sv' }),
    },
    body: (known && toJson({ ...known.facts.members, ...core, ...factsOf(known, status) })) ?? JSON.stringify(core),
  }
}

/** RFC 9110, section 15.5.6: a 405 names the methods that the path answers. */
function allowOf(error: LedgerError | undefined): Record<string, string> {
  if (error?.code !== 'method-not-allowed' || !Array.isArray(error.facts.allowed)) return {}
  return { allow: error.facts.allowed.join(', ') }
}

function factsOf(error: LedgerError, status: number): Record<string, unknown> {
  const { field, given, allowed } = error.facts
  return {
    field,
    given: status < 500 ? shortened(given) : undefined,
    allowed,
  }
}

/** The value itself if its JSON is short, else the beginning of its JSON as a string. */
function shortened(given: unknown): unknown {
  const json = toJson(given)
  if (json === undefined || json.length <= maxGiven) return json === undefined ? undefined : given
  return `${json.slice(0, maxGiven - 1).toWellFormed()}…`
}

/** Undefined for what JSON cannot hold: cycles, big integers, functions. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
