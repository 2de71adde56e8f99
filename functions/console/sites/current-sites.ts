/** The sites as they are after what was done on this page, which the ledger's list may lack for some seconds. */
import type { Site, SiteOrigins, SiteRevocation, Sites } from '../../../shared/server/wire.ts'

export type CurrentSite = Sites['sites'][number]
export type SiteAct = Site | SiteOrigins | SiteRevocation

export function withActs(sites: readonly CurrentSite[], acts: readonly SiteAct[]): readonly CurrentSite[] {
  return acts.reduce(withAct, sites)
}

function withAct(sites: readonly CurrentSite[], act: SiteAct): readonly CurrentSite[] {
  if ('key' in act) {
    const isListed = sites.some(({ site }) => site === act.site)
    return isListed ? sites : [...sites, { ...act, change: 0 }]
  }
  return sites.map((each) => {
    if (each.site !== act.site) return each
    if ('revokedAt' in act) return { ...each, revokedAt: act.revokedAt }
    return each.change >= act.change ? each : { ...each, change: act.change, origins: [...act.origins] }
  })
}
