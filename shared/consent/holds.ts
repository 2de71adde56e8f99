/**
 * Legal holds: what must not be destroyed although its time has come or somebody asked for it, because a claim, a duty or an order needs it
 * (GDPR art. 17(3)(b) and (e), art. 18(1)(c)). A pure function of holds, of what the years of a subject hold, and of the instant.
 *
 * A hold keeps keys. It changes no answer about consent.
 */
import type { RecordedEvent } from './event.ts'
import { conformsExactly } from './exact-schema.ts'
import { either, eventId, id, instant, oneOf, optional, record, type TypeOf } from './schema.ts'

/** `legal-claim`: to establish, exercise or defend one. `legal-obligation`: a law requires it. `order`: of a court or an authority. */
export const holdGrounds = ['legal-claim', 'legal-obligation', 'order'] as const
export type HoldGround = (typeof holdGrounds)[number]

const holdScope = either(
  record({ kind: oneOf(['subject']) }),
  record({ kind: oneOf(['purpose']), purposeId: id }),
  record({ kind: oneOf(['before']), before: instant }),
)
/** What a hold covers: all of one subject; every decision on a purpose; everything recorded before an instant. */
export type HoldScope = TypeOf<typeof holdScope>

const hold = record({
  /** UUID that the caller chose. */
  holdId: eventId,
  ground: oneOf(holdGrounds),
  covers: holdScope,
  madeAt: instant,
  /** The first instant at which it no longer stands. Absent: it stands until it is released. */
  until: optional(instant),
  /** When it was released. */
  releasedAt: optional(instant),
})
export interface Hold extends TypeOf<typeof hold> {}

/** Whether a stored hold is one that these rules understand. Another may cover anything, so it must count as unreadable. */
export const isHold = (value: unknown): value is Hold => conformsExactly(hold, value)

/** What a subject has of one calendar year. */
export interface YearOfRecords {
  readonly year: number
  readonly events: readonly {
    readonly decisions: RecordedEvent['decisions']
    readonly times: Pick<RecordedEvent['times'], 'recordedAt'>
  }[]
  /** False when a record of the year cannot be read although its key exists: it may be anything. */
  readonly isWhole: boolean
}

export function stands({ until, releasedAt }: Pick<Hold, 'until' | 'releasedAt'>, now: string): boolean {
  return releasedAt === undefined && (until === undefined || now < until)
}

/** Whether the hold keeps the keys of this year, as long as it stands. */
export function coversYear({ covers }: Pick<Hold, 'covers'>, { year, events, isWhole }: YearOfRecords): boolean {
  if (covers.kind === 'subject') return true
  if (covers.kind === 'purpose')
    return !isWhole || events.some(({ decisions }) => decisions.some((each) => each.purposeId === covers.purposeId))
  const mayBeBefore = !isWhole && `${year}-01-01T00:00:00.000Z` < covers.before
  return mayBeBefore || events.some(({ times }) => times.recordedAt < covers.before)
}

/** The years whose keys these holds keep at the instant, both of them: `proof` and `context`. */
export function heldYears(holds: readonly Hold[], years: readonly YearOfRecords[], now: string): ReadonlySet<number> {
  const standing = holds.filter((hold) => stands(hold, now))
  return new Set(years.filter((each) => standing.some((hold) => coversYear(hold, each))).map(({ year }) => year))
}
