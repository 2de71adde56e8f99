/** Serves a local ledger behind the gateway: for `npm start`, and for tests and the bench in their own process. */
import { administrationEndpoints } from '../../functions/endpoints/administration.ts'
import { auditEndpoints } from '../../functions/endpoints/audit.ts'
import { erasureEndpoints } from '../../functions/endpoints/erasures.ts'
import { eventEndpoints } from '../../functions/endpoints/events.ts'
import { logEndpoints } from '../../functions/endpoints/log.ts'
import { noticeEndpoints } from '../../functions/endpoints/notices.ts'
import { pageEndpoints } from '../../functions/endpoints/pages.ts'
import { policyEndpoints } from '../../functions/endpoints/policies.ts'
import { receiptEndpoints } from '../../functions/endpoints/receipts.ts'
import { serviceEndpoints } from '../../functions/endpoints/service.ts'
import { systemWaiting } from '../../functions/endpoints/waiting.ts'
import { createHandler, type Endpoints } from '../../functions/http/app.ts'
import { maySendLargeBody } from '../../functions/http/large-bodies.ts'
import type { Instance, RateLimits } from '../../functions/instance.ts'
import { protocolEndpoints } from '../../functions/protocol-endpoints.ts'
import { servedRoutes } from '../../functions/served-routes.ts'
import type { LogLine } from '../../functions/telemetry.ts'
import type { HandlerName } from '../../shared/api/routes.ts'
import type { Eraser } from '../../shared/ledger/ledger.ts'
import { startGateway } from './gateway/gateway.ts'
import type { Gateway, GatewayFault } from './gateway/options.ts'
import { refusalLines } from './gateway/refusal-lines.ts'

export interface ServeOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly log?: (fault: GatewayFault) => void
  /** Rate limits of callers without a token; absent: no limits. */
  readonly rateLimits?: RateLimits
  /** Origins that sites allow beyond their own. */
  readonly allowsOrigin?: Instance['allowsOrigin']
  /** Called once a minute for each kind of refusal, and when the gateway closes. */
  readonly onRefusals?: (line: LogLine) => void
  /** Addresses of the operator's proxies, whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies?: readonly string[]
}

export async function serve(ledger: Instance & { readonly eraser: Eraser }, options: ServeOptions): Promise<Gateway> {
  const { rateLimits, allowsOrigin, onRefusals = () => {}, ...forGateway } = options
  const refusals = refusalLines(onRefusals)
  const instance: Instance = {
    waiting: systemWaiting,
    ...ledger,
    telemetry: refusals.counting(ledger.telemetry),
    ...(rateLimits && { rateLimits }),
    ...(allowsOrigin && { allowsOrigin }),
  }
  const endpoints: Endpoints<HandlerName> = {
    ...eventEndpoints,
    ...receiptEndpoints,
    ...noticeEndpoints,
    ...policyEndpoints(instance.ledger.objects),
    ...logEndpoints,
    ...auditEndpoints,
    ...administrationEndpoints,
    ...erasureEndpoints(ledger.eraser),
    ...pageEndpoints(),
    ...serviceEndpoints,
    ...protocolEndpoints,
  }
  const handler = createHandler(endpoints, instance)
  const gateway = await startGateway({
    routes: servedRoutes,
    handlers: { ingest: handler, read: handler, log: handler, audit: handler, administer: handler, erase: handler },
    maySendLargeBody: (event) => maySendLargeBody(instance, event),
    onRefusal: refusals.ofGateway,
    ...forGateway,
  })
  return {
    ...gateway,
    async close() {
      await gateway.close()
      refusals.close()
    },
  }
}
