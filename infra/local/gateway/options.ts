/** What the gateway is given, what it reports, and its limits. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda'
import type { HandlerName, Route } from '../../../shared/api/routes.ts'
import type { Clock } from '../../../shared/ledger/store.ts'
import type { ConnectionLimits } from './connection-limits.ts'
import type { MalformedStatus } from './malformed-requests.ts'

export type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyResultV2>

/** The cause of an answer 500 or 503, for the operator's log only. */
export interface GatewayFault {
  readonly requestId: string
  readonly routeKey: string
  /** `not-admitted`: the check whether the caller may send a large body failed. */
  readonly fault: 'failed' | 'timed-out' | 'not-admitted'
  readonly error?: unknown
}

/** The status of a refusal by the gateway itself, or a connection over the limits. */
export type GatewayRefusal = 404 | 503 | MalformedStatus | 'connection'

export interface GatewayLimits extends ConnectionLimits {
  /** Greatest length of any body; routes have lower limits. */
  readonly bodyBytes: number
  /** Memory that all bodies together may take beyond the first 64 KiB of each. */
  readonly largeBodiesBytes: number
  readonly handlerMs: number
  /** How long `close` waits for requests in flight. */
  readonly drainMs: number
}

export interface GatewayOptions {
  /** Routes, preflights and the fallback. */
  readonly routes: readonly Route[]
  readonly handlers: Readonly<Record<HandlerName, Handler>>
  /**
   * Whether the caller may send a body of more than 64 KiB; gets the event without the body. If false, the body is left unread and the
   * handler refuses the credential. Absent: every caller may.
   */
  readonly maySendLargeBody?: (event: APIGatewayProxyEventV2) => Promise<boolean>
  /** Takes requests whose bodies are not read into memory, before the routes. */
  readonly streamed?: {
    takes(path: string): boolean
    serve(request: IncomingMessage, response: ServerResponse, isAwaited: boolean): Promise<void>
  }
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly log?: (fault: GatewayFault) => void
  /** Called for each refusal by the gateway itself. */
  readonly onRefusal?: (kind: GatewayRefusal) => void
  /** Addresses of proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies?: readonly string[]
  readonly limits?: Partial<GatewayLimits>
  readonly clock?: Clock
  readonly uuid?: () => string
}

export interface Gateway {
  readonly url: string
  readonly port: number
  /** Stops accepting, lets requests in flight finish for a while, then cuts every connection. */
  close(): Promise<void>
}

const mib = 1024 * 1024
export const defaultLimits: GatewayLimits = {
  bodyBytes: 10 * mib,
  largeBodiesBytes: 32 * mib,
  connections: 1024,
  connectionsOfAddress: 256,
  handlerMs: 30_000,
  drainMs: 5_000,
}
