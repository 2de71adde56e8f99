/** Which purposes of a draft have changed so that the version has to say it, and the list of changes that says it. */
import { changedFields } from '../../../shared/consent/declared-changes.ts'
import { type PolicyHistory, type PolicyVersion, succession } from '../../../shared/consent/policy.ts'
import { notBeforeOf } from '../../../shared/consent/publication.ts'
import type { Draft } from './draft.ts'

export interface NeededChange {
  readonly purposeId: string
  readonly fields: readonly string[]
}

/** The version that the draft would follow if it were published at `now`. */
export function versionBefore(draft: Draft, history: PolicyHistory, now: string): PolicyVersion | undefined {
  return succession(history).findLast((version) => version.notBefore < startOf(draft, history, now))
}

/** A scheduled version that would follow it. It was compared with another, so whatever differs between the two counts as a major change. */
export function versionAfter(draft: Draft, history: PolicyHistory, now: string): PolicyVersion | undefined {
  return succession(history).find((version) => version.notBefore > startOf(draft, history, now))
}

/** The instant at which it would come into force. */
export function startOf({ effectiveFrom }: Draft, history: PolicyHistory, now: string): string {
  return notBeforeOf(effectiveFrom ?? now, now, history.versions.length === 0)
}

export function neededChanges(draft: Draft, before: PolicyVersion | undefined): NeededChange[] {
  if (before === undefined) return []
  return draft.purposes.flatMap(({ purposeId }) => {
    if (!before.purposes.some((earlier) => earlier.purposeId === purposeId)) return []
    const fields = changedFields(before, draft, purposeId)
    return fields.length === 0 ? [] : [{ purposeId, fields }]
  })
}

/**
 * The draft with one change for each purpose that differs, and none for the others. What was said about a purpose is kept. A new one is major until
 * its author says otherwise: asking once too often harms nobody.
 */
export function withNeededChanges(draft: Draft, before: PolicyVersion | undefined): Draft {
  const changes = neededChanges(draft, before).map(
    ({ purposeId }) =>
      draft.changes.find((change) => change.purposeId === purposeId) ?? {
        purposeId,
        level: 'major' as const,
        reason: '',
      },
  )
  const isSame =
    changes.length === draft.changes.length &&
    changes.every((change, i) => draft.changes[i]?.purposeId === change.purposeId)
  return isSame ? draft : { ...draft, changes }
}
