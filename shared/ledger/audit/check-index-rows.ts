/** Walks the log table for its index rows, which are compared with the batches (`compare-leaves.ts`). */
import { cosignedPk } from '../log/cosignatures.ts'
import { isSweepItem } from '../log/due-logs.ts'
import { batchPk, checkpointPk, clockPk, controllerOf, turnPk } from '../log/log-items.ts'
import { isReleasePosition } from '../log/release-erasures.ts'
import type { Item } from '../store.ts'
import { type Audit, keyOf } from './audit-run.ts'
import { isControllerId, loadController } from './audited-controllers.ts'
import { meetRow } from './compare-leaves.ts'
import { walkTable } from './table-walk.ts'

export function auditIndexRows(audit: Audit): Promise<boolean> {
  return walkTable(audit, audit.ledger.log, async (page) => {
    for (const item of page) await checkRow(audit, item)
    audit.progress({ phase: 'rows', done: audit.pass.compared.indexRows })
  })
}

async function checkRow(audit: Audit, item: Item): Promise<void> {
  if (isSweepItem(item) || isReleasePosition(item)) return
  const controller = controllerOf(item)
  if (!isControllerId(controller)) {
    audit.found('item-stray', '', { key: keyOf(item) })
    return
  }
  if (!audit.controllers.has(controller)) {
    // Only the log knows it, or it is new.
    await loadController(audit, controller)
    return
  }
  if ([batchPk, checkpointPk, clockPk, cosignedPk, turnPk].some((pkOf) => item.pk === pkOf(controller))) return
  audit.pass.compared.indexRows++
  await meetRow(audit, item)
}
