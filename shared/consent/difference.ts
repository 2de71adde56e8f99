/** The difference between two versions: compares the purposes that they declare, and writes the difference of their texts as HTML. */
import { changedFields } from './declared-changes.ts'
import { escapeHtml } from './escape-html.ts'
import type { PolicyVersion } from './policy.ts'
import type { TextDifference } from './text-difference.ts'

export interface PurposeDifference {
  readonly purposeId: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly fields: readonly string[]
}

/** What of a version is compared, so that a draft can be compared, too. */
export type DeclaringVersion = Pick<PolicyVersion, 'purposes' | 'evidenceRetention' | 'contextRetention'>

export function purposeDifference(before: DeclaringVersion, after: DeclaringVersion): PurposeDifference[] {
  const gone = before.purposes.filter((p) => !after.purposes.some((q) => q.purposeId === p.purposeId))
  const now = after.purposes.flatMap((purpose): PurposeDifference[] => {
    const earlier = before.purposes.find((p) => p.purposeId === purpose.purposeId)
    if (earlier === undefined) return [{ purposeId: purpose.purposeId, kind: 'added', fields: [] }]
    const fields = changedFields(before, after, purpose.purposeId)
    return fields.length === 0 ? [] : [{ purposeId: purpose.purposeId, kind: 'changed', fields }]
  })
  return [...gone.map(({ purposeId }): PurposeDifference => ({ purposeId, kind: 'removed', fields: [] })), ...now]
}

/** A fragment of HTML with `<ins>` and `<del>`; every character of the texts is escaped. */
export function differenceHtml(differences: readonly TextDifference[]): string {
  const tags = { same: ['', ''], added: ['<ins>', '</ins>'], removed: ['<del>', '</del>'] } as const
  return differences.map(({ kind, text }) => `${tags[kind][0]}${escapeHtml(text)}${tags[kind][1]}`).join('')
}
