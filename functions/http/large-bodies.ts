/**
 * Decides from the head of a request whether its sender may send a large body. A gateway that reads bodies into its own memory asks this
 * first, so that callers without a token cannot fill it. Every route that takes more than 64 KiB needs a token and has its check here.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { routeKey } from '../../shared/api/route-key.ts'
import type { Access } from '../../shared/api/routes.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Instance } from '../instance.ts'
import { routes } from '../served-routes.ts'
import { administered, requireLedgerAdministrator } from './access.ts'
import type { Call } from './call.ts'
import { admitByToken } from './token-controller.ts'

/** The checks that the endpoints make first. They need path and headers only. */
const checks: Readonly<Partial<Record<Access, (call: Call) => Promise<unknown>>>> = {
  administration: administered,
  check: (call) => admitByToken(call, 'consent.check'),
  ledger: requireLedgerAdministrator,
}

/** @throws LedgerError `unavailable` when the keys of the identity provider cannot be read */
export async function maySendLargeBody(instance: Instance, event: APIGatewayProxyEventV2): Promise<boolean> {
  const route = routes.find((each) => routeKey(each) === event.routeKey)
  const check = route && checks[route.access]
  if (route === undefined || check === undefined) return false
  const call = { route, event, instance, body: undefined, allowedOrigin: undefined }
  try {
    await check(call)
    return true
  } catch (error) {
    if (error instanceof LedgerError && error.code !== 'unavailable') return false
    throw error
  }
}
