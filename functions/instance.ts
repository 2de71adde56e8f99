/** What the endpoints of a ledger are given: the ledger itself, and what its deployment decides. */
import type { IdentityProvider, Site } from '../shared/consent/controller.ts'
import type { Ledger } from '../shared/ledger/ledger.ts'
import type { Waiting } from './endpoints/waiting.ts'
import type { RateLimits } from './http/rate-limits.ts'
import type { Telemetry } from './telemetry.ts'

/** Dependencies of the endpoints. Each Lambda function makes its own in `lambda/wiring.ts`; `npm start` makes one for all of them. */
export interface Instance {
  readonly ledger: Ledger
  /** Whose tokens with scope `ledger.admin` may create controllers. */
  readonly administrators: IdentityProvider
  /** What is needed to verify a controller's log, as a C2SP tlog-policy. */
  readonly logPolicy: (controller: string) => Promise<string>
  readonly telemetry: Telemetry
  /** Absent where a service in front limits the rates, as on AWS. */
  readonly rateLimits?: RateLimits
  /** Whether a site allows an origin beyond its own. Present only on a developer's machine, for the demo's sites. */
  readonly allowsOrigin?: (site: Site, origin: string) => boolean
  /** All requests come through an edge, which says from whom (`x-viewer-address`); else the peer is the caller. */
  readonly isBehindEdge?: boolean
  /** Clock and pause by which an answer waits for the log; the system's unless a test sets its own. */
  readonly waiting?: Waiting
}
