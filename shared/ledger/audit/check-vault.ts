/**
 * Checks the vault. A row's name is a MAC and does not show whose it is, so each row is tried with the secrets of every controller:
 * authenticated encryption opens under the right one only.
 */

import { type Item, type Key, scanPages } from '../store.ts'
import type { VaultScope } from '../subject-keys.ts'
import { isReadableRow, subOf } from '../vault-rows.ts'
import type { Audit } from './audit-run.ts'

export async function auditVault(audit: Audit): Promise<void> {
  const scopes = scopesOf(audit)
  let done = 0
  for await (const page of scanPages(audit.ledger.vault)) {
    for (const row of page) {
      if (row.sk !== 'subject') continue
      if (rememberSubject(audit, scopes, row)) audit.compared.subjects++
      else audit.found('vault-unreadable', '', { key: keyOf(row) })
      if (!Number.isSafeInteger(row.values.year)) audit.found('vault-differs', '', { key: keyOf(row) })
    }
    await checkYears(
      audit,
      scopes,
      page.filter(({ sk }) => sk !== 'subject'),
    )
    done += page.length
    audit.progress({ phase: 'vault', done })
  }
}

/** Reads the vault again, for subjects recorded meanwhile. Nothing is reported or counted again. */
export async function readSubjects(audit: Audit): Promise<void> {
  const scopes = scopesOf(audit)
  for await (const page of scanPages(audit.ledger.vault)) {
    for (const row of page) if (row.sk === 'subject') rememberSubject(audit, scopes, row)
  }
}

function scopesOf({ controllers }: Audit): VaultScope[] {
  return [...controllers].flatMap(([controller, known]) => (known ? [{ controller, secrets: known.secrets }] : []))
}

/** False when no controller's secrets open it. */
function rememberSubject(audit: Audit, scopes: readonly VaultScope[], row: Item): boolean {
  for (const scope of scopes) {
    const known = subOf(scope, row)
    if (known === 'unreadable') continue
    if (known !== undefined) audit.subjects.set(known.sub, row.pk)
    // Every key in the row, also those that nothing is sealed with yet.
    return isReadableRow(scope, row)
  }
  return false
}

async function checkYears(audit: Audit, scopes: readonly VaultScope[], rows: readonly Item[]): Promise<void> {
  if (rows.length === 0) return
  const pks = [...new Set(rows.map(({ pk }) => pk))]
  const subjects = await audit.ledger.vault.get(pks.map((pk) => ({ pk, sk: 'subject' })))
  const orphaned = new Set(pks.filter((_, i) => subjects[i] === undefined))
  for (const row of rows) {
    if (orphaned.has(row.pk)) audit.found('vault-orphan', '', { key: keyOf(row) })
    else if (!scopes.some((scope) => isReadableRow(scope, row)))
      audit.found('vault-unreadable', '', { key: keyOf(row) })
    if (row.sk !== `year#${row.values.year}`) audit.found('vault-differs', '', { key: keyOf(row) })
  }
}

const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk })
