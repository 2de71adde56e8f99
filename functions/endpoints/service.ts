/** What a service answers about itself: its OpenAPI document, its health, preflights, and paths that it does not have. */

import { LedgerError } from '../../shared/errors.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { type Endpoint, ok } from '../http/call.ts'
import { preflightAnswer } from '../http/cors.ts'
import { methodsOf } from '../http/path-methods.ts'
import { cachedBriefly } from './policies.ts'

export const serviceEndpoints = {
  async getOpenApi() {
    const { openApiDocument } = await import('../http/openapi.ts')
    return ok(openApiDocument(), cachedBriefly)
  },

  async getHealth(call) {
    await checkHealth(call.instance.ledger)
    return ok({ status: 'ok' })
  },

  async preflight(call) {
    return preflightAnswer(call.event)
  },

  async fallback(call) {
    const { method } = call.event.requestContext.http
    const given = `${method} ${withoutToken(call.event.rawPath)}`
    const allowed = methodsOf(call.event.rawPath)
    if (allowed.length === 0) {
      // Allowed, so that the request itself is sent and its 404 tells the page that the address is mistyped.
      if (method === 'OPTIONS') return preflightAnswer(call.event)
      throw new LedgerError('not-found', 'no such route; GET /openapi.json lists them', { given })
    }
    if (!allowed.includes('OPTIONS')) call.allowedOrigin = undefined
    throw new LedgerError('method-not-allowed', 'this path does not support the method', { given, allowed })
  },
} satisfies Record<string, Endpoint>

/** The token in a link of a letter is a permission, so no answer repeats it. */
function withoutToken(path: string): string {
  return path.replace(/^(\/v1\/(?:unsubscribe|confirmations)\/).*/, '$1{token}')
}

const healthTimeoutMs = 1_000
const absentKey = { pk: 'health', sk: 'health' }

/**
 * Healthy means that entries, log and vault each answer a read of an absent key within a second. The answer names neither the table
 * nor the cause, because load balancers ask without a credential.
 *
 * @throws LedgerError `unavailable`
 */
async function checkHealth({ entries, log, vault }: Ledger): Promise<void> {
  const answered = Promise.all([entries, log, vault].map((table) => table.get([absentKey])))
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), healthTimeoutMs)
  })
  try {
    await Promise.race([answered, timeout])
  } catch (cause) {
    throw new LedgerError('unavailable', 'the database does not answer', {}, cause)
  } finally {
    clearTimeout(timer)
  }
}
