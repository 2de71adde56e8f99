/**
 * Revokes a site. A revocation is a record of its own; the site's record, and the events that were recorded with its key, stay.
 *
 *   PK `<controller>#controller`     SK `revoked#<site>`     leaf: `siteRevocationLeaf`
 *
 * The instance that revokes refuses the key from then on. Others may accept it for as long as they cache the controller, which is 30 s at
 * most: to refuse it sooner, each write would have to read the revocations first. A revocation is final, and the name of the site is not
 * given again, so that the events of a name are all of one site.
 */
import { siteRevocationLeaf } from '../../consent/published-leaf.ts'
import type { SiteRevocation } from '../../consent/site.ts'
import { LedgerError } from '../../errors.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { controllerPk, revokedSk } from './controller-snapshots.ts'
import { type PublishResult, publishOnce } from './publish-once.ts'

/**
 * Inserts the revocation, or returns the one that was made before.
 *
 * @throws `not-found` when the controller has no such site
 */
export async function revokeSite(
  ledger: Ledger,
  controller: string,
  site: string,
): Promise<PublishResult<SiteRevocation>> {
  if (!(await ledger.controllers.current(controller))?.sites.has(site))
    throw new LedgerError('not-found', 'the controller has no such site', { given: site })
  const record: SiteRevocation = { site, revokedAt: timestamp(ledger.clock) }
  const key = { pk: controllerPk(controller), sk: revokedSk(site) }
  const revoked = await publishOnce(ledger, key, { site }, record, { leaf: siteRevocationLeaf(record) })
  // This instance goes by it at once, the others within 30 s.
  await ledger.controllers.current(controller)
  return revoked
}
