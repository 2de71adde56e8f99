/** What the endpoints of a ledger are given: the ledger itself, and what its deployment decides. */
import type { IdentityProvider, Site } from '../shared/consent/controller.ts'
import type { Ledger } from '../shared/ledger/ledger.ts'
import type { Waiting } from './endpoints/waiting.ts'
import type { Telemetry } from './telemetry.ts'

/** Dependencies of the endpoints. Each Lambda function makes its own in `lambda/wiring.ts`; `npm start` makes one for all of them. */
export interface Instance {
  readonly ledger: Ledger
  /** Identity provider whose tokens with scope `ledger.admin` may create controllers. */
  readonly administrators: IdentityProvider
  /** The keys that verify a controller's log, as a C2SP tlog-policy (https://c2sp.org/tlog-policy). */
  readonly logPolicy: (controller: string) => Promise<string>
  readonly telemetry: Telemetry
  /** Absent where a service in front limits the rates, as on AWS. */
  readonly rateLimits?: RateLimits
  /** Whether a site allows an origin beyond its own. Present only on a developer's machine, for the demo's sites. */
  readonly allowsOrigin?: (site: Site, origin: string) => boolean
  /** All requests come through CloudFront, which names the client in `x-viewer-address`. Otherwise the peer is the client. */
  readonly isBehindEdge?: boolean
  /** Present where a proof may wait for the log: on one machine. Tests set a clock of their own. */
  readonly waiting?: Waiting
}

/** What requests are counted by. */
export type Limited = 'address' | 'site' | 'subject'

export interface RateLimits {
  /** Counts one request for a name. Throws `rate-limited` with the seconds to wait, and then counts nothing. */
  admit(by: Limited, name: string): void
}
