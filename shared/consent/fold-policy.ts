/**
 * The fold of a policy as a whole: shown, acknowledged, accepted (terms only), declined; and whether the decision is current, that is, about
 * the text in force or one that differs from it in nothing major. A person may have agreed to several versions, even one that is not yet in
 * force; the agreement that is current decides.
 */
import { evidenceOf, type Judgement, type TargetContext } from './decision-effect.ts'
import type { TimedDecision } from './decision-order.ts'
import type { Fold, View } from './fold.ts'
import type { PolicyVersion } from './policy.ts'
import type { NoEffectReason, PolicyStatus, StatusReason } from './status-answer.ts'

interface Agreement {
  readonly item: TimedDecision
  readonly text: PolicyVersion
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

  constructor(context: TargetContext) {
    this.#context = context
  }

  nextEnd(): undefined {}

  end(): void {}

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
        return judgement.text === undefined ? 'no-version' : this.#agree(item, judgement.text)
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

  #agree(item: TimedDecision, text: PolicyVersion): NoEffectReason | undefined {
    const status = item.decision.verb === 'accepted' ? 'Accepted' : 'Acknowledged'
    // Acknowledging a text is less than accepting it.
    if (status === 'Acknowledged' && this.#status === 'Accepted') return 'already-decided'
    // An agreement to an outdated text takes nothing from a current one.
    if (status === this.#status && this.#current && !this.#isCurrent(text)) {
      if (this.#context.versions.standing(text, this.#inForce) === 'outdated') return 'outdated-text'
    }
    // Agreements from before a no, or of the lesser kind, no longer count.
    if (status !== this.#status) this.#agreements.clear()
    this.#agreements.delete(text)
    this.#agreements.set(text, { item, text })
    this.#become(status, item)
    this.#settle()
    return undefined
  }

  /** The latest current agreement decides; if none is current, the latest of all. */
  #settle(): void {
    const agreements = [...this.#agreements.values()]
    const current = agreements.findLast(({ text }) => this.#isCurrent(text))
    const deciding = current ?? agreements.at(-1)
    this.#current = current !== undefined
    if (deciding) this.#decider = deciding.item
  }

  #isCurrent(text: PolicyVersion): boolean {
    return this.#context.versions.standing(text, this.#inForce) === 'stands'
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
