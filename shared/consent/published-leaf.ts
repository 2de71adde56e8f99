/**
 * The leaves of what a controller publishes: in clear, since it is no secret, as RFC 8785 canonical JSON. Each carries the dates
 * that decide what is in force, and digests (lower-case hex SHA-256 of the canonical JSON) of the rest, so that a verifier who
 * has the record makes the same bytes again.
 *
 *   version       {"changes","content","effectiveFrom","kind":"policy","notBefore","policyId","publishedAt","purposes","texts","v":1,"version"}
 *   retraction    {"content","kind":"policy","policyId","retractedAt","v":1,"version"}
 *   presentation  {"content","kind":"presentation","policyId","presentationId","publishedAt","v":1}
 *   controller    {"content","controller","createdAt","entryBundles","kind":"controller","v":1}: who may read the bundles is in the log
 *   site          {"content","createdAt","kind":"site","site","v":1}
 *   site-origins  {"change","changedAt","content","kind":"site-origins","site","v":1}
 *   site-revocation  {"content","kind":"site-revocation","revokedAt","site","v":1}
 *   identity-provider  {"audience","content","createdAt","issuer","kind":"identity-provider","v":1}: whose tokens speak for the controller
 *   identity-provider-change  {"audience"?,"change","changedAt","content","issuer"?,"kind":"identity-provider-change","v":1}
 *   key-change    {"change","changedAt","content","keys","kind":"key-change","stolen","v":1,"vkey"?}: which keys were replaced, without secret keys
 */

import canonicalize from 'canonicalize'
import { sha256 } from '#sha256'
import type { Controller } from './controller.ts'
import type { IdentityProviderChange, RecordedIdentityProvider } from './identity-provider.ts'
import type { KeyChange } from './key-change.ts'
import type { PolicyVersion, Presentation, Retraction } from './policy.ts'
import type { Site, SiteOrigins, SiteRevocation } from './site.ts'

const encoder = new TextEncoder()

export function sha256Hex(text: string): string {
  let hex = ''
  for (const byte of sha256(encoder.encode(text))) hex += byte.toString(16).padStart(2, '0')
  return hex
}

/** SHA-256 of the canonical JSON (RFC 8785), in hex. Members that are undefined count as absent. */
export function digestOf(content: unknown): string {
  return sha256Hex(String(canonicalize(content)))
}

export type ClearLeafKind =
  | 'policy'
  | 'presentation'
  | 'controller'
  | 'site'
  | 'site-origins'
  | 'site-revocation'
  | 'identity-provider'
  | 'identity-provider-change'
  | 'key-change'

function clearLeaf(kind: ClearLeafKind, content: object): string {
  return String(canonicalize({ ...content, kind, v: 1 }))
}

const versionLeaves = new WeakMap<PolicyVersion, string>()

/** Made once: a version never changes. `content` is the whole record: kind and scope decide what counts, too. */
export function versionLeaf(version: PolicyVersion): string {
  const leaf = versionLeaves.get(version) ?? makeVersionLeaf(version)
  versionLeaves.set(version, leaf)
  return leaf
}

function makeVersionLeaf(v: PolicyVersion): string {
  return clearLeaf('policy', {
    policyId: v.policyId,
    version: v.version,
    effectiveFrom: v.effectiveFrom,
    publishedAt: v.publishedAt,
    notBefore: v.notBefore,
    texts: v.texts,
    purposes: digestOf(v.purposes),
    changes: digestOf({ level: v.level, comparedWith: v.comparedWith ?? null, changes: v.changes }),
    content: digestOf(v),
  })
}

export function retractionLeaf(policyId: string, { retractedAt, ...draft }: Retraction): string {
  return clearLeaf('policy', { policyId, version: draft.version, retractedAt, content: digestOf(draft) })
}

export function presentationLeaf({ publishedAt, ...draft }: Presentation): string {
  const { presentationId, policyId } = draft
  return clearLeaf('presentation', { presentationId, policyId, publishedAt, content: digestOf(draft) })
}

/** `content` is the whole record: whose tokens speak for the controller is in it. */
export function controllerLeaf(record: Controller): string {
  const { controller, createdAt, entryBundles } = record
  return clearLeaf('controller', { controller, createdAt, entryBundles, content: digestOf(record) })
}

/** `content` is the digest of the whole record, with the allowed origins and the publishable key. */
export function siteLeaf(record: Site): string {
  const { site, createdAt } = record
  return clearLeaf('site', { site, createdAt, content: digestOf(record) })
}

/** `content` is the digest of the whole record, with the origins. */
export function siteOriginsLeaf(record: SiteOrigins): string {
  const { site, change, changedAt } = record
  return clearLeaf('site-origins', { site, change, changedAt, content: digestOf(record) })
}

export function siteRevocationLeaf(record: SiteRevocation): string {
  const { site, revokedAt } = record
  return clearLeaf('site-revocation', { site, revokedAt, content: digestOf(record) })
}

/** `content` is the digest of the whole record, with the keys that verify tokens or the address of these keys. */
export function identityProviderLeaf(record: RecordedIdentityProvider): string {
  const { issuer, audience, createdAt } = record
  return clearLeaf('identity-provider', { issuer, audience, createdAt, content: digestOf(record) })
}

/** Without issuer and audience when the provider was removed. */
export function identityProviderChangeLeaf(record: IdentityProviderChange): string {
  const { change, changedAt, identityProvider } = record
  const named = identityProvider && { issuer: identityProvider.issuer, audience: identityProvider.audience }
  return clearLeaf('identity-provider-change', { ...named, change, changedAt, content: digestOf(record) })
}

/** `content` is the digest of the whole record, with the ground. A new checkpoint key is in clear, so that the log vouches for it. */
export function keyChangeLeaf(record: KeyChange): string {
  const { change, keys, stolen, changedAt, vkey } = record
  return clearLeaf('key-change', { change, keys, stolen, changedAt, vkey, content: digestOf(record) })
}
