/**
 * Changes the origins of a site. A change is a record of its own, which states all origins from then on; the site's record stays as it is.
 *
 *   PK `<controller>#controller`     SK `origins#<site>#<change>`     leaf: `siteOriginsLeaf`
 *
 * Changes of a site are numbered from 1 without gaps, and the number is part of the key. So of two administrators who change at once one
 * is refused, and the same request sent twice is one change.
 */
import type { OriginsDraft, SiteOrigins } from '../consent/controller.ts'
import { siteOriginsLeaf } from '../consent/published-leaf.ts'
import { LedgerError } from '../errors.ts'
import { controllerPk, originsSk } from './controller-snapshots.ts'
import { type Ledger, timestamp } from './ledger.ts'
import { type PublishResult, publishOnce } from './publish-once.ts'

/**
 * Inserts the change, or returns the stored one when it has the same origins.
 *
 * @throws `not-found` when the controller has no such site; `invalid-request` when the change is not the next; `already-exists` when the
 * change has other origins.
 */
export async function changeOrigins(
  ledger: Ledger,
  controller: string,
  draft: OriginsDraft,
): Promise<PublishResult<SiteOrigins>> {
  const site = (await ledger.controllers.current(controller))?.sites.get(draft.site)
  if (site === undefined) throw new LedgerError('not-found', 'the controller has no such site', { given: draft.site })
  if (draft.change > site.change + 1) {
    throw new LedgerError('invalid-request', 'the number of a change is one more than that of the change before it', {
      field: '/change',
      given: draft.change,
      allowed: site.change + 1,
    })
  }
  const record: SiteOrigins = { ...draft, changedAt: timestamp(ledger.clock) }
  const key = { pk: controllerPk(controller), sk: originsSk(draft) }
  return publishOnce(ledger, key, draft, record, { leaf: siteOriginsLeaf(record) }).catch((error: unknown) => {
    if (!(error instanceof LedgerError && error.code === 'already-exists')) throw error
    throw new LedgerError('already-exists', 'the change of this number was made before, with other origins', {
      field: '/change',
      given: draft.change,
      allowed: Math.max(site.change, draft.change) + 1,
    })
  })
}
