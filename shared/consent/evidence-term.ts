/**
 * Terms of evidence: how long the keys to the record of a decision are kept. `evidenceRetention` is for its proof, and counts from the end of the
 * decision. `contextRetention` is for IP address, user agent and page, which distinguish fraud from a decision, and counts from the recording;
 * the context never outlives the proof.
 *
 * A purpose's own term takes precedence over its version's, and that over the default. A version that states none is published with the
 * controller's, if it has one. Both terms differ from a purpose's retention, which is for the data. A controller must be able to show a consent for
 * as long as it processes (GDPR art. 7(1)), and may keep the proof longer for legal claims only (art. 17(3)(e)), so every term must end.
 */
import { findPurpose, type PolicyVersion } from './policy.ts'

/** Evidence term where none is stated, as in all versions published before December 2026. */
export const defaultEvidenceRetention = 'P5Y'
/** Context term where none is stated. */
export const defaultContextRetention = 'P90D'

type Stating = Pick<PolicyVersion, 'purposes' | 'evidenceRetention' | 'contextRetention'>

/** The evidence term that a version sets for a purpose. Without a `purposeId`, that for decisions on the policy as a whole. */
export function evidenceRetentionOf(version: Omit<Stating, 'contextRetention'>, purposeId: string | undefined): string {
  const purpose = purposeId === undefined ? undefined : findPurpose(version, purposeId)
  return purpose?.evidenceRetention ?? version.evidenceRetention ?? defaultEvidenceRetention
}

/** The context term that a version sets for a purpose. Without a `purposeId`, that for decisions on the policy as a whole. */
export function contextRetentionOf(version: Omit<Stating, 'evidenceRetention'>, purposeId: string | undefined): string {
  const purpose = purposeId === undefined ? undefined : findPurpose(version, purposeId)
  return purpose?.contextRetention ?? version.contextRetention ?? defaultContextRetention
}

/** The evidence terms that a version sets: for the policy as a whole, and for each purpose. */
export function evidenceTermsIn(version: Stating): string[] {
  return topicsIn(version).map((purposeId) => evidenceRetentionOf(version, purposeId))
}

/** The context terms that a version sets: for the policy as a whole, and for each purpose. */
export function contextTermsIn(version: Stating): string[] {
  return topicsIn(version).map((purposeId) => contextRetentionOf(version, purposeId))
}

const topicsIn = ({ purposes }: Stating) => [undefined, ...purposes.map(({ purposeId }) => purposeId)]
