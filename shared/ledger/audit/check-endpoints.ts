/** Checks changes of endpoints, redeliveries, receivers' reports and notices of consents that end: each opens for its controller, has its own key, and is what its leaf commits to. */
import { controllerEntryDifference } from '../controller-entry.ts'
import { expiryPk, openNotice } from '../expiry/expiry-items.ts'
import { openCompletion } from '../fan-out/completions.ts'
import { endpointPk, openEndpoint, openRedelivery } from '../fan-out/endpoint-entries.ts'
import type { Item } from '../store.ts'
import { type Audit, keyOf } from './audit-run.ts'

export function checkEndpoint({ controllers, pass, found }: Audit, controller: string, item: Item): void {
  const known = controllers.get(controller)
  if (known === undefined) return
  const scope = { controller, ...known }
  const [kind, open] = formOf(controller, item)
  pass.compared.endpoints++
  const differs = controllerEntryDifference(scope, kind, item)
  const detail = differs ?? formDifference(() => open(scope, item))
  if (detail !== undefined) found('event-differs', controller, { key: keyOf(item) }, { detail })
}

function formOf(controller: string, { pk }: Item) {
  if (pk === endpointPk(controller)) return ['endpoint', openEndpoint] as const
  if (pk === expiryPk(controller)) return ['expiry', openNotice] as const
  const isReport = pk.startsWith(`${controller}#completion#`)
  return isReport ? (['completion', openCompletion] as const) : (['redelivery', openRedelivery] as const)
}

function formDifference(open: () => unknown): string | undefined {
  try {
    open()
    return undefined
  } catch {
    return 'its form is not known to this release, or it has the key of another'
  }
}
