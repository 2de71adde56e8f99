/**
 * Finds the rows of subjects whose pseudonyms are known and whose identifiers are not: what a job needs that walks a log, because entries
 * name their subject by the pseudonym.
 *
 * The index's answer is a claim. A row counts only if it opens with the controller's data key and has the pseudonym, so a planted row that
 * states another's `holder` leads nowhere, and does not hide the right one. Rows are read from the table itself, strongly consistent, each
 * time: after an erasure nothing is found. Rows from before 1 December 2026 state no `holder` and are not found.
 */
import type { Item, Key, SubjectFinder, Table } from '../store.ts'
import type { VaultScope } from './subject-keys.ts'
import { holderOf, subOf } from './vault-rows.ts'

export interface PseudonymSearch {
  readonly vault: Pick<Table, 'get'>
  readonly finder: SubjectFinder
}

/** Partition key of the subject's rows; `undefined` when no row is the subject's. */
export async function findByPseudonym(
  { vault, finder }: PseudonymSearch,
  scope: VaultScope,
  sub: string,
): Promise<string | undefined> {
  const claims = await claimsOf(finder, scope, sub)
  for (let at = 0; at < claims.length; at += claimsAtOnce) {
    const rows = await vault.get(claims.slice(at, at + claimsAtOnce))
    const own = rows.find((row) => row !== undefined && isRowOf(scope, row, sub))
    if (own !== undefined) return own.pk
  }
  return undefined
}

/** Keys of the rows `subject` that claim the pseudonym: usually one. */
export async function claimsOf(finder: SubjectFinder, scope: VaultScope, sub: string): Promise<readonly Key[]> {
  return (await finder.find(holderOf(scope, sub))).filter(({ sk }) => sk === 'subject')
}

/** Bounds what planted rows make it read at once. */
const claimsAtOnce = 100

/** Whether the row is that of the subject with this pseudonym. */
export function isRowOf(scope: VaultScope, row: Item, sub: string): boolean {
  const found = row.sk === 'subject' ? subOf(scope, row) : undefined
  return typeof found === 'object' && found.sub === sub
}

export const subjectRowKey = (pk: string): Key => ({ pk, sk: 'subject' })
