/** A local ledger behind the gateway: what `npm start` runs, and what tests and the bench start in their own process. */
import { handler as administer } from '../../functions/administer.ts'
import { handler as audit } from '../../functions/audit.ts'
import { handler as erase } from '../../functions/erase.ts'
import { handler as ingest } from '../../functions/ingest.ts'
import { type Instance, provideEraser, provideInstance } from '../../functions/instance.ts'
import { handler as log } from '../../functions/log.ts'
import { handler as read } from '../../functions/read.ts'
import { fallback, preflights, routes } from '../../functions/routes.ts'
import type { Eraser } from '../../shared/ledger/ledger.ts'
import { type Gateway, type GatewayFault, startGateway } from './gateway.ts'

export interface ServeOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly log?: (fault: GatewayFault) => void
}

/** One instance a process: the handlers are modules, as on Lambda. */
export async function serve(instance: Instance & { readonly eraser: Eraser }, options: ServeOptions): Promise<Gateway> {
  provideInstance(instance)
  provideEraser(instance.eraser)
  return startGateway({
    routes: [...routes, ...preflights, fallback],
    handlers: { ingest, read, log, audit, administer, erase },
    ...options,
  })
}
