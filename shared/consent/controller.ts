/** Controllers, who are responsible for the processing, and their sites, on which people decide. */
import {
  conforms,
  country,
  extended,
  id,
  instant,
  integer,
  list,
  localised,
  mapOf,
  oneOf,
  oneOfKnown,
  opaque,
  optional,
  record,
  type TypeOf,
  wording,
} from './schema.ts'

/** How IP addresses are stored: not at all, cut to /24 or /48 (the default), hashed under a key that lives as long as the context, or in full. */
export const ipAddressModes = ['drop', 'truncate', 'hash', 'keep'] as const
export type IpAddressMode = (typeof ipAddressModes)[number]

/** Who may read the entry bundles of the controller's log, which contain pseudonyms. Hash tiles and checkpoints are public. */
export const entryBundleReaders = ['auditors', 'public'] as const

/** Tokens of this issuer and audience, signed by these keys, speak for the controller. It has either `jwksUri` or `jwks`. */
export const identityProvider = record({
  issuer: wording,
  audience: wording,
  jwksUri: optional(wording),
  /** JSON Web Keys (RFC 7517). */
  jwks: optional(record({ keys: list(opaque<Readonly<Record<string, unknown>>>()) })),
})
export interface IdentityProvider extends TypeOf<typeof identityProvider> {}

/** An identity provider as it is recorded next to its controller, with a leaf of its own. */
export const recordedIdentityProvider = extended(identityProvider, { createdAt: instant })
export interface RecordedIdentityProvider extends TypeOf<typeof recordedIdentityProvider> {}

export const glossaryEntry = record({ term: localised, meaning: localised })

/** What everyone may read of a controller. */
export const publicController = record({
  controller: id,
  name: wording,
  address: wording,
  country,
  contact: wording,
  dataProtectionOfficer: wording,
  supervisoryAuthority: wording,
  licences: list(wording),
  glossary: list(glossaryEntry),
  entryBundles: oneOf(entryBundleReaders),
})

export const controllerDraft = extended(publicController, { ipAddress: oneOf(ipAddressModes), identityProvider })
export interface ControllerDraft extends TypeOf<typeof controllerDraft> {}

export const controller = extended(controllerDraft, { createdAt: instant })
export interface Controller extends TypeOf<typeof controller> {}

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

export const isSite = (value: unknown): value is Site => conforms(site, value)
export const isSiteOrigins = (value: unknown): value is SiteOrigins => conforms(siteOrigins, value)

/** The current state of a site: `origins` are those of its latest change. */
export const currentSite = extended(site, {
  /** Number of the latest change of its origins; 0 before the first. */
  change: integer,
  /** Absent before the first change. */
  changedAt: optional(instant),
})
export interface CurrentSite extends TypeOf<typeof currentSite> {}

/** The controller and site that a key names. It does not check that the key exists. */
export function parseSiteKey(key: string): { readonly controller: string; readonly site: string } | undefined {
  const match = /^site_([a-z0-9-]{1,40})_([a-z0-9-]{1,40})_[A-Za-z0-9_-]{22}$/.exec(key)
  return match?.[1] === undefined || match[2] === undefined ? undefined : { controller: match[1], site: match[2] }
}
