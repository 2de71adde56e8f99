/** All exports of the controller, page by page, the newest first. */
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import type { Export } from '../../../shared/server/wire.ts'

export async function allExports(ledger: Pick<ServerLedger, 'listExports'>): Promise<readonly Export[]> {
  const exports: Export[] = []
  let after: string | undefined
  do {
    const page = await ledger.listExports(after === undefined ? {} : { after })
    exports.push(...page.exports)
    after = page.next
  } while (after !== undefined)
  return exports.sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1))
}
