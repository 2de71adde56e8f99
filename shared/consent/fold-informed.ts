/**
 * The fold of a purpose that rests on another basis than consent. It never says "may process": only whether the person was
 * informed and, for legitimate interests and public tasks, whether an objection stands. The other bases
 * give no choice: `decision-effect.ts` lets no objection through, so the status is Uninformed or Informed.
 */
import { evidenceOf, isEvidenced, type Judgement, linkOf, type TargetContext } from './decision-effect.ts'
import type { TimedDecision } from './decision-order.ts'
import { yesVerbs } from './event.ts'
import type { Fold, View } from './fold.ts'
import type { PolicyVersion } from './policy.ts'
import type { InformedStatus, NoEffectReason, StatusReason } from './status-answer.ts'

export class InformedFold implements Fold {
  readonly #context: TargetContext
  #inForce: PolicyVersion | undefined
  #status: InformedStatus = 'Uninformed'
  #reason: StatusReason = 'nothing-recorded'
  #decider: TimedDecision | undefined
  /** The decision that a withdrawn or overruled objection changed. Its evidence must be kept: without it the withdrawal would have no effect. */
  #changed: TimedDecision | undefined
  /** Whether the objection was withdrawn by an explicit act in an event that carried the signal. */
  #despiteGpc = false

  constructor(context: TargetContext) {
    this.#context = context
  }

  nextEnd(): undefined {}

  end(): void {}

  changeVersion(_at: string, inForce: PolicyVersion): void {
    this.#inForce = inForce
  }

  decide(item: TimedDecision, judgement: Judgement): NoEffectReason | undefined {
    switch (judgement.effect) {
      case 'shown':
        return this.#inform(item) ? undefined : 'already-decided'
      case 'no':
        return this.#object(item, judgement.reason === 'gpc' ? 'gpc' : 'decided')
      case 'operator':
        return this.#overrule(item)
      case 'yes':
        return this.#takeBack(item, judgement.despiteGpc === true)
      case 'none':
        // A yes that does not fit the basis still shows that the person saw the text, if there is evidence of which.
        if (judgement.reason === 'verb-does-not-fit' && yesVerbs.has(item.decision.verb)) {
          if (isEvidenced(linkOf(item.facts, this.#context.policyId)?.grade)) this.#inform(item)
        }
        return judgement.reason
    }
  }

  view(): View {
    const ground = this.#reason === 'objection-overruled' ? this.#decider?.decision.ground : undefined
    return {
      status: this.#status,
      reason: this.#reason,
      ...(this.#decider && { decidedBy: this.#decider.eventId }),
      ...(ground !== undefined && { ground }),
      ...evidenceOf(this.#decider, this.#context.policyId),
      despiteGpc: this.#status === 'NotObjected' && this.#despiteGpc,
    }
  }

  /** Informing needs no lasting evidence: the duty ends when the data is obtained (GDPR art. 13(1)). */
  *restsOn(): Iterable<TimedDecision> {
    if (this.#status !== 'Objected' && this.#status !== 'NotObjected') return
    if (this.#decider) yield this.#decider
    if (this.#status === 'NotObjected' && this.#changed) yield this.#changed
  }

  #inform(item: TimedDecision): boolean {
    if (this.#status !== 'Uninformed') return false
    this.#become('Informed', 'decided', item)
    return true
  }

  #object(item: TimedDecision, reason: StatusReason): NoEffectReason | undefined {
    if (this.#status === 'Objected') return 'no-already-stands'
    const derived = item.decision.derivedFrom === 'gpc'
    if (derived && this.#status === 'NotObjected' && this.#despiteGpc) return 'chosen-despite-gpc'
    this.#become('Objected', reason, item)
    return undefined
  }

  #takeBack(item: TimedDecision, despiteGpc: boolean): NoEffectReason | undefined {
    if (this.#status === 'NotObjected' && despiteGpc && !this.#despiteGpc) {
      this.#become('NotObjected', 'decided', item, true)
      return undefined
    }
    if (this.#status !== 'Objected' && this.#status !== 'Informed') return 'nothing-to-take-back'
    this.#changed = this.#decider
    this.#become('NotObjected', 'decided', item, despiteGpc)
    return undefined
  }

  #overrule(item: TimedDecision): NoEffectReason | undefined {
    const { versions } = this.#context
    const purpose = versions.purposeIn(this.#inForce) ?? versions.declaredBy(item.at)
    if (purpose?.directMarketing) return 'objection-is-absolute'
    if (this.#status !== 'Objected') return 'nothing-to-overrule'
    this.#changed = this.#decider
    this.#become('NotObjected', 'objection-overruled', item)
    return undefined
  }

  #become(status: InformedStatus, reason: StatusReason, decider: TimedDecision, despiteGpc = false): void {
    this.#status = status
    this.#reason = reason
    this.#decider = decider
    this.#despiteGpc = despiteGpc
  }
}
