/** Limits that the ledger's own stack sets: API Gateway's on calls of a route, and the one on entries of a controller. The web ACL's are in firewall.ts. */
import type { Access } from '../../shared/api/routes.ts'
import { requireWhole } from './whole-numbers.ts'

/** A limit, in whole numbers. Beyond it the answer is 429. */
export interface Throttle {
  /** A second, steady. */
  readonly rate: number
  /** At once: `rate` or more, or a steady caller would be refused because no two seconds are alike. */
  readonly burst: number
}

/** @throws Error that names the prop */
export function checkThrottle(prop: string, { rate, burst }: Throttle): void {
  requireWhole(`${prop}.rate`, rate, 1)
  requireWhole(`${prop}.burst`, burst, rate)
}

/**
 * What API Gateway lets through on one route, over all callers and controllers, by who may call it: `site` records events, `subject` reads
 * its own, `public` needs no credential, `ledger` creates controllers and changes their identity providers. All routes together have only
 * AWS's own quota, 10,000 requests a second for an account in a region. Each throttle is above what the web ACL leaves one address or site
 * key, so that one alone cannot spend it.
 */
export const defaultThrottles: Readonly<Record<Access, Throttle>> = {
  site: { rate: 2000, burst: 4000 },
  subject: { rate: 400, burst: 800 },
  public: { rate: 400, burst: 800 },
  audit: { rate: 100, burst: 200 },
  check: { rate: 100, burst: 200 },
  statistics: { rate: 50, burst: 100 },
  export: { rate: 50, burst: 100 },
  administration: { rate: 50, burst: 100 },
  erasure: { rate: 50, burst: 100 },
  hold: { rate: 50, burst: 100 },
  operator: { rate: 50, burst: 100 },
  mandate: { rate: 50, burst: 100 },
  import: { rate: 50, burst: 100 },
  ledger: { rate: 50, burst: 100 },
}

/** Above one log's growth at a thousand events a second, and a seventh of what eight logs reached together on the model (../scale.md). */
export const defaultControllerLimit: Throttle = { rate: 1000, burst: 100_000 }
