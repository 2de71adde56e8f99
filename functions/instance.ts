/** What the endpoints of a ledger are given: the ledger itself, and what its deployment decides. */
import type { IdentityProvider } from '../shared/consent/identity-provider.ts'
import type { Site } from '../shared/consent/site.ts'
import type { GrantReader } from '../shared/ledger/auditors/audit-grants.ts'
import type { ControllerSnapshot } from '../shared/ledger/controllers/controller-snapshots.ts'
import type { Ledger } from '../shared/ledger/ledger.ts'
import type { SubjectFinder } from '../shared/ledger/store.ts'
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
  /** Present in the function that answers auditors, which loads it with the first question: what is loaded at a start has a budget. */
  readonly grants?: () => Promise<GrantReader>
  /** Present in the function that answers who a message was about, and checks of people who are named by pseudonym. */
  readonly subjectFinder?: SubjectFinder
  /** Absent where a service in front limits the rates, as on AWS. */
  readonly rateLimits?: RateLimits
  /** Present in the function that records on AWS. Throws `rate-limited` for a controller whose log grew too fast. */
  readonly limitController?: (snapshot: ControllerSnapshot) => void
  /** Whether a site allows an origin beyond its own. Present only on a developer's machine, for the demo's sites. */
  readonly allowsOrigin?: (site: Site, origin: string) => boolean
  /** Messages go to loopback addresses too, and without TLS. For tests and development, on one machine. */
  readonly deliversToLoopback?: boolean
  /** All requests come through CloudFront, which names the client in `x-viewer-address`. Otherwise the peer is the client. */
  readonly isBehindEdge?: boolean
  /** Present where a proof may wait for the log: on one machine. Tests set a clock of their own. */
  readonly waiting?: Waiting
}

/** What requests are counted by. */
export type Limited = 'address' | 'site' | 'controller' | 'subject'

export interface RateLimits {
  /** Counts one request for a name. Throws `rate-limited` with the seconds to wait, and then counts nothing. */
  admit(by: Limited, name: string): void
}
