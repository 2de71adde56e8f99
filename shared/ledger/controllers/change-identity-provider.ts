/**
 * Removes or replaces the identity provider of a controller (`numbered-changes.ts`). A change states the provider from then on, or that there
 * is none; the controller's record keeps the provider of its creation.
 *
 *   PK `<controller>#controller`     SK `provider#<change>`     leaf: `identityProviderChangeLeaf`
 *
 * A new provider is claimed before the change is stored, as at the creation of a controller. Claims stay when a provider is removed: its
 * issuer and audience never speak for another controller. Instances cache the provider for 30 s at most.
 */
import type { IdentityProviderChange, IdentityProviderDraft } from '../../consent/identity-provider.ts'
import { identityProviderChangeLeaf } from '../../consent/published-leaf.ts'
import { LedgerError } from '../../errors.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { controllerPk, providerSk } from './controller-snapshots.ts'
import { publishChange, refuseGap } from './numbered-changes.ts'
import { claimIdentityProvider } from './provider-claims.ts'
import type { PublishResult } from './publish-once.ts'

/**
 * Inserts the change, or returns the stored one when it has the same provider.
 *
 * @throws `not-found` when there is no such controller; `invalid-request` when the change is not the next; `already-exists` when the change
 * has another provider, or another controller has the issuer and audience.
 */
export async function changeIdentityProvider(
  ledger: Ledger,
  controller: string,
  draft: IdentityProviderDraft,
): Promise<PublishResult<IdentityProviderChange>> {
  const snapshot = await ledger.controllers.current(controller)
  if (snapshot === undefined) throw new LedgerError('not-found', 'no such controller', { given: controller })
  refuseGap(draft, snapshot.providerChange)
  if (draft.identityProvider) await claimIdentityProvider(ledger, controller, draft.identityProvider)
  const record: IdentityProviderChange = { ...draft, changedAt: timestamp(ledger.clock) }
  const key = { pk: controllerPk(controller), sk: providerSk(draft.change) }
  const leaf = identityProviderChangeLeaf(record)
  const changed = await publishChange(ledger, key, draft, { record, leaf, last: snapshot.providerChange })
  // This instance goes by it at once, the others within 30 s.
  await ledger.controllers.current(controller)
  return changed
}
