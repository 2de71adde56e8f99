/**
 * Which choice a purpose leaves to people, by its legal basis: consent may be refused and withdrawn (GDPR art. 7(3)), a legitimate interest
 * and a task in the public interest may be objected to (art. 21(1)), and the other bases leave none.
 */
import type { LegalBasis } from '../../shared/consent/purpose.ts'

export type ChoiceKind = 'consent' | 'objection' | 'none'

export function choiceKind(legalBasis: LegalBasis): ChoiceKind {
  if (legalBasis === 'consent') return 'consent'
  return legalBasis === 'legitimate-interest' || legalBasis === 'public-task' ? 'objection' : 'none'
}
