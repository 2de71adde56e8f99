/**
 * The vault's part of the self-audit. A row's name is a MAC and says nothing, so each row is tried with the secrets of every
 * controller: authenticated encryption opens under its own only.
 */
import type { Audit } from './self-audit.ts'
import { type Item, type Key, scanPages } from './store.ts'
import { keysInRows, type RowScope, subOf } from './vault-rows.ts'

export async function auditVault(audit: Audit): Promise<void> {
  const scopes = [...audit.books].flatMap(([controller, book]) => (book ? [{ controller, secrets: book.secrets }] : []))
  let done = 0
  for await (const page of scanPages(audit.ledger.vault)) {
    for (const row of page) if (row.sk === 'subject') knowSubject(audit, scopes, row)
    await checkYears(
      audit,
      page.filter(({ sk }) => sk !== 'subject'),
    )
    done += page.length
    audit.progress({ phase: 'vault', done })
  }
}

function knowSubject(audit: Audit, scopes: readonly RowScope[], row: Item): void {
  for (const scope of scopes) {
    try {
      const sub = subOf(scope, row)
      if (sub === undefined) return
      keysInRows(scope, [row])
      audit.compared.subjects++
      audit.subjects.set(sub, row.pk)
      return
    } catch {}
  }
  audit.found('vault-unreadable', '', { key: keyOf(row) })
}

async function checkYears(audit: Audit, rows: readonly Item[]): Promise<void> {
  if (rows.length === 0) return
  const pks = [...new Set(rows.map(({ pk }) => pk))]
  const subjects = await audit.ledger.vault.get(pks.map((pk) => ({ pk, sk: 'subject' })))
  const orphaned = new Set(pks.filter((_, i) => subjects[i] === undefined))
  for (const row of rows) if (orphaned.has(row.pk)) audit.found('vault-orphan', '', { key: keyOf(row) })
}

const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk })
