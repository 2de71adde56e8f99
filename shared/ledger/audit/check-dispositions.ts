/**
 * Checks what retention recorded (`disposition-entries.ts`): each manifest opens for its controller, is what its leaf commits to, and has its plan.
 * Every number before one that was taken has its plan, too. A plan without a manifest is of a run that was cut short, which the next run ends.
 */
import { controllerEntryDifference } from '../controller-entry.ts'
import { isPlan, manifestKey, numberIn, openManifest, openPlan, planKey } from '../retention/disposition-entries.ts'
import { type Audit, type Entry, keyOf } from './audit-run.ts'

/** A day longer than any run: by then the next one should have met a row of the controller. */
const openMs = 25 * 3_600_000

export async function checkDispositions(audit: Audit, entries: readonly Entry[]): Promise<void> {
  for (const { item, controller, kind } of entries) {
    const known = audit.controllers.get(controller)
    if (kind !== 'disposition' || known === undefined) continue
    const scope = { controller, ...known }
    const where = { key: keyOf(item) }
    const differs = (detail: string) => audit.found('event-differs', controller, where, { detail })
    const number = numberIn(item)
    if (isPlan(item)) {
      const plan = openPlan(scope, item)
      const [manifest, before] = await audit.ledger.entries.get([
        manifestKey(controller, number),
        planKey(controller, number - 1),
      ])
      if (number > 0 && before === undefined) audit.found('disposition-missing', controller, where)
      if (plan === undefined) differs('it does not open, or its form is not known to this release')
      else if (!plan.plannedAt.startsWith(String(item.values.hour))) differs('its hour is not that of its content')
      else if (manifest === undefined && Date.parse(plan.plannedAt) + openMs < audit.nowMs)
        audit.found('disposition-open', controller, where, { severity: 'warning' })
      continue
    }
    audit.pass.compared.dispositions++
    const difference = controllerEntryDifference(scope, 'disposition', item)
    if (difference !== undefined) differs(difference)
    else if (openManifest(scope, item) === undefined) differs('its form is not known to this release')
    const [plan] = await audit.ledger.entries.get([planKey(controller, number)])
    if (plan === undefined) audit.found('disposition-missing', controller, where)
  }
}
