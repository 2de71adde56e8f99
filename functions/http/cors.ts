/**
 * Which web pages may read an answer (Fetch Standard, "CORS protocol"). CORS is answered here and not by API Gateway, because the origins
 * differ by site. The origin is echoed, never `*`.
 *
 *   a public route     a page of any origin: the answer is the same for everybody
 *   a site's route     a page of an origin that the site allows (`siteOf`), because the answer may hold what a person decided
 *   a refusal          a page of any origin, when its code is in `readableByAnyPage`. Otherwise the browser would report a network error,
 *                      and the page could not tell a wrong key from an unreachable ledger
 *   a token's route    no page: it has no preflight
 */
import type middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import type { Route } from '../../shared/api/routes.ts'
import { type ErrorCode, LedgerError } from '../../shared/errors.ts'
import { protocolOf } from '../protocols.ts'
import type { Answer, Call } from './call.ts'

/**
 * Refusals that contain only what the caller sent and what is public. The others reveal something about a person, an event or the holder
 * of a token, and are sent after the origin was checked.
 */
const readableByAnyPage: ReadonlySet<ErrorCode> = new Set([
  'origin-not-allowed',
  'unauthenticated',
  'token-expired',
  'malformed-json',
  'body-too-large',
  'unsupported-media-type',
  'rate-limited',
  'unavailable',
  'internal',
])

/** The request's origin on a public route, where it may read every answer; otherwise `undefined`. */
export function originForAll(route: Route, event: APIGatewayProxyEventV2): string | undefined {
  return route.access === 'public' ? event.headers.origin : undefined
}

const preflightHeaders = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'content-type, authorization, x-device-secret',
}

/**
 * Allows every preflight, whatever its origin and key, because a page cannot read why a preflight was refused. The request that follows
 * checks both, and stores nothing when it is refused.
 */
export function preflightAnswer(event: APIGatewayProxyEventV2): Answer {
  return {
    statusCode: 204,
    body: undefined,
    headers: {
      ...(protocolOf(event.rawPath)?.preflightHeaders ?? preflightHeaders),
      'access-control-max-age': '600',
    },
  }
}

type CallInContext = Context & { call?: Call }

export function crossOrigin(): middy.MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Error,
  CallInContext
> {
  return {
    after: ({ context, event, response }) => allowOrigin(event, response, context.call?.allowedOrigin),
    onError: ({ context, event, response, error }) =>
      allowOrigin(
        event,
        response,
        context.call?.allowedOrigin ?? (isForAnyPage(error) ? event.headers.origin : undefined),
      ),
  }
}

function isForAnyPage(error: Error | null | undefined): boolean {
  return readableByAnyPage.has(error instanceof LedgerError ? error.code : 'internal')
}

function allowOrigin(
  event: APIGatewayProxyEventV2,
  response: APIGatewayProxyStructuredResultV2 | null | undefined,
  origin: string | undefined,
): void {
  if (!response) return
  // Also without an origin, because a cache may later give this answer to a browser.
  const { vary, ...headers } = response.headers ?? {}
  response.headers = { ...headers, vary: `${vary === undefined ? '' : `${vary}, `}origin, accept-encoding` }
  if (origin === undefined) return
  response.headers['access-control-allow-origin'] = origin
  if (response.headers['retry-after'] !== undefined) response.headers['access-control-expose-headers'] = 'retry-after'
  Object.assign(response.headers, protocolOf(event.rawPath)?.corsHeaders)
}
