/** How the form of a purpose is divided. Every field is in one group. */
import type { Purpose } from '../../../shared/consent/purpose.ts'

/** The fields of a purpose by what a person wants to know. */
export const fieldGroups = {
  groupWhat: [
    ...(['purposeId', 'title', 'description', 'legalBasis', 'interest', 'validity', 'explicit'] as const),
    ...(['doubleOptIn', 'directMarketing', 'globalPrivacyControl'] as const),
  ],
  groupData: [
    ...(['subjectCategories', 'dataCategories', 'sourceTerms', 'automatedDecision', 'profiling'] as const),
    ...(['logicInvolved', 'securityMeasures'] as const),
  ],
  groupWhere: [
    ...(['recipients', 'storageLocations', 'jurisdiction', 'retention', 'until', 'retentionExceptions'] as const),
    ...(['atEnd', 'evidenceRetention', 'contextRetention'] as const),
  ],
  groupTechnologies: ['technologies'],
  groupChoice: ['withdrawalMethod', 'refusal', 'askAgainAfter'],
} as const satisfies Readonly<Record<string, readonly (keyof Purpose)[]>>
