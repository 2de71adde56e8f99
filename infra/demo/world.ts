/**
 * Puts the demo world into a ledger: its controllers with their sites, and everything they published since 2024, each with the
 * clock set to its day. It is a made-up past for a made-up company; a real ledger's clock is never set.
 */
import type { Site } from '../../shared/consent/site.ts'
import { makeGrant } from '../../shared/ledger/auditors/audit-grants.ts'
import { createController, createSite } from '../../shared/ledger/controllers/create-controller.ts'
import { publishPresentation, publishVersion } from '../../shared/ledger/controllers/publish-policies.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { audienceOf, developmentIssuer } from '../local/development-issuer.ts'
import { localDeveloper, localGrants } from '../local/local-auditors.ts'
import type { LocalLedger } from '../local/local-ledger.ts'
import type { WorldController } from './world/draft.ts'
import { world } from './world/world.ts'

/** What a ledger needs to be given a past. */
export type Settable = Pick<LocalLedger, 'ledger' | 'at' | 'issuer'>

/** Site by `<controller>/<site>`. */
export type DemoSites = ReadonlyMap<string, Site>

/** Makes what is missing of the world, and returns its sites. Repeating it changes nothing. */
export async function openDemoWorld(local: Settable): Promise<DemoSites> {
  const controllers = Object.values(world)
  const known = await sitesOf(local.ledger, controllers)
  if (known === undefined) await Promise.all(controllers.map((controller) => seed(local, controller)))
  await Promise.all(controllers.map(({ controller }) => grantAuditors(local.ledger, controller.controller)))
  return known ?? (await sitesOf(local.ledger, controllers)) ?? new Map()
}

/** Called at each start, too, because the folder of an earlier release has no grants. A grant that exists is not made again. */
async function grantAuditors(ledger: Ledger, controller: string): Promise<void> {
  const snapshot = await ledger.controllers.current(controller)
  if (snapshot === undefined) throw new Error(`there is no controller ${controller}`)
  const by = { issuer: developmentIssuer, subject: localDeveloper }
  await Promise.all(localGrants(controller).map((draft) => makeGrant(ledger, vaultScope(snapshot), draft, by)))
}

async function sitesOf(ledger: Ledger, controllers: readonly WorldController[]): Promise<DemoSites | undefined> {
  const snapshots = await Promise.all(
    controllers.map(({ controller }) => ledger.controllers.current(controller.controller)),
  )
  const sites = new Map<string, Site>()
  for (const [i, { controller, sites: drafts, publications }] of controllers.entries()) {
    const snapshot = snapshots[i]
    const versions = [...(snapshot?.policies.values() ?? [])].reduce((sum, policy) => sum + policy.versions.length, 0)
    if (snapshot === undefined || versions < publications.length) return undefined
    for (const { site } of drafts) {
      const found = snapshot.sites.get(site)
      if (found === undefined) return undefined
      sites.set(`${controller.controller}/${site}`, found)
    }
  }
  return sites
}

async function seed(local: Settable, { controller: draft, sites, publications, presentations }: WorldController) {
  const { controller } = draft
  let now = Date.parse(publications[0]?.publishedAt ?? new Date().toISOString())
  const ledger = local.at(() => now)
  await createController(ledger, { ...draft, identityProvider: local.issuer.provider(audienceOf(controller)) })
  for (const site of sites) await createSite(ledger, controller, site)
  await grantAuditors(ledger, controller)
  await ledger.sequence()
  const steps = [
    ...publications.map(({ publishedAt, draft: version }) => ({
      publishedAt,
      publish: () => publishVersion(ledger, controller, version),
    })),
    ...presentations.map(({ publishedAt, draft: presentation }) => ({
      publishedAt,
      publish: () => publishPresentation(ledger, controller, presentation),
    })),
  ]
  for (const step of steps.toSorted((a, b) => Date.parse(a.publishedAt) - Date.parse(b.publishedAt))) {
    now = Date.parse(step.publishedAt)
    await step.publish()
    // On its own day: a record that the log got later than promised would be marked as backdated in every proof.
    await ledger.sequence()
  }
  await ledger.publish()
}
