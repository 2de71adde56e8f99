/** Checks changes of endpoints and redeliveries: each opens for its controller, has its own key, and is what its leaf commits to. */
import { controllerEntryDifference } from '../controller-entry.ts'
import { endpointPk, openEndpoint, openRedelivery } from '../fan-out/endpoint-entries.ts'
import type { Item } from '../store.ts'
import { type Audit, keyOf } from './audit-run.ts'

export function checkEndpoint({ controllers, pass, found }: Audit, controller: string, item: Item): void {
  const known = controllers.get(controller)
  if (known === undefined) return
  const scope = { controller, ...known }
  const isEndpoint = item.pk === endpointPk(controller)
  pass.compared.endpoints++
  const differs = controllerEntryDifference(scope, isEndpoint ? 'endpoint' : 'redelivery', item)
  const detail = differs ?? formDifference(() => (isEndpoint ? openEndpoint : openRedelivery)(scope, item))
  if (detail !== undefined) found('event-differs', controller, { key: keyOf(item) }, { detail })
}

function formDifference(open: () => unknown): string | undefined {
  try {
    open()
    return undefined
  } catch {
    return 'its form is not known to this release, or it has the key of another'
  }
}
