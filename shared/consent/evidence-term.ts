/** The evidence term: how long the proof of a decision is kept after the decision ended. */
import { findPurpose, type PolicyVersion } from './policy.ts'

/** Evidence term of versions that state none, such as all published before December 2026. */
export const defaultEvidenceRetention = 'P5Y'

/**
 * The evidence term that a version sets for a purpose: how long the proof of a decision is kept after the decision ended. The purpose's own
 * term takes precedence over the version's. Without a `purposeId`, the term for decisions on the policy as a whole.
 *
 * It differs from a purpose's retention, which is for the data. A controller must be able to show a consent for as long as it processes
 * (GDPR art. 7(1)), and may keep the proof longer for legal claims only (art. 17(3)(e)), so the term must end.
 */
export function evidenceRetentionOf(
  version: Pick<PolicyVersion, 'purposes' | 'evidenceRetention'>,
  purposeId: string | undefined,
): string {
  const purpose = purposeId === undefined ? undefined : findPurpose(version, purposeId)
  return purpose?.evidenceRetention ?? version.evidenceRetention ?? defaultEvidenceRetention
}
