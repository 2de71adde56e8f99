/**
 * Changes the origins of a site (`numbered-changes.ts`): all that may call from then on. The site's record stays as it is.
 *
 *   PK `<controller>#controller`     SK `origins#<site>#<change>`     leaf: `siteOriginsLeaf`
 */
import { siteOriginsLeaf } from '../../consent/published-leaf.ts'
import type { OriginsDraft, SiteOrigins } from '../../consent/site.ts'
import { LedgerError } from '../../errors.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { controllerPk, originsSk } from './controller-snapshots.ts'
import { publishChange, refuseGap } from './numbered-changes.ts'
import type { PublishResult } from './publish-once.ts'

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
  if (site.revokedAt !== undefined) throw new LedgerError('not-found', 'the site was revoked', { given: draft.site })
  refuseGap(draft, site.change)
  const record: SiteOrigins = { ...draft, changedAt: timestamp(ledger.clock) }
  const key = { pk: controllerPk(controller), sk: originsSk(draft) }
  return publishChange(ledger, key, draft, { record, leaf: siteOriginsLeaf(record), last: site.change })
}
