/**
 * Classifies DynamoDB's errors: the key exists, the failure is transient, or the request is at fault. An error of a whole call has a name
 * (`ThrottlingException`); an error of one statement in a batch has a shorter code (`ThrottlingError`). DynamoDB Local uses the statement's
 * code for a whole call's duplicate as well.
 */

const duplicates: ReadonlySet<string> = new Set(['DuplicateItem', 'DuplicateItemException'])

const passing: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ThrottlingError',
  'Throttling',
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'InternalServerError',
  'InternalServerErrorException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TransactionConflict',
  'TransactionConflictException',
  'TimeoutError',
])

/** Node's codes for a connection that could not be made or broke: the request may or may not have been carried out. */
const network: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
])

export function isDuplicate(code: string): boolean {
  return duplicates.has(code)
}

export function isTransientCode(code: string): boolean {
  return passing.has(code)
}

export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { status, clockSkewCorrected } = answerOf(error)
  return (
    passing.has(error.name) ||
    status === 429 ||
    (status !== undefined && status >= 500) ||
    clockSkewCorrected ||
    ('code' in error && typeof error.code === 'string' && network.has(error.code))
  )
}

interface Answer {
  readonly status: number | undefined
  /** The SDK took the service's time from this error and signs the next attempt with it. */
  readonly clockSkewCorrected: boolean
}

function answerOf(error: Error): Answer {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined
  if (typeof metadata !== 'object' || metadata === null) return { status: undefined, clockSkewCorrected: false }
  return {
    status:
      'httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined,
    clockSkewCorrected: 'clockSkewCorrected' in metadata && metadata.clockSkewCorrected === true,
  }
}
