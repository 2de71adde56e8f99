/**
 * The evidence term: how long the proof of a decision is kept after the decision ended. It is not the retention of the data, which
 * says how long the data of a purpose is kept: a controller that processes on consent has to show the consent for as long as it
 * processes (GDPR art. 7(1)), and the proof may outlast the processing for legal claims only (art. 17(3)(e)), so the term ends.
 */
import { findPurpose, type PolicyVersion } from './policy.ts'

/** Of versions that state none, such as those published before December 2026. */
export const defaultEvidenceRetention = 'P5Y'

/** What a version says of a purpose, or of decisions on the policy as a whole: the purpose's own term, else the version's. */
export function evidenceRetentionOf(
  version: Pick<PolicyVersion, 'purposes' | 'evidenceRetention'>,
  purposeId: string | undefined,
): string {
  const purpose = purposeId === undefined ? undefined : findPurpose(version, purposeId)
  return purpose?.evidenceRetention ?? version.evidenceRetention ?? defaultEvidenceRetention
}
