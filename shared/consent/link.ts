/**
 * The link between an event and the policy versions it is about: two facts, fixed at recording. `inForce` is the version in
 * force when the event counts; `shown` is what the person saw, as well as it is evidenced. Evidence is graded, never refused,
 * and never silently rebound to a text that the person did not see.
 */
import type { ShownByReference } from './client-event.ts'
import type { PolicyLink } from './event.ts'
import { findVersion, inForce, type PolicyHistory, type PolicyText, type PolicyVersion, succession } from './policy.ts'

/** The content of a verified notice token. The caller has checked that the token is for this controller and site. */
export interface NoticeClaims {
  readonly policyId: string
  readonly version: string
  readonly locale: string
  readonly textSha256: string
  readonly issuedAt: string
  readonly expiresAt: string
  /** Whether it was served to the subject that now presents it; `unbound`: it was served without a credential. */
  readonly servedTo: 'this-subject' | 'unbound' | 'another-subject'
}

/** A reference to what was shown; a notice token is opened. A token that does not verify is no evidence. */
export type Evidence =
  | { readonly kind: 'token'; readonly claims: NoticeClaims }
  | { readonly kind: 'reference'; readonly reference: ShownByReference }

/** Which version was in force at an instant: by the ledger's own record, or, for imported events, by what versions state. */
export type InForce = typeof inForce

/** One policy's link for an event effective at `effectiveAt`. */
export function linkPolicy(
  history: PolicyHistory,
  effectiveAt: string,
  evidence: Evidence | undefined,
  versionInForce: InForce = inForce,
): PolicyLink {
  const current = versionInForce(history, effectiveAt)
  const base = { policyId: history.policyId, ...(current && { inForce: current.version }) }
  if (evidence === undefined) return { ...base, ...(current && { shown: current.version }), grade: 'assumed' }
  if (evidence.kind === 'token') return { ...base, ...fromToken(evidence.claims, effectiveAt) }
  const { version, textSha256, locale } = evidence.reference
  const said = locale === undefined ? {} : { locale }
  if (textSha256 !== undefined) {
    const match = versionWithText(history, textSha256, effectiveAt, current)
    if (match === undefined) return { ...base, ...said, textSha256, grade: 'unmatched' }
    // The text itself says in which language it is; several may be equal to the byte.
    const texts = match.texts.filter((t) => t.sha256 === textSha256)
    const text = texts.find((t) => t.locale === locale) ?? texts[0]
    return { ...base, ...(text && { locale: text.locale }), textSha256, shown: match.version, grade: 'hashed' }
  }
  if (version !== undefined) {
    const named = findVersion(history, version)
    if (named === undefined) return { ...base, ...said, grade: 'unmatched' }
    if (locale === undefined) return { ...base, shown: version, grade: 'asserted' }
    const text = textOfLocale(named, locale)
    // The version has no such text, so it cannot have been shown. The yes counts under the version named, and is not demonstrable.
    if (text === undefined) return { ...base, ...said, shown: version, grade: 'assumed' }
    return { ...base, locale: text.locale, shown: version, grade: 'asserted' }
  }
  return { ...base, ...said, ...(current && { shown: current.version }), grade: 'assumed' }
}

/** The version's text in a locale, whose tag may differ in case (RFC 5646, section 2.1.1). */
export function textOfLocale({ texts }: PolicyVersion, locale: string): PolicyText | undefined {
  const tag = locale.toLowerCase()
  return texts.find((t) => t.locale === locale) ?? texts.find((t) => t.locale.toLowerCase() === tag)
}

/**
 * The text of `version` that a link names: by its hash, by its locale, or because the version has no other. `undefined` when the link
 * leaves open which one it was, and when it names one that the version does not have.
 */
export function textNamed(
  { shown, locale, textSha256 }: PolicyLink,
  { version, texts }: PolicyVersion,
): PolicyText | undefined {
  if (version === shown && textSha256 !== undefined) return texts.find((t) => t.sha256 === textSha256)
  if (version === shown && locale !== undefined) return texts.find((t) => t.locale === locale)
  return texts.length === 1 ? texts[0] : undefined
}

function fromToken(claims: NoticeClaims, effectiveAt: string): Omit<PolicyLink, 'policyId' | 'inForce'> {
  // Version and locale already identify the text, so the hash would repeat it.
  const shown = { shown: claims.version, locale: claims.locale }
  if (claims.servedTo === 'another-subject') return { ...shown, grade: 'asserted' }
  if (effectiveAt > claims.expiresAt) return { ...shown, grade: 'served-expired' }
  return { ...shown, grade: claims.servedTo === 'this-subject' ? 'served' : 'served-unbound' }
}

/** For a hash: the match in force then, else the latest before, else the next. A retracted version was seen too. */
function versionWithText(
  history: PolicyHistory,
  sha256: string,
  at: string,
  current: PolicyVersion | undefined,
): PolicyVersion | undefined {
  const has = (v: PolicyVersion) => v.texts.some((t) => t.sha256 === sha256)
  const matches = succession(history).filter(has)
  return (
    matches.find((v) => v === current) ??
    matches.findLast((v) => v.notBefore <= at) ??
    matches.find((v) => v.notBefore > at) ??
    history.versions.find(has)
  )
}
