/** Checks grants of auditors and their revocations: each opens for its controller, has its own key, and is what its leaf commits to. */
import { grantRevocationKey, openGrant, openGrantRevocation } from '../auditors/audit-grants.ts'
import { controllerEntryDifference } from '../controller-entry.ts'
import type { Item } from '../store.ts'
import { type Audit, keyOf } from './audit-run.ts'

export function checkGrant({ controllers, pass, found }: Audit, controller: string, item: Item): void {
  const known = controllers.get(controller)
  if (known === undefined) return
  const scope = { controller, ...known }
  const grantId = item.sk.slice(item.sk.indexOf('#') + 1)
  const isRevocation = item.sk === grantRevocationKey(controller, grantId).sk
  pass.compared.grants++
  const differs = controllerEntryDifference(scope, isRevocation ? 'grant-revoked' : 'grant', item)
  const detail = differs ?? formDifference(() => (isRevocation ? openGrantRevocation : openGrant)(scope, item))
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
