/**
 * How much callers without a token may ask: by the address that a request comes from, by site key, and by subject. An instance that
 * has limits gets asked before anything of a call is read, and once more when the subject is known. On AWS there are none here:
 * API Gateway's throttles bound each route, and WAF each address.
 */
import type { Identity } from '../../shared/consent/event.ts'
import { subscriberPrefix } from '../../shared/consent/ip-address.ts'
import type { Access } from '../routes.ts'
import { type Call, header } from './call.ts'
import { viewerAddress } from './transport.ts'

export type Limited = 'address' | 'site' | 'subject'

export interface RateLimits {
  /** Counts one request for a name. Throws `rate-limited` with the seconds to wait, and then counts nothing. */
  admit(by: Limited, name: string): void
}

const withoutToken: ReadonlySet<Access> = new Set(['public', 'site', 'subject'])

/** Where the site key of a call stands: a c15t client has it in the path, browsers in the query, servers in a header. */
export function siteKeyIn(call: Call): string | undefined {
  const { pathParameters, queryStringParameters } = call.event
  return pathParameters?.siteKey ?? queryStringParameters?.key ?? header(call, 'x-site-key')
}

/** Throws `rate-limited`, which pages of every origin may read: it says how long to wait, and nothing else. */
export function admitCall(call: Call): void {
  const { rateLimits } = call.instance
  if (rateLimits === undefined || !withoutToken.has(call.route.access)) return
  const key = siteKeyIn(call)
  try {
    rateLimits.admit('address', subscriberPrefix(viewerAddress(call)))
    if (key !== undefined) rateLimits.admit('site', key)
  } catch (error) {
    call.allowedOrigin = header(call, 'origin')
    throw error
  }
}

/** For a subject that proved itself, or whose device secret stands in an event. Throws `rate-limited`. */
export function admitSubject(call: Call, controller: string, { type, id }: Identity): void {
  call.instance.rateLimits?.admit('subject', JSON.stringify([controller, type, id]))
}
