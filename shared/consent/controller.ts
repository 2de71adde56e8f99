/** Controllers and their sites: who answers for the processing, and where people meet them. */
import type { Localised } from './policy.ts'

/** What becomes of IP addresses: dropped, cut to /24 and /48 (the default), hashed with the context key's lifetime, or kept. */
export const ipAddressModes = ['drop', 'truncate', 'hash', 'keep'] as const
export type IpAddressMode = (typeof ipAddressModes)[number]

/** Tokens of this issuer, for this audience, signed by these keys, speak for the controller. Exactly one source of keys. */
export interface IdentityProvider {
  readonly issuer: string
  readonly audience: string
  readonly jwksUri?: string
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
}

/** An identity provider as it is recorded next to its controller, with a leaf of its own. */
export interface RecordedIdentityProvider extends IdentityProvider {
  readonly createdAt: string
}

export interface ControllerDraft {
  /** `[a-z0-9-]{1,40}` */
  readonly controller: string
  readonly name: string
  readonly address: string
  readonly country: string
  readonly contact: string
  readonly dataProtectionOfficer: string
  readonly supervisoryAuthority: string
  readonly licences: readonly string[]
  readonly glossary: readonly { readonly term: Localised; readonly meaning: Localised }[]
  readonly ipAddress: IpAddressMode
  readonly identityProvider: IdentityProvider
  readonly entryBundles: EntryBundleReaders
}

/** Who may read the entry bundles of the controller's log. They carry pseudonyms; hash tiles and checkpoints are for everyone. */
export const entryBundleReaders = ['auditors', 'public'] as const
export type EntryBundleReaders = (typeof entryBundleReaders)[number]

export interface Controller extends ControllerDraft {
  readonly createdAt: string
}

export interface SiteDraft {
  /** `[a-z0-9-]{1,40}`, unique within its controller. */
  readonly site: string
  readonly kind: 'web' | 'app' | 'service'
  readonly name: string
  /** Origins whose pages and web views may call, as `readOrigin` writes them; empty for native apps and services. */
  readonly origins: readonly string[]
  /** For pages that ask with a c15t client. */
  readonly c15t?: ClientNames
}

/** What a site's consent client calls what is declared here. Names that nothing has are ignored. */
export interface ClientNames {
  /** The policy that its banner is about. @default the cookie policy in force */
  readonly policyId?: string
  /** purposeId by the client's category. @default each category is the purpose of its name */
  readonly purposes?: Readonly<Record<string, string>>
  /** policyId by the client's type of document. @default the controller's terms and privacy policy */
  readonly documents?: Readonly<Record<string, string>>
}

export interface Site extends SiteDraft {
  readonly createdAt: string
  /** Publishable: it names controller and site, may write, and reads nothing. `site_<controller>_<site>_<random>` */
  readonly key: string
}

/** The origins of a site from a change on: all of them, in the place of those before. */
export interface OriginsDraft {
  readonly site: string
  /** 1 for the site's first change, then one more each time. */
  readonly change: number
  readonly origins: readonly string[]
}

export interface SiteOrigins extends OriginsDraft {
  readonly changedAt: string
}

/** A site as it stands: `origins` are those of its latest change. */
export interface CurrentSite extends Site {
  /** Number of the latest change of its origins; 0 before the first. */
  readonly change: number
  /** Absent before the first change. */
  readonly changedAt?: string
}

/** The controller and site that a key names; says nothing about whether such a key exists. */
export function parseSiteKey(key: string): { readonly controller: string; readonly site: string } | undefined {
  const match = /^site_([a-z0-9-]{1,40})_([a-z0-9-]{1,40})_[A-Za-z0-9_-]{22}$/.exec(key)
  return match?.[1] === undefined || match[2] === undefined ? undefined : { controller: match[1], site: match[2] }
}
