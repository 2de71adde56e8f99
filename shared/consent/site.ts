/** Sites, on which people decide: websites, apps and services of a controller. */
import {
  conforms,
  extended,
  id,
  instant,
  integer,
  list,
  mapOf,
  oneOfKnown,
  optional,
  record,
  type TypeOf,
  wording,
} from './schema.ts'

/** Maps the names that a site's consent client uses to the policies and purposes declared here. Names of nothing declared are ignored. */
export const clientNames = record({
  /** The policy that its banner is about. @default the cookie policy in force */
  policyId: optional(id),
  /** purposeId by the client's category. @default each category is the purpose of its name */
  purposes: optional(mapOf(id)),
  /** policyId by the client's type of document. @default the controller's terms and privacy policy */
  documents: optional(mapOf(id)),
})
export interface ClientNames extends TypeOf<typeof clientNames> {}

export const siteDraft = record({
  /** Unique within its controller. */
  site: id,
  kind: oneOfKnown(['web', 'app', 'service']),
  name: wording,
  /** Origins whose pages and web views may call, as `readOrigin` writes them; empty for native apps and services. */
  origins: list(wording),
  /** For pages that ask with a c15t client. */
  c15t: optional(clientNames),
})
export interface SiteDraft extends TypeOf<typeof siteDraft> {}

export const site = extended(siteDraft, {
  createdAt: instant,
  /** Publishable: it names controller and site, may write, and reads nothing. `site_<controller>_<site>_<random>` */
  key: wording,
})
export interface Site extends TypeOf<typeof site> {}

const originsDraft = record({
  site: id,
  /** 1 for the site's first change, then one more each time. */
  change: integer,
  origins: list(wording),
})
/** The complete list of a site's origins from a change on. It replaces the list before it. */
export interface OriginsDraft extends TypeOf<typeof originsDraft> {}

export const siteOrigins = extended(originsDraft, { changedAt: instant })
export interface SiteOrigins extends TypeOf<typeof siteOrigins> {}

/** From a revocation on the site's key is refused. What was recorded with it before stays and counts. It is final. */
export const siteRevocation = record({ site: id, revokedAt: instant })
export interface SiteRevocation extends TypeOf<typeof siteRevocation> {}

export const isSite = (value: unknown): value is Site => conforms(site, value)
export const isSiteOrigins = (value: unknown): value is SiteOrigins => conforms(siteOrigins, value)
export const isSiteRevocation = (value: unknown): value is SiteRevocation => conforms(siteRevocation, value)

/** The current state of a site: `origins` are those of its latest change, and `revokedAt` closes it. */
export const currentSite = extended(site, {
  /** Number of the latest change of its origins; 0 before the first. */
  change: integer,
  /** Absent before the first change. */
  changedAt: optional(instant),
  /** Absent unless the site was revoked. */
  revokedAt: optional(instant),
})
export interface CurrentSite extends TypeOf<typeof currentSite> {}

/** The controller and site that a key names. It does not check that the key exists. */
export function parseSiteKey(key: string): { readonly controller: string; readonly site: string } | undefined {
  const match = /^site_([a-z0-9-]{1,40})_([a-z0-9-]{1,40})_[A-Za-z0-9_-]{22}$/.exec(key)
  return match?.[1] === undefined || match[2] === undefined ? undefined : { controller: match[1], site: match[2] }
}
