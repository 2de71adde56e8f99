/**
 * Creates controllers and their sites. A controller is several items, inserted in this order: the claim of its identity provider, the
 * controller with its keys, the leaf of its identity provider. After a crash the same request completes what is missing.
 */
import type { Controller, ControllerDraft } from '../../consent/controller.ts'
import type { RecordedIdentityProvider } from '../../consent/identity-provider.ts'
import { controllerLeaf, identityProviderLeaf, siteLeaf } from '../../consent/published-leaf.ts'
import type { Site, SiteDraft } from '../../consent/site.ts'
import { LedgerError } from '../../errors.ts'
import { controllerSecretsBytes } from '../derived-keys.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { originOf, witnessName } from '../log/log-items.ts'
import { controllerPk, readForm, revokedSk } from './controller-snapshots.ts'
import { claimIdentityProvider } from './provider-claims.ts'
import { type PublishResult, publishOnce } from './publish-once.ts'

export async function createController(ledger: Ledger, draft: ControllerDraft): Promise<PublishResult<Controller>> {
  const { identityProvider } = draft
  if (originOf(ledger.host, draft.controller) === witnessName(ledger.host)) {
    throw new LedgerError(
      'invalid-request',
      'this id is taken: a log with it would have the name of the ledger’s witness',
      {
        field: '/controller',
        given: draft.controller,
      },
    )
  }
  await claimIdentityProvider(ledger, draft.controller, identityProvider)
  const secrets = await ledger.keyring.wrap(draft.controller, ledger.random(controllerSecretsBytes))
  const record: Controller = { ...draft, createdAt: timestamp(ledger.clock) }
  const leaf = controllerLeaf(record)
  const key = { pk: controllerPk(draft.controller), sk: 'controller' }
  const published = await publishOnce(ledger, key, draft, record, { secrets, leaf, reads: readForm })
  await recordIdentityProvider(ledger, published.record)
  return published
}

/** Called after the controller is stored. After a crash in between this leaf is missing until the request is sent again. */
async function recordIdentityProvider(
  ledger: Ledger,
  { controller, identityProvider, createdAt }: Controller,
): Promise<void> {
  const record: RecordedIdentityProvider = { ...identityProvider, createdAt }
  const key = { pk: controllerPk(controller), sk: 'identity-provider' }
  await publishOnce(ledger, key, identityProvider, record, { leaf: identityProviderLeaf(record) })
}

export async function createSite(ledger: Ledger, controller: string, draft: SiteDraft): Promise<PublishResult<Site>> {
  const random = Buffer.from(ledger.random(16)).toString('base64url')
  const key = `site_${controller}_${draft.site}_${random}`
  const record: Site = { ...draft, createdAt: timestamp(ledger.clock), key }
  const leaf = siteLeaf(record)
  const pk = controllerPk(controller)
  const created = await publishOnce(ledger, { pk, sk: `site#${draft.site}` }, draft, record, { leaf })
  const [revocation] = created.created ? [] : await ledger.entries.get([{ pk, sk: revokedSk(draft.site) }])
  if (revocation === undefined) return created
  throw new LedgerError('already-exists', 'the site of this name was revoked, which is final', {
    field: '/site',
    given: draft.site,
    allowed: 'another name',
  })
}
