/** A local ledger behind the gateway: what `npm start` runs, and what tests and the bench start in their own process. */
import { handler as administer } from '../../functions/endpoints/administration.ts'
import { handler as audit } from '../../functions/endpoints/audit.ts'
import { handler as erase } from '../../functions/endpoints/erasures.ts'
import { handler as ingest } from '../../functions/endpoints/events.ts'
import { handler as log } from '../../functions/endpoints/log.ts'
import { handler as read } from '../../functions/endpoints/policies.ts'
import { maySendLargeBody } from '../../functions/http/large-bodies.ts'
import { type Instance, provideEraser, provideInstance } from '../../functions/instance.ts'
import type { Line } from '../../functions/telemetry.ts'
import { servedRoutes } from '../../shared/api/routes.ts'
import type { Eraser } from '../../shared/ledger/ledger.ts'
import { type Gateway, type GatewayFault, startGateway } from './gateway.ts'
import { openRateLimits, type Rates } from './rate-limits.ts'
import { refusalLines } from './refusal-lines.ts'

export interface ServeOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly log?: (fault: GatewayFault) => void
  /** Rate limits of callers without a token; absent: no limits. */
  readonly rates?: Rates
  /** Origins that sites allow beyond their own. */
  readonly allowsOrigin?: Instance['allowsOrigin']
  /** Called once a minute for each kind of refusal, and when the gateway closes. */
  readonly onRefusals?: (line: Line) => void
  /** Addresses of the operator's proxies, whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies?: readonly string[]
}

/** One instance a process: the handlers are modules, as on Lambda. */
export async function serve(instance: Instance & { readonly eraser: Eraser }, options: ServeOptions): Promise<Gateway> {
  const { rates, allowsOrigin, onRefusals = () => {}, ...forGateway } = options
  const refusals = refusalLines(onRefusals)
  provideInstance({
    ...instance,
    telemetry: refusals.counting(instance.telemetry),
    ...(rates && { rateLimits: openRateLimits(rates) }),
    ...(allowsOrigin && { allowsOrigin }),
  })
  provideEraser(instance.eraser)
  const gateway = await startGateway({
    routes: servedRoutes,
    handlers: { ingest, read, log, audit, administer, erase },
    maySendLargeBody,
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
