/**
 * Consents that have begun to count, and yeses that have not yet. Both are kept by text and circumstance, so that their
 * number depends on what was published and not on how often a person clicked.
 */

import type { TimedDecision } from './decision-order.ts'
import { type Duration, endOfDuration, readDuration } from './duration.ts'
import type { PolicyVersion } from './policy.ts'
import type { Versions } from './policy-versions.ts'

/** Limit for subjects that are known by a device secret only. */
const longestAnonymousValidity: Duration = { months: 13, days: 0, milliseconds: 0 }

export interface Consent {
  readonly yes: TimedDecision
  /** The confirmation if one was needed, otherwise the yes. */
  readonly decidedBy: TimedDecision
  readonly text: PolicyVersion
  readonly despiteGpc: boolean
  /** Absent: never. */
  readonly endsAt: string | undefined
  readonly endReason: 'validity-ended' | 'came-of-age'
}

/** A yes that does not count yet: it awaits its confirmation, or its text is not in force, or both. */
export interface WaitingYes {
  readonly yes: TimedDecision
  readonly text: PolicyVersion
  readonly despiteGpc: boolean
  /** Whether it renews an earlier consent. */
  readonly renews: boolean
  readonly confirmation: TimedDecision | undefined
  readonly awaits: boolean
  readonly ahead: boolean
  /** Whether the text was already outdated when the yes was given. */
  readonly outdated: boolean
}

/** Computes how long a consent stands, by the validity in the text that the person saw. */
export class ConsentValidity {
  readonly #versions: Versions
  readonly #validities = new Map<PolicyVersion, Duration | 'unlimited' | 'unreadable'>()

  constructor(versions: Versions) {
    this.#versions = versions
  }

  /** The consent that a yes amounts to, from the instant that makes it count. A guardian's ends at the latest when the person comes of age. */
  consentOf({ yes, text, despiteGpc, confirmation }: WaitingYes): Consent {
    const decidedBy = confirmation ?? yes
    const validUntil = this.#endOf(text, decidedBy.at, yes.facts.who.assurance === 'anonymous')
    const comesOfAgeAt = yes.facts.mandate?.comesOfAgeAt
    const isByAge = comesOfAgeAt !== undefined && (validUntil === undefined || comesOfAgeAt <= validUntil)
    const [endsAt, endReason] = isByAge
      ? [comesOfAgeAt, 'came-of-age' as const]
      : [validUntil, 'validity-ended' as const]
    return { yes, decidedBy, text, despiteGpc, endsAt, endReason }
  }

  #endOf(text: PolicyVersion, from: string, anonymous: boolean): string | undefined {
    const validity = this.#validityOf(text)
    // An unreadable validity must not permit anything, so the consent ends at once.
    if (validity === 'unreadable') return from
    const end = validity === 'unlimited' ? undefined : (endOfDuration(from, validity) ?? from)
    if (!anonymous) return end
    const cap = endOfDuration(from, longestAnonymousValidity) ?? from
    return end === undefined || cap < end ? cap : end
  }

  #validityOf(text: PolicyVersion): Duration | 'unlimited' | 'unreadable' {
    const known = this.#validities.get(text)
    if (known !== undefined) return known
    const stated = this.#versions.purposeIn(text)?.validity
    const validity = stated === undefined ? 'unlimited' : (readDuration(stated) ?? 'unreadable')
    this.#validities.set(text, validity)
    return validity
  }
}

/** At most one value of each kind, in the order of insertion. */
abstract class OneOfEachKind<T> {
  protected readonly byKind = new Map<string, T>()

  /** Removes the values that pass the test, and returns them in order. */
  take(test: (each: T) => boolean): readonly T[] {
    const taken: T[] = []
    for (const [kind, each] of this.byKind) {
      if (!test(each)) continue
      this.byKind.delete(kind)
      taken.push(each)
    }
    return taken
  }

  [Symbol.iterator](): Iterator<T> {
    return this.byKind.values()
  }

  some(test: (each: T) => boolean): boolean {
    return [...this.byKind.values()].some(test)
  }

  /** Removes all values. Returns whether there were any. */
  clear(): boolean {
    const had = this.byKind.size > 0
    this.byKind.clear()
    return had
  }
}

/** The consents that stand; of several of one kind, the one that ends last. */
export class StandingConsents extends OneOfEachKind<Consent> {
  add(consent: Consent): void {
    const kind = kindOf(consent)
    const alike = this.byKind.get(kind)
    if (alike === undefined || !endsLater(alike, consent)) this.byKind.set(kind, consent)
  }

  /** The one that ends last. */
  last(): Consent | undefined {
    const [first, ...others] = this.byKind.values()
    return others.reduce((best, consent) => (best === undefined || endsLater(consent, best) ? consent : best), first)
  }
}

/** The yeses that do not count yet; of several of one kind, the latest. */
export class WaitingYeses extends OneOfEachKind<WaitingYes> {
  add(yes: WaitingYes): void {
    const anonymous = yes.yes.facts.who.assurance === 'anonymous'
    const comesOfAgeAt = yes.yes.facts.mandate?.comesOfAgeAt
    const kind = JSON.stringify([kindOf(yes), anonymous, yes.awaits, yes.ahead, comesOfAgeAt])
    // Deleted first, so that the latest yes is the last in order.
    this.byKind.delete(kind)
    this.byKind.set(kind, yes)
  }
}

function endsLater(a: Consent, b: Consent): boolean {
  return b.endsAt !== undefined && (a.endsAt === undefined || a.endsAt > b.endsAt)
}

/** Each linked subject has a kind of its own, because a choice in spite of a signal answers the signals of its own subject only. */
function kindOf({ text, despiteGpc, yes }: Pick<Consent, 'text' | 'despiteGpc' | 'yes'>): string {
  return JSON.stringify([text.version, despiteGpc, yes.member])
}
