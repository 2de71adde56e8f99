/** What a purpose declares beyond who gets which data for how long: logic, sources, security, exceptions (GDPR art. 13, 14 and 32). */
import type { Localised } from './policy.ts'

/** DPV's kinds of safeguard: `dpv:TechnicalMeasure`, `dpv:OrganisationalMeasure`, `dpv:PhysicalMeasure`. */
export const securityMeasureKinds = ['technical', 'organisational', 'physical'] as const

export interface SecurityMeasure {
  readonly kind: (typeof securityMeasureKinds)[number]
  readonly text: Localised
}

/** GDPR art. 13(2)(f), of automated decisions and of profiling. */
export interface LogicInvolved {
  /** What is weighed, and how. */
  readonly logic: Localised
  /** What the result is used for. */
  readonly significance: Localised
  /** What it can mean to the person. */
  readonly consequences: Localised
}

/** A source that another party runs, such as a social platform: that party's terms govern how the data got there. */
export interface SourceTerms {
  /** One of the sources of the purpose's data categories. */
  readonly source: string
  readonly terms: Localised
}

/** Why data is kept longer than the purpose needs it. */
export const retentionExceptionGrounds = ['law', 'dispute', 'authority'] as const

export interface RetentionException {
  readonly ground: (typeof retentionExceptionGrounds)[number]
  readonly text: Localised
}
