/** An answer of the gateway itself to a request that it can read, in API Gateway's form: the status in words, and nothing of the cause. */
import { STATUS_CODES } from 'node:http'
import type { Answer } from './payload.ts'

export function plainAnswer(statusCode: number): Answer {
  const message = statusCode === 413 ? 'Request Entity Too Large' : STATUS_CODES[statusCode]
  const retry = statusCode === 503 ? ['retry-after', '1'] : []
  const headers = ['content-type', 'application/json', 'x-content-type-options', 'nosniff', ...retry]
  return { statusCode, headers, body: JSON.stringify({ message }) }
}
