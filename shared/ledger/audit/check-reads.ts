/**
 * Checks the rows of reads that are stored under their subjects. Each row of a subject in the vault opens with that subject's key, and the
 * leaf of the read commits to the row's disclosure. Rows of other subjects are not judged: the subject was erased, or was never known.
 *
 * Also finds reads in the earlier form that name an unknown subject: the key of their reader opens that name.
 */
import { openSubjectRead, readsPk, type SubjectRead } from '../audit-reads.ts'
import { disclosureDigest } from '../disclosures.ts'
import type { Item } from '../store.ts'
import type { ReadsKey, VaultScope } from '../subject-keys.ts'
import { vaultNames } from '../vault.ts'
import { readsKeyIn } from '../vault-rows.ts'
import type { Audit, Entry, OpenedRead } from './audit-run.ts'
import { subjectNamedIn } from './check-contents.ts'

export async function checkSubjectReads(audit: Audit, entries: readonly Entry[]): Promise<void> {
  const { ledger, compared, found } = audit
  const rows = entries.flatMap(({ item, controller, kind }) => {
    const sub = item.pk.slice(readsPk(controller, '').length)
    const name = audit.subjects.get(sub)
    const known = audit.controllers.get(controller)
    return kind === 'subject-read' && name !== undefined && known
      ? [{ item, scope: { controller, secrets: known.secrets }, name }]
      : []
  })
  const subjects = await ledger.vault.get(rows.map(({ name }) => ({ pk: name, sk: 'subject' })))
  for (const [i, { item, scope }] of rows.entries()) {
    const key = keyOf(scope, subjects[i])
    if (key === undefined || readsPk(scope.controller, key.sub) !== item.pk) continue
    compared.readsOfSubjects++
    const where = { key: { pk: item.pk, sk: item.sk } }
    const row = open(item, key)
    const [read] = row ? await ledger.entries.get([row.read]) : []
    if (row === undefined) found('event-unreadable', scope.controller, where)
    else if (read === undefined) found('read-missing', scope.controller, where, { severity: 'warning' })
    else if (!String(read.values.leaf).includes(`"${disclosureDigest(row.subject)}"`))
      found('event-differs', scope.controller, where, { detail: 'the leaf of its read names another subject' })
  }
}

/**
 * Reports reads in the earlier form whose subject the vault does not know. An erasure does not close such a read, so the self-audit after
 * the erasure of its subject reports it.
 */
export async function checkNames({ ledger, found }: Audit, reads: readonly OpenedRead[]): Promise<void> {
  const naming = reads.flatMap(({ item, keys, scope }) => {
    const subject = subjectNamedIn(item, keys)
    return subject ? [{ item, scope, names: vaultNames(scope, subject).map((name) => name.pk) }] : []
  })
  const asked = [...new Set(naming.flatMap(({ names }) => names))]
  const stored = await ledger.vault.get(asked.map((pk) => ({ pk, sk: 'subject' })))
  const known = new Set(stored.map((row) => row?.pk))
  naming.forEach(({ item: { pk, sk }, scope, names }) => {
    if (!names.some((name) => known.has(name)))
      found('read-names-unknown', scope.controller, { key: { pk, sk } }, { severity: 'warning' })
  })
}

function keyOf(scope: VaultScope, row: Item | undefined): ReadsKey | undefined {
  try {
    return row && readsKeyIn(scope, row)
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
