/** Serves a local ledger behind the gateway: for `npm start`, and for tests and the bench in their own process. */
import { administrationEndpoints } from '../../functions/endpoints/administration.ts'
import { askedErasureEndpoints } from '../../functions/endpoints/asked-erasures.ts'
import { auditEndpoints } from '../../functions/endpoints/audit.ts'
import { confirmationEndpoints } from '../../functions/endpoints/confirmations.ts'
import { dispositionEndpoints } from '../../functions/endpoints/dispositions.ts'
import { endpointEndpoints } from '../../functions/endpoints/endpoints.ts'
import { erasureEndpoints } from '../../functions/endpoints/erasures.ts'
import { eventEndpoints } from '../../functions/endpoints/events.ts'
import { exportEndpoints } from '../../functions/endpoints/exports.ts'
import { frontEndpoints } from '../../functions/endpoints/front.ts'
import { grantEndpoints } from '../../functions/endpoints/grants.ts'
import { holdEndpoints } from '../../functions/endpoints/holds.ts'
import { hostedPreferencesEndpoints } from '../../functions/endpoints/hosted-preferences.ts'
import { importEndpoints } from '../../functions/endpoints/imports.ts'
import { linkEndpoints } from '../../functions/endpoints/links.ts'
import { logEndpoints } from '../../functions/endpoints/log.ts'
import { mandateEndpoints } from '../../functions/endpoints/mandates.ts'
import { noticeEndpoints } from '../../functions/endpoints/notices.ts'
import { askErasureEndpoints, ownErasureEndpoints } from '../../functions/endpoints/own-erasures.ts'
import { ownHistoryEndpoints } from '../../functions/endpoints/own-history.ts'
import { pageEndpoints } from '../../functions/endpoints/pages.ts'
import { policyEndpoints } from '../../functions/endpoints/policies.ts'
import { publicPageEndpoints } from '../../functions/endpoints/public-pages.ts'
import { readEndpoints } from '../../functions/endpoints/reads.ts'
import { receiptEndpoints } from '../../functions/endpoints/receipts.ts'
import { referenceEndpoints } from '../../functions/endpoints/reference.ts'
import { serviceEndpoints } from '../../functions/endpoints/service.ts'
import { statisticsEndpoints } from '../../functions/endpoints/statistics.ts'
import { unsubscribeEndpoints } from '../../functions/endpoints/unsubscribe-links.ts'
import { systemWaiting } from '../../functions/endpoints/waiting.ts'
import { createHandler, type Endpoints } from '../../functions/http/app.ts'
import type { Call } from '../../functions/http/call.ts'
import { maySendLargeBody } from '../../functions/http/large-bodies.ts'
import type { Instance, RateLimits } from '../../functions/instance.ts'
import { protocolEndpoints } from '../../functions/protocol-endpoints.ts'
import { servedRoutes } from '../../functions/served-routes.ts'
import type { LogLine } from '../../functions/telemetry.ts'
import type { HandlerName } from '../../shared/api/routes.ts'
import type { ConsoleConfig } from '../../shared/api/schemas/console-config.ts'
import type { Eraser } from '../../shared/ledger/ledger.ts'
import type { LetterOutbox } from '../../shared/ledger/letters/letter-outbox.ts'
import type { DevelopmentIssuer } from './development-issuer.ts'
import type { LocalTransfers } from './files/local-transfers.ts'
import { startGateway } from './gateway/gateway.ts'
import { handlersFor } from './gateway/handlers.ts'
import type { Gateway, GatewayFault } from './gateway/options.ts'
import { refusalLines } from './gateway/refusal-lines.ts'
import { openSignIn } from './sign-in/sign-in.ts'
import type { TransferRunner } from './transfer-runner.ts'

export interface ServeOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly log?: (fault: GatewayFault) => void
  /** Rate limits of callers without a token; absent: no limits. */
  readonly rateLimits?: RateLimits
  /** Origins that sites allow beyond their own. */
  readonly allowsOrigin?: Instance['allowsOrigin']
  /** Whether endpoints may have `http:` addresses of this machine. */
  readonly deliversToLoopback?: boolean
  /** Called once a minute for each kind of refusal, and when the gateway closes. */
  readonly onRefusals?: (line: LogLine) => void
  /** Address of the ledger for people, in links of letters; absent: the gateway's own. */
  readonly publicUrl?: string
  /** Where people sign in to the console. @default at the development issuer, where it is on */
  readonly consoleConfig?: ConsoleConfig
  /** Whether people on this machine can sign in to the console at the development issuer, which asks for no password. */
  readonly developmentSignIn?: boolean
  /** Addresses of the operator's proxies, whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies?: readonly string[]
}

/** A ledger with what only some endpoints are given: erasure, the outbox of letters, and who signs the tokens of this machine. */
interface Served extends Instance {
  readonly issuer?: DevelopmentIssuer
  readonly eraser: Eraser
  readonly letterOutbox?: LetterOutbox
  readonly transfers: LocalTransfers
  readonly imports: TransferRunner
  readonly exports: TransferRunner
}

export async function serve(ledger: Served, options: ServeOptions): Promise<Gateway> {
  const {
    rateLimits,
    allowsOrigin,
    deliversToLoopback = false,
    onRefusals = () => {},
    publicUrl,
    consoleConfig,
    ...rest
  } = options
  const { developmentSignIn, ...forGateway } = rest
  const refusals = refusalLines(onRefusals)
  const instance: Instance = {
    waiting: systemWaiting,
    ...ledger,
    telemetry: refusals.counting(ledger.telemetry),
    ...(rateLimits && { rateLimits }),
    ...(allowsOrigin && { allowsOrigin }),
    deliversToLoopback,
  }
  const signIn = developmentSignIn && ledger.issuer ? openSignIn(instance.ledger, ledger.issuer) : undefined
  const publicAddress = () => publicUrl ?? gateway.url
  const configOf = async ({ event }: Call) => consoleConfig ?? (await signIn?.config(event)) ?? { controllers: [] }
  const endpoints: Endpoints<HandlerName> = {
    ...eventEndpoints,
    ...receiptEndpoints,
    ...mandateEndpoints,
    ...noticeEndpoints,
    ...readEndpoints,
    ...statisticsEndpoints,
    ...ownHistoryEndpoints,
    ...ownErasureEndpoints,
    ...askErasureEndpoints,
    ...askedErasureEndpoints(ledger.eraser),
    ...policyEndpoints(instance.ledger),
    ...publicPageEndpoints(instance.ledger),
    ...logEndpoints,
    ...auditEndpoints,
    ...administrationEndpoints,
    ...dispositionEndpoints,
    ...grantEndpoints,
    ...endpointEndpoints,
    ...erasureEndpoints(ledger.eraser),
    ...holdEndpoints(ledger.eraser),
    ...unsubscribeEndpoints(publicAddress),
    ...confirmationEndpoints(publicAddress, ledger.letterOutbox),
    ...linkEndpoints,
    ...importEndpoints(ledger.transfers.files, ledger.imports.wake),
    ...exportEndpoints(ledger.transfers.files, ledger.exports.wake),
    ...serviceEndpoints,
    ...pageEndpoints(configOf),
    ...frontEndpoints(async (call) => (await configOf(call)).controllers),
    ...referenceEndpoints(),
    ...hostedPreferencesEndpoints,
    ...protocolEndpoints,
  }
  const handler = createHandler(endpoints, instance)
  const gateway = await startGateway({
    routes: [...servedRoutes, ...(signIn?.routes ?? [])],
    handlers: handlersFor(() => (event, context) => signIn?.answer(event) ?? handler(event, context)),
    maySendLargeBody: (event) => maySendLargeBody(instance, event),
    onRefusal: refusals.ofGateway,
    streamed: ledger.transfers.streamed,
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
