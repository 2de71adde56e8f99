/**
 * Consents that have begun to count, and yeses that have not yet. Both are kept by text and circumstance, so that their
 * number depends on what was published and not on how often a person clicked.
 */

import type { Item } from './decision-order.ts'
import { type Duration, endOfDuration, parseDuration, readDuration } from './duration.ts'
import type { PolicyVersion } from './policy.ts'
import type { Versions } from './policy-versions.ts'

/** For subjects known by a device secret alone. */
const longestAnonymousValidity = parseDuration('P13M')

export interface Consent {
  readonly yes: Item
  /** The confirmation, where one was needed; else the yes. */
  readonly decidedBy: Item
  readonly text: PolicyVersion
  readonly despiteGpc: boolean
  /** Absent: never. */
  readonly endsAt: string | undefined
}

/** A yes that does not count yet: it awaits its confirmation, or its text is not in force, or both. */
export interface Candidate {
  readonly yes: Item
  readonly text: PolicyVersion
  readonly despiteGpc: boolean
  /** It renews, by what preceded it. */
  readonly renews: boolean
  readonly confirmation: Item | undefined
  readonly awaits: boolean
  readonly ahead: boolean
  /** The text was outdated already when the yes was given. */
  readonly outdated: boolean
}

/** How long a consent stands: by the validity of the text which the person saw. */
export class Terms {
  readonly #versions: Versions
  readonly #validities = new Map<PolicyVersion, Duration | 'unlimited' | 'unreadable'>()

  constructor(versions: Versions) {
    this.#versions = versions
  }

  /** The consent that a yes amounts to, from the instant that makes it count. */
  consentOf({ yes, text, despiteGpc, confirmation }: Candidate): Consent {
    const decidedBy = confirmation ?? yes
    const endsAt = this.#endOf(text, decidedBy.at, yes.facts.who.assurance === 'anonymous')
    return { yes, decidedBy, text, despiteGpc, endsAt }
  }

  #endOf(text: PolicyVersion, from: string, anonymous: boolean): string | undefined {
    const validity = this.#validityOf(text)
    // Nothing odd may permit: what cannot be read ends at once.
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

/** The consents that stand; of those alike, the one that ends last. */
export class Held {
  readonly #byKind = new Map<string, Consent>()

  add(consent: Consent): void {
    const key = kindOf(consent)
    const held = this.#byKind.get(key)
    if (held === undefined || !endsLater(held, consent)) this.#byKind.set(key, consent)
  }

  /** Takes out, and returns, those that fail the test. */
  keep(test: (consent: Consent) => boolean): readonly Consent[] {
    const lost: Consent[] = []
    for (const [key, consent] of this.#byKind) {
      if (test(consent)) continue
      this.#byKind.delete(key)
      lost.push(consent)
    }
    return lost
  }

  /** The one that ends last. */
  last(): Consent | undefined {
    const [first, ...others] = this.#byKind.values()
    return others.reduce((best, consent) => (best === undefined || endsLater(consent, best) ? consent : best), first)
  }

  [Symbol.iterator](): Iterator<Consent> {
    return this.#byKind.values()
  }

  some(test: (consent: Consent) => boolean): boolean {
    return [...this.#byKind.values()].some(test)
  }

  /** True when there was something to clear. */
  clear(): boolean {
    const had = this.#byKind.size > 0
    this.#byKind.clear()
    return had
  }
}

/** The yeses that do not count yet; of those alike, the latest. */
export class Candidates {
  readonly #byKind = new Map<string, Candidate>()

  add(candidate: Candidate): void {
    const anonymous = candidate.yes.facts.who.assurance === 'anonymous'
    const key = JSON.stringify([kindOf(candidate), anonymous, candidate.awaits, candidate.ahead])
    // Taken out first, so that the latest yes is the last in order.
    this.#byKind.delete(key)
    this.#byKind.set(key, candidate)
  }

  /** Takes out, and returns in order, those that pass the test. */
  take(test: (candidate: Candidate) => boolean): readonly Candidate[] {
    const taken: Candidate[] = []
    for (const [key, candidate] of this.#byKind) {
      if (!test(candidate)) continue
      this.#byKind.delete(key)
      taken.push(candidate)
    }
    return taken
  }

  [Symbol.iterator](): Iterator<Candidate> {
    return this.#byKind.values()
  }

  some(test: (candidate: Candidate) => boolean): boolean {
    return [...this.#byKind.values()].some(test)
  }

  /** True when there was something to clear. */
  clear(): boolean {
    const had = this.#byKind.size > 0
    this.#byKind.clear()
    return had
  }
}

function endsLater(a: Consent, b: Consent): boolean {
  return b.endsAt !== undefined && (a.endsAt === undefined || a.endsAt > b.endsAt)
}

function kindOf({ text, despiteGpc }: Pick<Consent, 'text' | 'despiteGpc'>): string {
  return JSON.stringify([text.version, despiteGpc])
}
