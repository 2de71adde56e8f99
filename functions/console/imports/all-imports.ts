/** All imports of the controller, page by page, the newest first. */
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import type { Imports } from '../../../shared/server/wire.ts'

export type ListedImport = Imports['imports'][number]

export async function allImports(ledger: Pick<ServerLedger, 'listImports'>): Promise<readonly ListedImport[]> {
  const imports: ListedImport[] = []
  let after: string | undefined
  do {
    const page = await ledger.listImports(after === undefined ? {} : { after })
    imports.push(...page.imports)
    after = page.next
  } while (after !== undefined)
  return imports.sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1))
}
