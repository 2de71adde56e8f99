/**
 * Deletes a subject's rows of the vault for retention, and rows that a crash or a race left behind. The order is that of `erase-subject.ts`: the row
 * `subject` goes last, so that after a crash the next run can still tell whose the other rows are.
 */
import { isLinkRow, removeRowsLeadingTo, rowsLeadingNowhere } from '../links/link-rows.ts'
import type { Item, VaultEraser } from '../store.ts'
import { rowsUnder } from '../vault/rows-under.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { claimedController } from '../vault/vault-rows.ts'
import type { RetentionScopes } from './retention-scopes.ts'

/** Rows inserted in between are deleted too, unless they now belong to another subject, whose earlier years are never read. */
export async function forgetRows(vault: VaultEraser, scope: VaultScope, rows: readonly Item[]): Promise<void> {
  const subject = rows.filter(({ sk }) => sk === 'subject')
  await removeRowsLeadingTo(vault, scope, rows)
  await vault.remove(rows.filter(({ sk }) => sk !== 'subject'))
  await vault.remove(subject)
  const left = await rowsUnder(vault, String(subject[0]?.pk))
  if (left.some(({ sk }) => sk === 'subject')) return
  await removeRowsLeadingTo(vault, scope, left)
  await vault.remove(left)
}

/**
 * Deletes those of these rows whose subject is gone, and rows of links whose other subject is gone. Returns their number.
 *
 * @param rows none is a row `subject`
 */
export async function removeOrphans(
  vault: VaultEraser,
  scopes: RetentionScopes,
  rows: readonly Item[],
): Promise<number> {
  if (rows.length === 0) return 0
  const pks = [...new Set(rows.map(({ pk }) => pk))]
  const subjects = await vault.get(pks.map((pk) => ({ pk, sk: 'subject' })))
  const alone = new Set(pks.filter((_, i) => subjects[i] === undefined))
  const orphans = rows.filter(({ pk }) => alone.has(pk))
  for (const [controller, links] of Map.groupBy(rows.filter(isLinkRow), claimedController)) {
    const scope = controller === undefined ? undefined : await scopes.named(controller)
    if (scope === undefined) continue
    await removeRowsLeadingTo(
      vault,
      scope,
      links.filter(({ pk }) => alone.has(pk)),
    )
    orphans.push(
      ...(await rowsLeadingNowhere(
        vault,
        scope,
        links.filter(({ pk }) => !alone.has(pk)),
      )),
    )
  }
  if (orphans.length > 0) await vault.remove(orphans)
  return orphans.length
}
