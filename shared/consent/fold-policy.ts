/**
 * The fold of a policy as a whole: shown, acknowledged, accepted (terms only), declined; and whether the decision is current, that is, about
 * the text in force or one that differs from it in nothing major. A person may have agreed to several versions, even one that is not yet in
 * force; the agreement that is current decides. One that a guardian made is not current once the person has come of age: the person is asked.
 */
import { evidenceOf, type Judgement, type TargetContext } from './decision-effect.ts'
import type { TimedDecision } from './decision-order.ts'
import type { Fold, View } from './fold.ts'
import type { PolicyVersion } from './policy.ts'
import type { NoEffectReason, PolicyStatus, StatusReason } from './status-answer.ts'

interface Agreement {
  readonly item: TimedDecision
  readonly text: PolicyVersion
  /** When the person comes of age for whom a guardian agreed. */
  readonly comesOfAgeAt: string | undefined
}

export class PolicyFold implements Fold {
  readonly #context: TargetContext
  #inForce: PolicyVersion | undefined
  #status: PolicyStatus = 'Unknown'
  #reason: StatusReason = 'nothing-recorded'
  #decider: TimedDecision | undefined
  /** While Accepted or Acknowledged: the latest agreement to each version. */
  readonly #agreements = new Map<PolicyVersion, Agreement>()
  #current = false
  /** The latest instant at which the person came of age. */
  #ofAgeSince = ''

  constructor(context: TargetContext) {
    this.#context = context
  }

  nextEnd(): string | undefined {
    if (!this.#agreed()) return undefined
    const ages = [...this.#agreements.values()].flatMap(({ comesOfAgeAt }) => comesOfAgeAt ?? [])
    return ages.filter((age) => age > this.#ofAgeSince).sort()[0]
  }

  end(at: string): void {
    this.#ofAgeSince = at
    this.#settle()
  }

  changeVersion(_at: string, inForce: PolicyVersion): void {
    this.#inForce = inForce
    if (this.#agreed()) this.#settle()
  }

  decide(item: TimedDecision, judgement: Judgement): NoEffectReason | undefined {
    switch (judgement.effect) {
      case 'shown':
        if (this.#status !== 'Unknown') return 'already-decided'
        this.#become('Shown', item)
        return undefined
      case 'no':
        if (this.#status === 'Declined') return 'no-already-stands'
        this.#become('Declined', item)
        return undefined
      case 'yes':
        return judgement.text === undefined
          ? 'no-version'
          : this.#agree({ item, text: judgement.text, comesOfAgeAt: item.facts.mandate?.comesOfAgeAt })
      case 'operator':
        return 'verb-does-not-fit'
      case 'none':
        return judgement.reason
    }
  }

  view(): View {
    return {
      status: this.#status,
      reason: this.#reason,
      ...(this.#decider && { decidedBy: this.#decider.eventId }),
      ...evidenceOf(this.#decider, this.#context.policyId),
      ...(this.#agreed() && { current: this.#current }),
    }
  }

  /** A contract stands until another decision replaces it; an acknowledgement ends with the act. */
  *restsOn(): Iterable<TimedDecision> {
    if (this.#decider && (this.#status === 'Accepted' || this.#status === 'Declined')) yield this.#decider
    if (this.#status !== 'Accepted') return
    for (const { item, text } of this.#agreements.values()) {
      const standing = this.#context.versions.standing(text, this.#inForce)
      // Its text is not in force yet. It may decide from then on.
      if (standing === 'ahead' || standing === 'not-declared') yield item
    }
  }

  #agree(agreement: Agreement): NoEffectReason | undefined {
    const { item, text } = agreement
    const status = item.decision.verb === 'accepted' ? 'Accepted' : 'Acknowledged'
    // Acknowledging a text is less than accepting it.
    if (status === 'Acknowledged' && this.#status === 'Accepted') return 'already-decided'
    // An agreement to an outdated text takes nothing from a current one.
    if (status === this.#status && this.#current && !this.#isCurrent(agreement)) {
      if (this.#context.versions.standing(text, this.#inForce) === 'outdated') return 'outdated-text'
    }
    // Agreements from before a no, or of the lesser kind, no longer count.
    if (status !== this.#status) this.#agreements.clear()
    // A guardian's agreement does not replace one that lasts longer.
    const alike = this.#agreements.get(text)
    if (alike !== undefined && lastsLonger(alike, agreement)) return 'already-decided'
    this.#agreements.delete(text)
    this.#agreements.set(text, agreement)
    this.#become(status, item)
    this.#settle()
    return undefined
  }

  /** The latest current agreement decides; if none is current, the latest of all. */
  #settle(): void {
    const agreements = [...this.#agreements.values()]
    const current = agreements.findLast((each) => this.#isCurrent(each))
    const deciding = current ?? agreements.at(-1)
    this.#current = current !== undefined
    if (deciding === undefined) return
    this.#decider = deciding.item
    this.#reason = this.#isOver(deciding) ? 'came-of-age' : 'decided'
  }

  #isCurrent(agreement: Agreement): boolean {
    return !this.#isOver(agreement) && this.#context.versions.standing(agreement.text, this.#inForce) === 'stands'
  }

  #isOver({ comesOfAgeAt }: Agreement): boolean {
    return comesOfAgeAt !== undefined && comesOfAgeAt <= this.#ofAgeSince
  }

  #agreed(): boolean {
    return this.#status === 'Accepted' || this.#status === 'Acknowledged'
  }

  #become(status: PolicyStatus, decider: TimedDecision): void {
    this.#status = status
    this.#reason = 'decided'
    this.#decider = decider
  }
}

function lastsLonger(a: Agreement, b: Agreement): boolean {
  return b.comesOfAgeAt !== undefined && (a.comesOfAgeAt === undefined || a.comesOfAgeAt > b.comesOfAgeAt)
}
