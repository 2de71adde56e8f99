/** The gateway's own answer to a readable request, in API Gateway's form: the status in words, without the cause. */
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Answer } from './payload.ts'

export function plainAnswer(statusCode: number, request: IncomingMessage): Answer {
  const message = statusCode === 413 ? 'Request Entity Too Large' : STATUS_CODES[statusCode]
  const retry = statusCode === 503 ? ['retry-after', '1'] : []
  const headers = [
    'content-type',
    'application/json',
    'x-content-type-options',
    'nosniff',
    ...retry,
    ...corsHeadersFor(request),
  ]
  return { statusCode, headers, body: JSON.stringify({ message }) }
}

/**
 * CORS headers of the gateway's own answers, as alternating names and values. A page of any origin may read these answers, which contain
 * only the status, so that it can tell a refusal from an unreachable ledger.
 */
export function corsHeadersFor(request: IncomingMessage | undefined): string[] {
  const origin = request?.headers.origin
  return ['vary', 'origin', ...(origin === undefined ? [] : ['access-control-allow-origin', origin])]
}
