/**
 * What a draft does to what people have already answered, by the rules of `shared/consent/policy-versions.ts`. The ledger does not count people, so
 * this names groups of them.
 */
import { findPurpose, type Localised, type PolicyVersion } from '../../../shared/consent/policy.ts'
import type { Draft } from './draft.ts'

export type Outcome =
  /** A consent ends when the version comes into force, and the person is asked again. */
  | 'asked-again'
  /** The purpose is gone, and consents to it end for good. */
  | 'ended'
  | 'asked-first'
  | 'informed-first'
  /** What people answered still counts. */
  | 'stands'

export interface Effect {
  readonly purposeId: string
  readonly title: Localised
  readonly outcome: Outcome
  readonly isConsent: boolean
}

export function effectsOf(draft: Draft, before: PolicyVersion | undefined): Effect[] {
  const effects = draft.purposes.map((purpose): Effect => {
    const { purposeId, title } = purpose
    const isConsent = purpose.legalBasis === 'consent'
    const isNew = findPurpose(before, purposeId) === undefined
    const isMajor = draft.changes.some((change) => change.purposeId === purposeId && change.level === 'major')
    const outcome = isNew
      ? isConsent
        ? 'asked-first'
        : 'informed-first'
      : isMajor && isConsent
        ? 'asked-again'
        : 'stands'
    return { purposeId, title, outcome, isConsent }
  })
  const gone = (before?.purposes ?? []).filter(({ purposeId }) => findPurpose(draft, purposeId) === undefined)
  return [
    ...effects,
    ...gone.map(({ purposeId, title, legalBasis }): Effect => {
      return { purposeId, title, outcome: 'ended', isConsent: legalBasis === 'consent' }
    }),
  ]
}

/** Whether acceptances of the text itself stop being current. */
export function endsAcceptances(draft: Draft, before: PolicyVersion | undefined): boolean {
  return before !== undefined && draft.level === 'major'
}
