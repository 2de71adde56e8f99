/**
 * Checks that each index row of the log table is of the entry that a batch has at that index. The batches were read earlier, so a row past
 * their end may be of a newer batch, which is then read.
 */

import { batchBefore } from '../log/batches.ts'
import { isSweepItem } from '../log/due-logs.ts'
import { batchEnd, batchPk, checkpointPk, clockPk, controllerOf, turnPk } from '../log/log-items.ts'
import { isReleasePosition } from '../log/release-erasures.ts'
import { type Item, scanPages } from '../store.ts'
import type { Audit } from './audit-run.ts'
import { isControllerId, loadController } from './audited-controllers.ts'

export async function auditIndexRows(audit: Audit): Promise<void> {
  for await (const page of scanPages(audit.ledger.log)) {
    for (const item of page) await checkRow(audit, item)
    audit.progress({ phase: 'rows', done: audit.compared.indexRows })
  }
}

async function checkRow(audit: Audit, item: Item): Promise<void> {
  if (isSweepItem(item) || isReleasePosition(item)) return
  const controller = controllerOf(item)
  if (!isControllerId(controller)) {
    audit.found('item-stray', '', { key: { pk: item.pk, sk: item.sk } })
    return
  }
  const prints = audit.prints.get(controller)
  if (prints === undefined) {
    // Only the log knows it, or it is new.
    await loadController(audit, controller)
    return
  }
  if ([batchPk, checkpointPk, clockPk, turnPk].some((pkOf) => item.pk === pkOf(controller))) return
  audit.compared.indexRows++
  const { index } = item.values
  if (typeof index === 'number' && (prints.matches(index, item) || (await isAt(audit, controller, index, item)))) return
  audit.found('index-differs', controller, {
    key: { pk: item.pk, sk: item.sk },
    ...(typeof index === 'number' && { leafIndex: index }),
  })
}

/** Batches that cannot be read were reported when the log was. */
async function isAt(audit: Audit, controller: string, index: number, item: Item): Promise<boolean> {
  const batch = await batchBefore(audit.ledger.log, controller, index + 1).catch(() => undefined)
  if (batch === undefined || index < batch.first || index >= batchEnd(batch)) return false
  const at = batch.entries[index - batch.first]
  return at !== undefined && at.key.pk === item.pk && at.key.sk === item.sk
}
