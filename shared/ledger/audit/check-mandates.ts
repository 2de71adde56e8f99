/**
 * Checks the mandates of a subject in the vault, and their revocations: each opens, and its key, hour and leaf are those of its content, and each
 * revocation has its mandate. Mandates of subjects that are gone are not judged: their key is destroyed.
 */
import { isEnd, mandatesOf, mandatesPk, openMandate, openMandateEnd } from '../mandates/mandate-entries.ts'
import { type Item, queryAll } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { subjectKeysInRows } from '../vault/vault-rows.ts'
import { type Audit, keyOf } from './audit-run.ts'
import { mayHaveEntries } from './pass-state.ts'

/** @param rows of the subject in the vault */
export async function checkMandatesOf(audit: Audit, scope: VaultScope, rows: readonly Item[]): Promise<void> {
  const { ledger, pass, found } = audit
  const subject = subjectKeysInRows(scope, rows)
  if (subject === undefined) return
  const pk = mandatesPk(subject)
  if (!mayHaveEntries(pass, pk)) return
  const readable = await mandatesOf(ledger.entries, subject)
  for await (const item of queryAll(ledger.entries, pk)) {
    pass.compared.mandates++
    const where = { key: keyOf(item) }
    const end = isEnd(item) ? openMandateEnd(item, subject) : undefined
    if ((end ?? openMandate(item, subject)) === undefined) found('event-unreadable', scope.controller, where)
    else if (end !== undefined && !readable.has(end.stated.mandateId)) found('mandate-missing', scope.controller, where)
  }
}
