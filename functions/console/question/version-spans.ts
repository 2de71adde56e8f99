/** When each version of a policy was in force. Instants are milliseconds since 1970. */
import type { Topic } from './topics.ts'

type Version = Topic['history']['versions'][number]

export interface Span {
  readonly from: number
  /** First instant after the span. */
  readonly until: number
}

export interface VersionSpan extends Span {
  readonly version: Version
  /** The version before it, with which it can be compared. */
  readonly previous?: Version
}

/**
 * When each version was in force, oldest first, as far as was known. A retracted version never was, and of two versions of one instant only the last is.
 */
export function versionSpansOf({ history }: Pick<Topic, 'history'>, knownAt: string): readonly VersionSpan[] {
  const retracted = new Set(
    history.retractions.filter(({ retractedAt }) => retractedAt <= knownAt).map(({ version }) => version),
  )
  const known = history.versions
    .filter(({ version, publishedAt }) => publishedAt <= knownAt && !retracted.has(version))
    .toSorted((a, b) => a.notBefore.localeCompare(b.notBefore) || a.publishedAt.localeCompare(b.publishedAt))
    .filter((version, index, all) => all[index + 1]?.notBefore !== version.notBefore)
  return known.map((version, index) => {
    const [previous, next] = [known[index - 1], known[index + 1]]
    return {
      from: Date.parse(version.notBefore),
      until: next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next.notBefore),
      version,
      ...(previous && { previous }),
    }
  })
}
