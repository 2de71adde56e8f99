/**
 * Rate limits on callers without a token, by client address, by site key and by subject, and on whatever records for a controller. Address
 * and site key are checked before the body is read, the controller once the key was found to be one of its own, and the subject once it is
 * known. On AWS the instance counts controllers only (`controller-limit.ts`): API Gateway throttles each route, and WAF each address and key.
 */

import type { Access } from '../../shared/api/routes.ts'
import type { Identity } from '../../shared/consent/event.ts'
import { subscriberPrefix } from '../../shared/consent/ip-address.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { type Call, header } from './call.ts'
import { viewerAddress } from './transport.ts'

const withoutToken: ReadonlySet<Access> = new Set(['public', 'site', 'subject'])

/** The site key of a call: c15t clients send it in the path, browsers in the query, servers in a header. */
export function siteKeyIn(call: Call): string | undefined {
  const { pathParameters, queryStringParameters } = call.event
  return pathParameters?.siteKey ?? queryStringParameters?.key ?? header(call, 'x-site-key')
}

/**
 * Preflights are not counted: their answer costs nothing, and a page could not read why a preflight was refused.
 *
 * @throws LedgerError `rate-limited`
 */
export function admitCall(call: Call): void {
  const { rateLimits } = call.instance
  if (rateLimits === undefined || call.route.id === 'preflight' || !withoutToken.has(call.route.access)) return
  const key = siteKeyIn(call)
  rateLimits.admit('address', subscriberPrefix(viewerAddress(call)))
  if (key !== undefined) rateLimits.admit('site', key)
}

/** Call it before anything is recorded, once the call's site key is known to be the controller's. Throws `rate-limited`. */
export function admitController({ instance }: Call, snapshot: ControllerSnapshot): void {
  instance.rateLimits?.admit('controller', snapshot.controller.controller)
  instance.limitController?.(snapshot)
}

/** Call it once a credential or an event's device secret has identified the subject. Throws `rate-limited`. */
export function admitSubject(call: Call, controller: string, { type, id }: Identity): void {
  call.instance.rateLimits?.admit('subject', JSON.stringify([controller, type, id]))
}
