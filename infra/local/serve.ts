/** A local ledger behind the gateway: what `npm start` runs, and what tests and the bench start in their own process. */
import { administrationEndpoints } from '../../functions/endpoints/administration.ts'
import { auditEndpoints } from '../../functions/endpoints/audit.ts'
import { erasureEndpoints } from '../../functions/endpoints/erasures.ts'
import { eventEndpoints } from '../../functions/endpoints/events.ts'
import { logEndpoints } from '../../functions/endpoints/log.ts'
import { readEndpoints } from '../../functions/endpoints/policies.ts'
import { createHandler } from '../../functions/http/app.ts'
import { maySendLargeBody } from '../../functions/http/large-bodies.ts'
import type { RateLimits } from '../../functions/http/rate-limits.ts'
import type { Instance } from '../../functions/instance.ts'
import { servedRoutes } from '../../functions/routes.ts'
import type { LogLine } from '../../functions/telemetry.ts'
import type { Eraser } from '../../shared/ledger/ledger.ts'
import { type Gateway, type GatewayFault, startGateway } from './gateway/gateway.ts'
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
    ...ledger,
    telemetry: refusals.counting(ledger.telemetry),
    ...(rateLimits && { rateLimits }),
    ...(allowsOrigin && { allowsOrigin }),
  }
  const gateway = await startGateway({
    routes: servedRoutes,
    handlers: {
      ingest: createHandler(eventEndpoints, instance),
      read: createHandler(readEndpoints(instance.ledger), instance),
      log: createHandler(logEndpoints, instance),
      audit: createHandler(auditEndpoints, instance),
      administer: createHandler(administrationEndpoints, instance),
      erase: createHandler(erasureEndpoints(ledger.eraser), instance),
    },
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
