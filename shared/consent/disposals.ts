/**
 * What retention destroys and why, as rows of counts: which keys, of which year, by which rule, of how many subjects. They are in a job's
 * report and in manifests, which are leaves of the log (`ledger/retention/disposition-entries.ts`), and name no person.
 */
import { count, duration, id, instant, integer, list, oneOf, optional, record, type TypeOf } from './schema.ts'

/**
 * Why keys of a year lapse. The term is the one that passed last, and purpose or policy the one whose version states it.
 *
 *   context-term, evidence-term   the term has passed
 *   validity                      the longest validity of a consent has passed, during which a late yes must meet this no
 *   unreadable                    a row of the year cannot be read; the longest term of all has passed since the year ended
 *   no-events                     no event was ever sealed with the keys
 */
export const lapseRules = ['context-term', 'evidence-term', 'validity', 'unreadable', 'no-events'] as const

/** Why the subject's own key goes, and all others with it: no year is left, an erasure was requested, or an erasure was not finished. */
export const erasureRules = ['nothing-left', 'erasure-requested', 'erasure-unfinished'] as const

export const disposal = record({
  /** `proof`: with the context of the year, if it is still there. `subject`: the pseudonym itself, with every year that is left. */
  keys: oneOf(['context', 'proof', 'subject']),
  /** Absent for `subject`. */
  year: optional(integer),
  rule: oneOf([...lapseRules, ...erasureRules]),
  /** ISO 8601. */
  term: optional(duration),
  purposeId: optional(id),
  policyId: optional(id),
  subjects: count,
})
export interface Disposal extends TypeOf<typeof disposal> {}

/** What a run of retention destroyed of one controller, on one page of the vault. */
export const dispositionManifest = record({
  /** From 0, without gaps. */
  number: integer,
  /** When it was recorded what was about to go, before the first key went. */
  plannedAt: instant,
  endedAt: instant,
  /** `interrupted`: the run ended before it could say what went; at most these keys did. */
  outcome: oneOf(['carried-out', 'interrupted']),
  disposals: list(disposal),
})
export interface DispositionManifest extends TypeOf<typeof dispositionManifest> {}

export type LapseRule = Pick<Disposal, 'term' | 'purposeId' | 'policyId'> & {
  readonly rule: (typeof lapseRules)[number]
}

/** A row without its count. */
export type DisposalKind = Omit<Disposal, 'subjects'>

/** A row of one controller, as a job's report has it. */
export type ControllerDisposal = Disposal & { readonly controller: string }

/** Bound on the rows of a sum. Beyond it, further kinds are added up without term, purpose and policy. */
const maxRows = 400

/** The sum of rows: equal kinds are one row. */
export class DisposalSum {
  readonly #rows = new Map<string, Disposal>()

  add({ keys, year, rule, term, purposeId, policyId }: DisposalKind, subjects = 1): void {
    const whole = { keys, year, rule, term, purposeId, policyId }
    const hasRoom = this.#rows.size < maxRows || this.#rows.has(nameOf(whole))
    const kind = hasRoom ? whole : { keys, year, rule }
    const name = nameOf(kind)
    this.#rows.set(name, { ...withoutAbsent(kind), subjects: (this.#rows.get(name)?.subjects ?? 0) + subjects })
  }

  /** The rows, sorted by their members, so that equal sums give equal lists. */
  rows(): readonly Disposal[] {
    return [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  }
}

const nameOf = ({ keys, year, rule, term, purposeId, policyId }: DisposalKind): string =>
  JSON.stringify([keys, year ?? null, rule, purposeId ?? null, policyId ?? null, term ?? null])

/** Canonical JSON, of which the digests are made, has no members that are undefined. */
function withoutAbsent(kind: DisposalKind): DisposalKind {
  // The cast is right, because only members whose absence the type allows can be undefined.
  return Object.fromEntries(Object.entries(kind).filter(([, value]) => value !== undefined)) as DisposalKind
}
