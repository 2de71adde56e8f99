/**
 * Checks the rows of reads that are stored under their subjects. Each row of a subject in the vault opens with that subject's key, and the
 * leaf of the read commits to the row's disclosure. Rows of other subjects are not judged: the subject was erased, or was never known.
 *
 * Also finds reads in the earlier form that name an unknown subject: the key of their reader opens that name.
 */
import { openSubjectRead, readsPk, type SubjectRead } from '../auditors/audit-reads.ts'
import { disclosureDigest } from '../disclosures.ts'
import { type Item, queryAll } from '../store.ts'
import type { ReadsKey, VaultScope } from '../vault/subject-keys.ts'
import { vaultNames } from '../vault/vault.ts'
import { readsKeyIn } from '../vault/vault-rows.ts'
import { type Audit, keyOf, type OpenedRead } from './audit-run.ts'
import { subjectNamedIn } from './check-contents.ts'
import { mayHaveEntries } from './pass-state.ts'

/**
 * Reads that were recorded since the entries were walked are left to the next pass.
 *
 * @param subject the row `subject` of the vault
 */
export async function checkReadsOf(audit: Audit, scope: VaultScope, subject: Item): Promise<void> {
  const { ledger, pass, found } = audit
  const key = keyIn(scope, subject)
  if (key === undefined) return
  const pk = readsPk(scope.controller, key.sub)
  if (!mayHaveEntries(pass, pk)) return
  for await (const item of queryAll(ledger.entries, pk)) {
    if (item.values.leaf !== undefined) continue
    pass.compared.readsOfSubjects++
    const where = { key: keyOf(item) }
    const row = open(item, key)
    const [read] = row ? await ledger.entries.get([row.read]) : []
    if (row === undefined) found('event-unreadable', scope.controller, where)
    else if (read === undefined) found('read-missing', scope.controller, where, { severity: 'warning' })
    else if (row.subject !== undefined && !String(read.values.leaf).includes(`"${disclosureDigest(row.subject)}"`))
      found('event-differs', scope.controller, where, { detail: 'the leaf of its read names another subject' })
  }
}

/**
 * Reports reads in the earlier form whose subject the vault does not know. An erasure does not close such a read, so the self-audit after
 * the erasure of its subject reports it.
 */
export async function checkNames({ ledger, found }: Audit, reads: readonly OpenedRead[]): Promise<void> {
  const all = reads.map(async ({ item, keys, scope }) => {
    const subject = subjectNamedIn(item, keys)
    const names = subject ? await vaultNames(scope, subject) : []
    return { item, scope, names: names.map(({ pk }) => pk) }
  })
  const naming = (await Promise.all(all)).filter(({ names }) => names.length > 0)
  const asked = [...new Set(naming.flatMap(({ names }) => names))]
  const stored = await ledger.vault.get(asked.map((pk) => ({ pk, sk: 'subject' })))
  const known = new Set(stored.map((row) => row?.pk))
  naming.forEach(({ item: { pk, sk }, scope, names }) => {
    if (!names.some((name) => known.has(name)))
      found('read-names-unknown', scope.controller, { key: { pk, sk } }, { severity: 'warning' })
  })
}

function keyIn(scope: VaultScope, row: Item): ReadsKey | undefined {
  try {
    return readsKeyIn(scope, row)
  } catch {
    return undefined
  }
}

function open(item: Item, { key }: ReadsKey): SubjectRead | undefined {
  try {
    return openSubjectRead(item, key)
  } catch {
    return undefined
  }
}
