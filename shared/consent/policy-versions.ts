/**
 * The versions of one policy as one question sees them: which is in force, and whether a decision on one text still holds
 * under another. A consent to `text` stands while the version in force declares the purpose and no version after `text`, up
 * to that one, changes the purpose in a major way; an acceptance of a policy is current by the same rule for the whole text.
 */

import type { PolicyHistory, PolicyVersion } from './policy.ts'
import { byNotBefore, findPurpose, succession } from './policy.ts'
import type { Purpose } from './purpose.ts'

/**
 * `ahead`: the text differs in a major way from the one in force and comes after it, so it may hold once it is in force.
 * `not-declared`: the version in force does not declare the purpose, or there is none in force.
 */
export type Standing = 'stands' | 'outdated' | 'ahead' | 'not-declared'

const kept = new WeakMap<PolicyHistory, Map<string | undefined, Versions>>()

/**
 * The versions of a history under a question about one purpose or, without a `purposeId`, about the policy as a whole. Made once for each
 * history, so that the questions of a request and the requests on one snapshot of a controller share it.
 */
export function versionsFor(history: PolicyHistory, purposeId: string | undefined): Versions {
  const byPurpose = kept.get(history) ?? new Map<string | undefined, Versions>()
  kept.set(history, byPurpose)
  const versions = byPurpose.get(purposeId) ?? new Versions(history, purposeId)
  byPurpose.set(purposeId, versions)
  return versions
}

export class Versions {
  /** The unretracted ones, by the instant from which each is in force. */
  readonly inOrder: readonly PolicyVersion[]
  readonly #purposeId: string | undefined
  readonly #byName = new Map<string, PolicyVersion>()
  readonly #index = new Map<PolicyVersion, number>()
  readonly #purposes = new Map<PolicyVersion, Purpose | undefined>()
  /** At i: how many of the versions up to `inOrder[i]` changed in a major way from the one before. */
  #majors: number[] | undefined

  /** Without a purposeId the question is about the policy as a whole. */
  constructor(history: PolicyHistory, purposeId: string | undefined) {
    this.#purposeId = purposeId
    this.inOrder = succession(history)
    for (const version of history.versions) this.#byName.set(version.version, version)
    this.inOrder.forEach((version, i) => {
      this.#byName.set(version.version, version)
      this.#index.set(version, i)
    })
  }

  /** Finds a version by name, even a retracted one, because a person may have been shown it. */
  find(version: string | undefined): PolicyVersion | undefined {
    return version === undefined ? undefined : this.#byName.get(version)
  }

  inForceAt(at: string): PolicyVersion | undefined {
    return this.inOrder[this.#countUntil((v) => v.notBefore <= at) - 1]
  }

  purposeIn(version: PolicyVersion | undefined): Purpose | undefined {
    if (version === undefined || this.#purposeId === undefined) return undefined
    if (!this.#purposes.has(version)) this.#purposes.set(version, findPurpose(version, this.#purposeId))
    return this.#purposes.get(version)
  }

  /** The last declaration by `at`; otherwise the first one after it; otherwise that of a retracted version. */
  declaredBy(at: string): Purpose | undefined {
    const count = this.#countUntil((v) => v.notBefore <= at)
    const declares = (version: PolicyVersion) => this.purposeIn(version) !== undefined
    const version =
      this.inOrder.slice(0, count).findLast(declares) ??
      this.inOrder.slice(count).find(declares) ??
      [...this.#byName.values()].find(declares)
    return this.purposeIn(version)
  }

  standing(text: PolicyVersion, inForce: PolicyVersion | undefined): Standing {
    if (inForce === undefined || !this.#declares(inForce)) return 'not-declared'
    if (text === inForce) return 'stands'
    if (byNotBefore(text, inForce) < 0) return this.#changed(text, inForce) ? 'outdated' : 'stands'
    // What the coming text was compared with never changes, whatever is scheduled in between later: it comes first.
    const differs = text.comparedWith === inForce.version ? this.#isMajor(inForce, text) : this.#changed(inForce, text)
    return differs ? 'ahead' : 'stands'
  }

  #declares(version: PolicyVersion): boolean {
    return this.#purposeId === undefined || this.purposeIn(version) !== undefined
  }

  /** Whether any version after `earlier` up to `later` is a major change; at most one of the two is retracted. */
  #changed(earlier: PolicyVersion, later: PolicyVersion): boolean {
    const first = this.#index.get(earlier)
    const last = this.#index.get(later)
    if (first !== undefined && last !== undefined) return this.#majorsAt(last) > this.#majorsAt(first)
    const cut = this.#countUntil((v) => byNotBefore(v, first === undefined ? earlier : later) < 0)
    const next = this.inOrder[cut]
    const previous = this.inOrder[cut - 1]
    if (first === undefined && last !== undefined && next !== undefined) {
      return this.#isMajor(earlier, next) || this.#majorsAt(last) > this.#majorsAt(cut)
    }
    if (last === undefined && first !== undefined && previous !== undefined) {
      return this.#isMajor(previous, later) || this.#majorsAt(cut - 1) > this.#majorsAt(first)
    }
    return this.#isMajor(earlier, later)
  }

  #majorsAt(index: number): number {
    if (this.#majors === undefined) {
      let count = 0
      this.#majors = this.inOrder.map((version, i) => {
        const before = this.inOrder[i - 1]
        if (before !== undefined && this.#isMajor(before, version)) count += 1
        return count
      })
    }
    return this.#majors[index] ?? 0
  }

  /**
   * What a publisher declared holds for the version that it was compared with. When another stands before it, because one
   * in between was inserted or retracted, any difference is taken for major, and a declared major stays major.
   */
  #isMajor(before: PolicyVersion, after: PolicyVersion): boolean {
    const compared = after.comparedWith === before.version
    if (this.#purposeId === undefined) {
      return after.level === 'major' || (!compared && !sameValue(textsOf(before), textsOf(after)))
    }
    const purpose = this.purposeIn(after)
    if (purpose === undefined) return true
    if (after.changes.some((c) => c.purposeId === this.#purposeId && c.level === 'major')) return true
    const earlier = this.purposeIn(before)
    return !compared && earlier !== undefined && !sameValue(earlier, purpose)
  }

  /** How many of the leading versions satisfy `holds`, which is true up to some version and false from there. */
  #countUntil(holds: (version: PolicyVersion) => boolean): number {
    let low = 0
    let high = this.inOrder.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const version = this.inOrder[middle]
      if (version !== undefined && holds(version)) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Whether two JSON values are equal. The order of keys does not matter, that of elements does; undefined members count as absent. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((element, i) => sameValue(element, b[i]))
    )
  }
  return haveSameMembers(a as Members, b as Members)
}

type Members = Readonly<Record<string, unknown>>

function haveSameMembers(a: Members, b: Members): boolean {
  let more = 0
  for (const name of Object.keys(a)) {
    if (a[name] === undefined) continue
    if (!Object.hasOwn(b, name) || !sameValue(a[name], b[name])) return false
    more++
  }
  for (const name of Object.keys(b)) if (b[name] !== undefined) more--
  return more === 0
}

function textsOf(version: PolicyVersion): Record<string, string> {
  return Object.fromEntries(version.texts.map((text) => [`${text.locale} ${text.mediaType}`, text.sha256]))
}
