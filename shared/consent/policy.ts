/**
 * Policies, their versions and the purposes they declare; and which version is in force at an instant.
 * Times are RFC 3339 UTC strings with milliseconds (`2026-03-01T00:00:00.000Z`), so that they compare as text.
 */

import type { Region } from './countries.ts'
import type { LogicInvolved, RetentionException, SecurityMeasure, SourceTerms } from './disclosed-processing.ts'

/** A text per BCP 47 locale, e.g. `{ 'sv-SE': '...', en: '...' }`. */
export type Localised = Readonly<Record<string, string>>

export const legalBases = [
  'consent',
  'contract',
  'legal-obligation',
  'vital-interest',
  'public-task',
  'legitimate-interest',
] as const
export type LegalBasis = (typeof legalBases)[number]

export const policyKinds = ['terms', 'privacy', 'cookie', 'other'] as const
export type PolicyKind = (typeof policyKinds)[number]

export const technologyKinds = [
  'permanent-cookie',
  'session-cookie',
  'pixel',
  'local-storage',
  'sdk',
  'web-beacon',
  'tag',
  'gif-file',
  'other',
] as const

export interface Technology {
  readonly name: string
  readonly kind: (typeof technologyKinds)[number]
  /** Who sets or reads it, e.g. `first-party` or a company's name. */
  readonly party: string
  readonly domain?: string
  /** ISO 8601 duration, or `session`. */
  readonly lifetime: string
  /** Needs no consent, because: ePrivacy art. 5(3). */
  readonly exempt?: { readonly ground: 'transmission' | 'strictly-necessary'; readonly reason: string }
}

export interface Recipient {
  readonly party: string
  /** What kind of party, e.g. `service provider`, `group company`, `partner`, `authority`. */
  readonly type: string
  readonly role: 'processor' | 'joint-controller' | 'controller'
  readonly reliesOnConsent: boolean
  /** ISO 3166-1 alpha-2. Exactly one of country and region is present: a region when the recipient may be in several countries. */
  readonly country?: string
  readonly region?: Region
  /** The safeguard of a transfer to a third country, e.g. `standard contractual clauses`. Required for `worldwide`. */
  readonly transfer?: string
  /** The forms of data that it gets, e.g. `['aggregated']`. Absent: every form that the purpose declares. */
  readonly forms?: readonly DataForm[]
}

export const dataForms = ['personal', 'de-identified', 'aggregated'] as const
export type DataForm = (typeof dataForms)[number]

export interface DataCategory {
  readonly category: string
  readonly form: DataForm
  /** A special category of GDPR art. 9. */
  readonly special?: boolean
  readonly sources: readonly string[]
}

/** What ends the keeping of data when it is not a duration: GDPR art. 13(2)(a), "the criteria used to determine that period". */
export const retentionCriteria = ['purpose-ended', 'relation-ended', 'law'] as const

export interface RetentionCriterion {
  readonly criterion: (typeof retentionCriteria)[number]
  /** The event that ends it, or the law that requires it, e.g. `the day on which the case is closed`. */
  readonly text: Localised
}

export interface Purpose {
  readonly purposeId: string
  readonly title: Localised
  readonly description: Localised
  readonly legalBasis: LegalBasis
  /** The interest pursued; for `legitimate-interest` only, and then required. */
  readonly interest?: Localised
  /** Explicit consent (GDPR art. 9(2)(a), 22, 49): an accept-all control does not give it. */
  readonly explicit?: boolean
  /** A yes counts once the operator has confirmed it (double opt-in). */
  readonly doubleOptIn?: boolean
  /** An objection to it is absolute: GDPR art. 21(3). */
  readonly directMarketing?: boolean
  /** The signal Global Privacy Control is a no to this purpose. */
  readonly globalPrivacyControl?: boolean
  /** e.g. `debtor`, `creditor`, `third party`, `visitor`. */
  readonly subjectCategories: readonly string[]
  readonly dataCategories: readonly DataCategory[]
  readonly automatedDecision?: boolean
  /** Personal aspects are evaluated: GDPR art. 4(4). */
  readonly profiling?: boolean
  /** Only with `automatedDecision` or `profiling`. */
  readonly logicInvolved?: LogicInvolved
  readonly sourceTerms?: readonly SourceTerms[]
  readonly securityMeasures?: readonly SecurityMeasure[]
  readonly recipients: readonly Recipient[]
  /** Countries (ISO 3166-1 alpha-2) or regions (`places.ts`). */
  readonly storageLocations: readonly string[]
  /** How long the data is kept, an ISO 8601 duration; with `until`, counted from what that states. At least one of the two is present. */
  readonly retention?: string
  readonly until?: RetentionCriterion
  /** When data is kept beyond that. */
  readonly retentionExceptions?: readonly RetentionException[]
  /** ISO 8601 duration that replaces the version's (`evidence-term.ts`). */
  readonly evidenceRetention?: string
  readonly atEnd: 'erase' | 'de-identify'
  /** A country, a subdivision of one (ISO 3166-2), or `EEA`. */
  readonly jurisdiction: string
  /** ISO 8601 duration for which a consent stands; required for consent. */
  readonly validity?: string
  readonly withdrawalMethod: Localised
  readonly refusal: {
    readonly consequence: 'none' | 'limited' | 'no-service'
    readonly text?: Localised
    /** Why consent is freely given although there is no service without it; required with consent and `no-service`. */
    readonly justification?: Localised
  }
  readonly technologies: readonly Technology[]
}

export interface PolicyText {
  readonly locale: string
  readonly mediaType: 'text/markdown' | 'text/html' | 'text/plain'
  /** Lower-case hex SHA-256 of the bytes that the ledger stores and serves. */
  readonly sha256: string
}

export type ChangeLevel = 'major' | 'minor'

export interface PurposeChange {
  readonly purposeId: string
  readonly level: ChangeLevel
  readonly reason: string
}

/** One immutable version of a policy, as stored and served. */
export interface PolicyVersion {
  readonly policyId: string
  readonly kind: PolicyKind
  readonly version: string
  /** Sites, apps and services that it covers. */
  readonly scope: readonly string[]
  readonly title: Localised
  /** The date that the policy itself states; may lie before its publication (`retroactive`). */
  readonly effectiveFrom: string
  readonly publishedAt: string
  /** From when it is in force, whatever it states: never before it was published. */
  readonly notBefore: string
  readonly retroactive: boolean
  readonly texts: readonly PolicyText[]
  readonly purposes: readonly Purpose[]
  /** How long the proof of a decision is kept after the decision ended, an ISO 8601 duration (`evidence-term.ts`). */
  readonly evidenceRetention?: string
  /** How the text as a whole differs from the version before it: a major one needs a new acceptance. */
  readonly level: ChangeLevel
  /** The version that `changes` and `level` compare with; none for a policy's first. */
  readonly comparedWith?: string
  readonly changes: readonly PurposeChange[]
  readonly ground: 'fault' | 'law' | 'technology' | 'business'
  readonly summary: Localised
}

/** A version withdrawn before its date: it is never in force, and known to be so from `retractedAt`. */
export interface Retraction {
  readonly version: string
  readonly retractedAt: string
  readonly reason: string
}

export interface PresentationControl {
  readonly purposeId: string
  readonly label: Localised
  readonly initially: 'on' | 'off'
}

/** The first layer that people saw: its wording, its controls with their initial state, and the way to refuse. */
export interface Presentation {
  readonly presentationId: string
  readonly policyId: string
  readonly publishedAt: string
  readonly wording: Localised
  readonly controls: readonly PresentationControl[]
  readonly refusal: { readonly label: Localised; readonly layer: number }
}

/** Everything published under one policy, versions in any order. */
export interface PolicyHistory {
  readonly policyId: string
  readonly versions: readonly (PolicyVersion & Backdatable)[]
  readonly retractions: readonly (Retraction & Backdatable)[]
  readonly presentations: readonly (Presentation & Backdatable)[]
  /** Keys of stored versions and retractions that cannot be read, such as `version#2`. Absent when there are none. */
  readonly unreadable?: readonly string[]
}

/** The history as it was known at an instant: what was published, and what retracted, by then. */
export function historyKnownAt(history: PolicyHistory, knownAt: string): PolicyHistory {
  return {
    policyId: history.policyId,
    versions: history.versions.filter((v) => knownFrom(v, v.publishedAt) <= knownAt),
    retractions: history.retractions.filter((r) => knownFrom(r, r.retractedAt) <= knownAt),
    presentations: history.presentations.filter((p) => knownFrom(p, p.publishedAt) <= knownAt),
  }
}

/** What the log shows to be backdated is known only from its first checkpoint, whatever time it states. */
export interface Backdatable {
  readonly knownFrom?: string
}

export function knownFrom(fact: Backdatable, statedAt: string): string {
  return fact.knownFrom ?? statedAt
}

/** The unretracted versions, by the instant from which each is in force. */
export function succession(history: PolicyHistory): PolicyVersion[] {
  const retracted = new Set(history.retractions.map((r) => r.version))
  return history.versions.filter((v) => !retracted.has(v.version)).sort(byNotBefore)
}

/** Publication refuses two versions at one instant; should there be two all the same, the later published comes later. */
export function byNotBefore(a: PolicyVersion, b: PolicyVersion): number {
  return (
    compareText(a.notBefore, b.notBefore) ||
    compareText(a.publishedAt, b.publishedAt) ||
    compareText(a.version, b.version)
  )
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The version in force at `at`: the unretracted one with the greatest `notBefore <= at`; none before the first. */
export function inForce(history: PolicyHistory, at: string): PolicyVersion | undefined {
  return succession(history).findLast((v) => v.notBefore <= at)
}

/**
 * The version that says of itself that it applied at `at`, published then or later: what links events imported from before the
 * ledger. Of two that state the same date the one in force later.
 */
export function statedInForce(history: PolicyHistory, at: string): PolicyVersion | undefined {
  const stated = succession(history).filter((v) => v.effectiveFrom <= at)
  return stated.reduce<PolicyVersion | undefined>(
    (latest, v) => (latest && latest.effectiveFrom > v.effectiveFrom ? latest : v),
    undefined,
  )
}

export function findVersion(history: PolicyHistory, version: string): PolicyVersion | undefined {
  return history.versions.find((v) => v.version === version)
}

export function findPurpose(
  version: Pick<PolicyVersion, 'purposes'> | undefined,
  purposeId: string,
): Purpose | undefined {
  return version?.purposes.find((p) => p.purposeId === purposeId)
}
