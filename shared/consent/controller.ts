/** Controllers, who are responsible for the processing. */
import { identityProvider } from './identity-provider.ts'
import { evidenceTerms } from './purpose.ts'
import { country, extended, id, instant, list, localised, oneOf, record, type TypeOf, wording } from './schema.ts'

/** How IP addresses are stored: not at all, cut to /24 or /48 (the default), hashed under a key that lives as long as the context, or in full. */
export const ipAddressModes = ['drop', 'truncate', 'hash', 'keep'] as const
export type IpAddressMode = (typeof ipAddressModes)[number]

/** Who may read the entry bundles of the controller's log, which contain pseudonyms. Hash tiles and checkpoints are public. */
export const entryBundleReaders = ['auditors', 'public'] as const

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

export const controllerDraft = extended(publicController, {
  ipAddress: oneOf(ipAddressModes),
  identityProvider,
  /** Terms of versions that state none (`evidence-term.ts`), ISO 8601: they are published with these. */
  ...evidenceTerms,
})
export interface ControllerDraft extends TypeOf<typeof controllerDraft> {}

export const controller = extended(controllerDraft, { createdAt: instant })
export interface Controller extends TypeOf<typeof controller> {}
