/**
 * Finds versions that somebody else published while a draft was written. A publication replaces all of the version before it, so such a draft would
 * silently undo what they changed. The ledger refuses only a name, and an instant, that is taken.
 */
import type { PolicyHistory } from '../../../shared/consent/policy.ts'
import type { Draft } from './draft.ts'

/**
 * Names of the versions that were published since `known` was fetched. Not that of the draft: an attempt without an answer may have published it,
 * and the ledger knows whether it is the same.
 */
export function publishedSince(known: PolicyHistory, now: PolicyHistory, draft: Pick<Draft, 'version'>): string[] {
  return now.versions
    .map(({ version }) => version)
    .filter((version) => version !== draft.version && !known.versions.some((each) => each.version === version))
}
