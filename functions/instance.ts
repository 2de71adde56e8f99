/**
 * The ledger that this instance serves. Whoever starts the instance provides it once, before the first request: the local
 * gateway with its embedded engines, a Lambda function's entry (`functions/lambda`) with the clients of its account. The function that
 * keeps the logs is another one, with a keeper instead: what signs a checkpoint is nowhere near a request.
 */
import type { IdentityProvider, Site } from '../shared/consent/controller.ts'
import type { AuditedLedger } from '../shared/ledger/audit/self-audit.ts'
import type { Eraser, Ledger, LogKeeper, Retainer } from '../shared/ledger/ledger.ts'
import type { Waiting } from './endpoints/waiting.ts'
import type { RateLimits } from './http/rate-limits.ts'
import type { Telemetry } from './telemetry.ts'

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

/** What the function that keeps the logs stands on. */
export interface Keeping {
  readonly keeper: LogKeeper
  /** Of every controller that there is; a few that there is not, as `claimedControllers` says. */
  readonly controllers: () => Promise<readonly string[]>
  /** Of the key that it certifies, and cannot use: 32 bytes. */
  readonly receiptPublicKey: Uint8Array
  readonly telemetry: Telemetry
  /** A log with a checkpoint younger than this waits for its next batch, or the sweep. 0: it never waits. */
  readonly publishEveryMs: number
}

let instance: Instance | undefined
let keeping: Keeping | undefined

export function provideInstance(provided: Instance): void {
  instance = provided
}

export function theInstance(): Instance {
  if (instance === undefined) throw new Error('no ledger was provided to this instance before its first request')
  return instance
}

export function provideKeeping(provided: Keeping): void {
  keeping = provided
}

export function theKeeping(): Keeping {
  if (keeping === undefined) throw new Error('no keeper was provided to this instance before its first event')
  return keeping
}

let providedEraser: Eraser | undefined

/** For the one function that may delete from the vault. */
export function provideEraser(eraser: Eraser): void {
  providedEraser = eraser
}

export function theEraser(): Eraser {
  if (providedEraser === undefined) throw new Error('no eraser was provided to this instance before its first request')
  return providedEraser
}

/** What destroys the keys whose retention has passed, and nothing that answers requests. */
export interface Retaining {
  readonly retainer: Retainer
  readonly telemetry: Telemetry
}

let retaining: Retaining | undefined

export function provideRetaining(provided: Retaining): void {
  retaining = provided
}

export function theRetaining(): Retaining {
  if (retaining === undefined) throw new Error('no retainer was provided to this instance before its first event')
  return retaining
}

/** What the self-audit reads: everything, and it writes nothing. */
export interface Audited {
  readonly ledger: AuditedLedger
  readonly telemetry: Telemetry
}

let audited: Audited | undefined

export function provideAudited(provided: Audited): void {
  audited = provided
}

export function theAudited(): Audited {
  if (audited === undefined) throw new Error('no ledger was provided to this instance before its first event')
  return audited
}
