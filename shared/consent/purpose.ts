/** The purposes that a policy version declares: what data is used for, on which basis, by whom, where and for how long. */
import { regions } from './countries.ts'
import {
  country,
  duration,
  flag,
  id,
  jurisdiction,
  list,
  localised,
  oneOf,
  oneOfKnown,
  optional,
  place,
  record,
  type TypeOf,
  wording,
} from './schema.ts'

export const legalBases = [
  'consent',
  'contract',
  'legal-obligation',
  'vital-interest',
  'public-task',
  'legitimate-interest',
] as const
export type LegalBasis = (typeof legalBases)[number]

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

/**
 * Why a technology needs no consent. The first two are those of the ePrivacy Directive, art. 5(3). The others are those of the United Kingdom's
 * Data (Use and Access) Act 2025, which put them into the Privacy and Electronic Communications Regulations as schedule A1.
 */
export const exemptGrounds = [
  'transmission',
  'strictly-necessary',
  'security',
  'emergency',
  'statistics',
  'appearance',
] as const
export type ExemptGround = (typeof exemptGrounds)[number]

/** Grounds of British law alone. */
export const britishGrounds: ReadonlySet<ExemptGround> = new Set(['security', 'emergency', 'statistics', 'appearance'])
/** Those of them that hold only while people may object. */
export const objectableGrounds: ReadonlySet<ExemptGround> = new Set(['statistics', 'appearance'])

export const technology = record({
  name: wording,
  kind: oneOfKnown(technologyKinds),
  /** Who sets or reads it, e.g. `first-party` or a company's name. */
  party: wording,
  domain: optional(wording),
  /** ISO 8601 duration, or `session`. */
  lifetime: duration,
  exempt: optional(record({ ground: oneOfKnown(exemptGrounds), reason: wording })),
})
export interface Technology extends TypeOf<typeof technology> {}

export const dataForms = ['personal', 'de-identified', 'aggregated'] as const
export type DataForm = (typeof dataForms)[number]

export const recipientRoles = ['processor', 'joint-controller', 'controller'] as const

export const recipient = record({
  party: wording,
  /** What kind of party, e.g. `service provider`, `group company`, `partner`, `authority`. */
  type: wording,
  role: oneOfKnown(recipientRoles),
  reliesOnConsent: flag,
  /** Exactly one of country and region is present: a region when the recipient may be in several countries. */
  country: optional(country),
  region: optional(oneOfKnown(regions)),
  /** The safeguard of a transfer to a third country, e.g. `standard contractual clauses`. Required for `worldwide`. */
  transfer: optional(wording),
  /** The forms of data that it gets, e.g. `['aggregated']`. Absent: every form that the purpose declares. */
  forms: optional(list(oneOfKnown(dataForms))),
})
export interface Recipient extends TypeOf<typeof recipient> {}

export const dataCategory = record({
  category: wording,
  form: oneOfKnown(dataForms),
  /** A special category of GDPR art. 9. */
  special: optional(flag),
  sources: list(wording),
})
export interface DataCategory extends TypeOf<typeof dataCategory> {}

/** What ends the keeping of data when it is not a duration: GDPR art. 13(2)(a), "the criteria used to determine that period". */
export const retentionCriteria = ['purpose-ended', 'relation-ended', 'law'] as const

export const retentionCriterion = record({
  criterion: oneOfKnown(retentionCriteria),
  /** The event that ends it, or the law that requires it, e.g. `the day on which the case is closed`. */
  text: localised,
})
export interface RetentionCriterion extends TypeOf<typeof retentionCriterion> {}

/** DPV's kinds of safeguard: `dpv:TechnicalMeasure`, `dpv:OrganisationalMeasure`, `dpv:PhysicalMeasure`. */
export const securityMeasureKinds = ['technical', 'organisational', 'physical'] as const

/** GDPR art. 32. */
export const securityMeasure = record({ kind: oneOfKnown(securityMeasureKinds), text: localised })
export interface SecurityMeasure extends TypeOf<typeof securityMeasure> {}

/** The logic of automated decisions and of profiling: GDPR art. 13(2)(f). */
export const logicInvolved = record({
  /** What is weighed, and how. */
  logic: localised,
  /** What the result is used for. */
  significance: localised,
  /** What it can mean to the person. */
  consequences: localised,
})

/** A source that another party runs, such as a social platform: that party's terms govern how the data got there. */
export const sourceTerms = record({
  /** One of the sources of the purpose's data categories. */
  source: wording,
  terms: localised,
})
export interface SourceTerms extends TypeOf<typeof sourceTerms> {}

/** Why data is kept longer than the purpose needs it. */
export const retentionExceptionGrounds = ['law', 'dispute', 'authority'] as const

export const retentionException = record({ ground: oneOfKnown(retentionExceptionGrounds), text: localised })
export interface RetentionException extends TypeOf<typeof retentionException> {}

/** How long the record of a decision is kept (`evidence-term.ts`). */
export const evidenceTerms = {
  /** The proof, after the decision ended. */
  evidenceRetention: optional(duration),
  /** IP address, user agent and page, after the decision was recorded. */
  contextRetention: optional(duration),
}

export const purpose = record({
  purposeId: id,
  title: localised,
  description: localised,
  legalBasis: oneOf(legalBases),
  /** The interest pursued; for `legitimate-interest` only, and then required. */
  interest: optional(localised),
  /** Explicit consent (GDPR art. 9(2)(a), 22, 49): an accept-all control does not give it. */
  explicit: optional(flag),
  /** A yes counts once the operator has confirmed it (double opt-in). */
  doubleOptIn: optional(flag),
  /** An objection to it is absolute: GDPR art. 21(3). */
  directMarketing: optional(flag),
  /** The signal Global Privacy Control is a no to this purpose. */
  globalPrivacyControl: optional(flag),
  /** e.g. `debtor`, `creditor`, `third party`, `visitor`. */
  subjectCategories: list(wording),
  dataCategories: list(dataCategory),
  automatedDecision: optional(flag),
  /** Personal aspects are evaluated: GDPR art. 4(4). */
  profiling: optional(flag),
  /** Only with `automatedDecision` or `profiling`. */
  logicInvolved: optional(logicInvolved),
  sourceTerms: optional(list(sourceTerms)),
  securityMeasures: optional(list(securityMeasure)),
  recipients: list(recipient),
  storageLocations: list(place),
  /** How long the data is kept; with `until`, counted from what that states. At least one of the two is present. */
  retention: optional(duration),
  until: optional(retentionCriterion),
  /** When data is kept beyond that. */
  retentionExceptions: optional(list(retentionException)),
  /** Replace the version's. */
  ...evidenceTerms,
  atEnd: oneOfKnown(['erase', 'de-identify']),
  jurisdiction,
  /** How long a consent stands; required for consent. */
  validity: optional(duration),
  /** How long a person who said no, or put the question off, is not asked again; for consent only. Absent: after a no, never. */
  askAgainAfter: optional(duration),
  withdrawalMethod: localised,
  refusal: record({
    consequence: oneOfKnown(['none', 'limited', 'no-service']),
    text: optional(localised),
    /** Why consent is freely given although there is no service without it; required with consent and `no-service`. */
    justification: optional(localised),
  }),
  technologies: list(technology),
})
export interface Purpose extends TypeOf<typeof purpose> {}
