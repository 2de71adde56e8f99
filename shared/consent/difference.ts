/** The difference between two versions: of their texts, by lines or by words, and of the purposes that they declare. */
import { diffLines, diffWordsWithSpace } from 'diff'
import type { PolicyVersion } from './policy.ts'
import { changedFields } from './publication.ts'

export interface TextDifference {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

export interface PurposeDifference {
  readonly purposeId: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly fields: readonly string[]
}

/**
 * Insertions and deletions that are looked for, and for how long: the work grows with their square, and anyone may ask. Two texts
 * further apart by words are compared by lines; still further, they are shown one after the other.
 */
const bounds = { maxEditLength: 2_000, timeout: 150 }

export function textDifference(before: string, after: string, by: 'lines' | 'words'): TextDifference[] {
  const byWords = by === 'words' ? diffWordsWithSpace(before, after, bounds) : undefined
  const changes = byWords ?? diffLines(before, after, bounds)
  if (changes === undefined) {
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]
  }
  return changes.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))
}

export function purposeDifference(before: PolicyVersion, after: PolicyVersion): PurposeDifference[] {
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

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
