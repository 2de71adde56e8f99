/**
 * Remembers where in the vault the rows of the subjects are that a walk met lately: names of rows by pseudonyms, no keys. Evicts the least
 * recently used.
 */
export interface RowPlaces {
  /** Partition key of the rows of this pseudonym, `<controller>#<sub>`. */
  get(subject: string): string | undefined
  put(subject: string, pk: string): void
  delete(subject: string): void
}

/** Some 150 bytes each. */
const defaultLimit = 20_000

export function rowPlaces(limit = defaultLimit): RowPlaces {
  const kept = new Map<string, string>()
  return {
    get(subject) {
      const pk = kept.get(subject)
      if (pk === undefined) return undefined
      kept.delete(subject)
      kept.set(subject, pk)
      return pk
    },
    put(subject, pk) {
      kept.delete(subject)
      kept.set(subject, pk)
      const [oldest] = kept.size > limit ? kept.keys() : []
      if (oldest !== undefined) kept.delete(oldest)
    },
    delete: (subject) => kept.delete(subject),
  }
}
