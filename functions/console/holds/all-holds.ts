/** All holds of the controller, page by page. */
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import type { Hold } from '../../../shared/server/wire.ts'

export interface EveryHold {
  readonly holds: readonly Hold[]
  /** Ids of holds that cannot be read. */
  readonly unreadable: readonly string[]
}

export async function allHolds(ledger: Pick<ServerLedger, 'listHolds'>): Promise<EveryHold> {
  const holds: Hold[] = []
  const unreadable: string[] = []
  let after: string | undefined
  do {
    const page = await ledger.listHolds(after === undefined ? {} : { after })
    holds.push(...page.holds)
    unreadable.push(...(page.unreadable ?? []))
    after = page.next
  } while (after !== undefined)
  return { holds, unreadable }
}
