/** The controller's grants, and what state each is in. */
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import type { Grant, Grants } from '../../../shared/server/wire.ts'

/** A controller may have at most so many grants that a few pages hold them all; this bounds a ledger that never ends its list. */
const maxPages = 50

/** Those that stand first, then those that will, then the ended ones; within each the one that was made last. */
export async function fetchGrants(ledger: Pick<ServerLedger, 'listGrants'>): Promise<readonly Grant[]> {
  const grants: Grant[] = []
  let after: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const found: Grants = await ledger.listGrants(after === undefined ? {} : { after })
    grants.push(...found.grants)
    after = found.next
    if (after === undefined) break
  }
  const now = new Date().toISOString()
  const rank = (grant: Grant) => order.indexOf(stateOf(grant, now))
  return grants.sort((a, b) => rank(a) - rank(b) || b.madeAt.localeCompare(a.madeAt))
}

export type GrantState = 'stands' | 'later' | 'ended' | 'revoked'

const order: readonly GrantState[] = ['stands', 'later', 'ended', 'revoked']

/** @param now RFC 3339 */
export function stateOf(
  { stands, from, revokedAt }: Pick<Grant, 'stands' | 'from' | 'revokedAt'>,
  now: string,
): GrantState {
  if (revokedAt !== undefined) return 'revoked'
  if (stands) return 'stands'
  return from > now ? 'later' : 'ended'
}
