/**
 * Policies and their versions, presentations and retractions; and which version is in force at an instant.
 * Times are RFC 3339 UTC strings with milliseconds (`2026-03-01T00:00:00.000Z`), so that they compare as text.
 */
import { evidenceTerms, type Purpose, purpose } from './purpose.ts'
import {
  conforms,
  extended,
  flag,
  id,
  instant,
  integer,
  list,
  locale,
  localised,
  oneOf,
  oneOfKnown,
  optional,
  record,
  sha256Hex,
  type TypeOf,
  versionName,
  wording,
} from './schema.ts'

/** A text per BCP 47 locale, e.g. `{ 'sv-SE': '...', en: '...' }`. */
export type Localised = TypeOf<typeof localised>

export const policyKinds = ['terms', 'privacy', 'cookie', 'other'] as const
export type PolicyKind = (typeof policyKinds)[number]

const textMembers = { locale, mediaType: oneOfKnown(['text/markdown', 'text/html', 'text/plain']) }
export const draftText = record({ ...textMembers, text: wording })
/** `sha256` is the hash of the bytes that the ledger stores and serves. */
export const policyText = record({ ...textMembers, sha256: sha256Hex })
export interface PolicyText extends TypeOf<typeof policyText> {}

export const changeLevels = ['major', 'minor'] as const

export const purposeChange = record({ purposeId: id, level: oneOf(changeLevels), reason: wording })

/** A version as its author sends it, without its policyId. The ledger adds hashes, dates and the version it was compared with. */
export const versionDraft = record({
  version: versionName,
  kind: oneOf(policyKinds),
  /** Sites, apps and services that the policy covers. */
  scope: list(wording),
  title: localised,
  /** The date that the policy itself states. Without it the version comes into force as soon as possible. */
  effectiveFrom: optional(instant),
  texts: list(draftText),
  purposes: list(purpose),
  ...evidenceTerms,
  /** Level of the change from the version before it. After a major change people have to accept again. */
  level: oneOf(changeLevels),
  changes: list(purposeChange),
  ground: oneOfKnown(['fault', 'law', 'technology', 'business']),
  summary: localised,
})

/** One immutable version of a policy, as stored and served. */
export const policyVersion = extended(versionDraft, {
  policyId: id,
  /** The date that the policy itself states. It may be earlier than the publication (`retroactive`). */
  effectiveFrom: instant,
  publishedAt: instant,
  /** The instant from which it is in force, which is never before its publication. */
  notBefore: instant,
  retroactive: flag,
  texts: list(policyText),
  /** The version with which `changes` and `level` compare; absent from a policy's first version. */
  comparedWith: optional(versionName),
})
export interface PolicyVersion extends TypeOf<typeof policyVersion> {}

export const retractionDraft = record({ version: versionName, reason: wording })
/** The retraction of a version before its date. The version never comes into force, and this is known from `retractedAt`. */
export const retraction = extended(retractionDraft, { retractedAt: instant })
export interface Retraction extends TypeOf<typeof retraction> {}

export const presentationControl = record({ purposeId: id, label: localised, initially: oneOf(['on', 'off']) })
export interface PresentationControl extends TypeOf<typeof presentationControl> {}

/** The first layer that people saw: its wording, its controls with their initial state, and the way to refuse. */
export const presentationDraft = record({
  presentationId: id,
  wording: localised,
  controls: list(presentationControl),
  refusal: record({ label: localised, layer: integer }),
})
export const presentation = extended(presentationDraft, { policyId: id, publishedAt: instant })
export interface Presentation extends TypeOf<typeof presentation> {}

export const isPolicyVersion = (value: unknown): value is PolicyVersion => conforms(policyVersion, value)
export const isRetraction = (value: unknown): value is Retraction => conforms(retraction, value)
export const isPresentation = (value: unknown): value is Presentation => conforms(presentation, value)

/** Everything published under one policy, versions in any order. */
export interface PolicyHistory {
  readonly policyId: string
  readonly versions: readonly (PolicyVersion & Backdatable)[]
  readonly retractions: readonly (Retraction & Backdatable)[]
  readonly presentations: readonly (Presentation & Backdatable)[]
  /** Keys of stored versions and retractions that cannot be read, such as `version#2`. Absent when there are none. */
  readonly unreadable?: readonly string[]
}

/**
 * The history as known at an instant: only publications and retractions made by then. Returns the given history itself when all of it was
 * known by then, so that what is cached for a history (`succession`, `versionsFor`) is used again.
 */
export function historyKnownAt(history: PolicyHistory, knownAt: string): PolicyHistory {
  const { policyId } = history
  const versions = history.versions.filter((v) => knownFrom(v, v.publishedAt) <= knownAt)
  const retractions = history.retractions.filter((r) => knownFrom(r, r.retractedAt) <= knownAt)
  const presentations = history.presentations.filter((p) => knownFrom(p, p.publishedAt) <= knownAt)
  const isWhole =
    history.unreadable === undefined &&
    versions.length === history.versions.length &&
    retractions.length === history.retractions.length &&
    presentations.length === history.presentations.length
  return isWhole ? history : { policyId, versions, retractions, presentations }
}

/** A record that may be backdated. `knownFrom` is set when the log shows that it is: the time of the first checkpoint that has it. */
export interface Backdatable {
  readonly knownFrom?: string
}

export function knownFrom(fact: Backdatable, statedAt: string): string {
  return fact.knownFrom ?? statedAt
}

const successions = new WeakMap<PolicyHistory, readonly PolicyVersion[]>()

/** The unretracted versions, by the instant from which each is in force. Sorted once: a history never changes. */
export function succession(history: PolicyHistory): readonly PolicyVersion[] {
  const known = successions.get(history)
  if (known !== undefined) return known
  const retracted = new Set(history.retractions.map((r) => r.version))
  const sorted = history.versions.filter((v) => !retracted.has(v.version)).sort(byNotBefore)
  successions.set(history, sorted)
  return sorted
}

/** Orders versions by the instant of coming into force. Publication refuses two at one instant; if both exist, publication time decides. */
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
 * The version that by its own statement applied at `at`, even if it was published later. Events imported from before the ledger are linked
 * to it. If two state the same date, the one that came into force later counts.
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
