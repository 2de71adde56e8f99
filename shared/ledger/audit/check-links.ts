/**
 * Checks the entries of a subject's links: each opens with the subject's key and is what its leaf commits to. Those of subjects that are gone are
 * not judged, because their key is destroyed. Whether the other side has its entry is not judged either: a crash may have left half a link, which
 * counts nowhere, and the next request of the same two completes it.
 */
import { linksPk, openLinkAct } from '../links/link-entries.ts'
import { type Item, queryAll } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { subjectKeysInRows } from '../vault/vault-rows.ts'
import { type Audit, keyOf } from './audit-run.ts'
import { mayHaveEntries } from './pass-state.ts'

/** @param row the row `subject` of the vault */
export async function checkLinksOf(audit: Audit, scope: VaultScope, row: Item): Promise<void> {
  const { ledger, pass, found } = audit
  const keys = subjectKeysInRows(scope, [row])
  if (keys === undefined) return
  const pk = linksPk(keys)
  if (!mayHaveEntries(pass, pk)) return
  for await (const item of queryAll(ledger.entries, pk)) {
    pass.compared.links++
    if (openLinkAct(item, keys) === undefined) found('event-unreadable', scope.controller, { key: keyOf(item) })
  }
}
