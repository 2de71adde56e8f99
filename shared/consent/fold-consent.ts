/**
 * The fold of a purpose that rests on consent: DPV's ten states.
 *
 * A later yes never replaces an earlier one, so that better evidence never permits less: when the consent that decides ends, by validity or
 * by a change of policy, another that still stands decides. A no, a revocation or an invalidation ends all of them and every waiting yes.
 */
import { evidenceOf, type Judgement, type TargetContext } from './decision-effect.ts'
import type { TimedDecision } from './decision-order.ts'
import type { Fold, NoEffects, View } from './fold.ts'
import type { PolicyVersion } from './policy.ts'
import { type Consent, ConsentValidity, StandingConsents, type WaitingYes, WaitingYeses } from './standing-consents.ts'
import type { ConsentStatus, NoEffectReason, StatusReason } from './status-answer.ts'

export class ConsentFold implements Fold {
  readonly #context: TargetContext
  readonly #noEffects: NoEffects
  readonly #validity: ConsentValidity
  #inForce: PolicyVersion | undefined
  #status: ConsentStatus = 'Unknown'
  #reason: StatusReason = 'nothing-recorded'
  #decider: TimedDecision | undefined
  /** The consent that decides: one that stands, or the one that expired or whose purpose was dropped. */
  #consent: Consent | undefined
  /** Empty unless a consent stands. */
  readonly #standing = new StandingConsents()
  readonly #waiting = new WaitingYeses()
  /** The latest invalidation. It deprives every yes up to its own instant of effect. */
  #invalidation: { readonly item: TimedDecision; readonly until: string } | undefined

  constructor(context: TargetContext, noEffects: NoEffects) {
    this.#context = context
    this.#noEffects = noEffects
    this.#validity = new ConsentValidity(context.versions)
  }

  nextEnd(): string | undefined {
    return this.#stands() ? this.#consent?.endsAt : undefined
  }

  end(at: string): void {
    const ended = this.#consent
    if (ended !== undefined && !this.#fallBack(at)) this.#expire(ended, ended.endReason)
  }

  changeVersion(at: string, inForce: PolicyVersion): void {
    this.#inForce = inForce
    if (this.#context.versions.purposeIn(inForce) === undefined) this.#drop()
    else {
      this.#outgrow(at)
      this.#comeIntoForce(at)
    }
  }

  decide(item: TimedDecision, judgement: Judgement): NoEffectReason | undefined {
    switch (judgement.effect) {
      case 'shown':
        return this.#show(item)
      case 'no':
        return this.#refuse(item, judgement.reason === 'gpc' ? 'gpc' : 'decided')
      case 'operator':
        return item.decision.verb === 'confirmed' ? this.#confirm(item) : this.#revoke(item)
      case 'yes':
        return this.#agree(item, judgement, undefined)
      case 'none':
        return judgement.text === undefined ? judgement.reason : this.#agree(item, judgement, judgement.reason)
    }
  }

  view(at: string): View {
    const consent = this.#consent
    const evidence = consent?.yes ?? this.#decider
    const byOperator = this.#reason === 'revoked' || this.#reason === 'invalidated'
    const ground = byOperator ? this.#decider?.decision.ground : undefined
    const stands = this.#stands()
    return {
      status: this.#status,
      reason: this.#reason,
      ...(this.#decider && { decidedBy: this.#decider.eventId }),
      ...(ground !== undefined && { ground }),
      ...evidenceOf(evidence, this.#context.policyId),
      ...(stands && consent && { since: consent.yes.at, endsAt: consent.endsAt }),
      despiteGpc: stands
        ? this.#choseDespiteGpc(at)
        : this.#awaitsConfirmation() && this.#waiting.some((c) => c.awaits && c.despiteGpc),
    }
  }

  *restsOn(at: string): Iterable<TimedDecision> {
    const standing = this.#stands() && this.#consent ? [this.#consent] : []
    for (const { yes, decidedBy, endsAt } of [...standing, ...this.#standing])
      if (endsAt === undefined || endsAt > at) yield* [yes, decidedBy]
    for (const { yes, confirmation, ahead } of this.#waiting)
      if (ahead) yield* confirmation ? [yes, confirmation] : [yes]
  }

  #show(item: TimedDecision): NoEffectReason | undefined {
    const open = this.#status === 'Unknown' || this.#status === 'Requested' || this.#status === 'RequestDeferred'
    if (!open || this.#awaitsConfirmation()) return 'already-decided'
    this.#become(item.decision.verb === 'deferred' ? 'RequestDeferred' : 'Requested', 'decided', item)
    return undefined
  }

  #refuse(item: TimedDecision, reason: StatusReason): NoEffectReason | undefined {
    // The signal alone does not undo what the person chose in spite of that signal.
    const derived = item.decision.derivedFrom === 'gpc'
    if (derived && this.#stands() && this.#choseDespiteGpc(item.at, item)) return 'chosen-despite-gpc'
    const cleared = this.#forget()
    // The first no decides since when. A later one only clears a yes that waits.
    if (this.#status === 'Withdrawn' || this.#status === 'Refused') return cleared ? undefined : 'no-already-stands'
    const had = this.#stands() || this.#status === 'Expired' || this.#status === 'Invalidated'
    this.#become(had ? 'Withdrawn' : 'Refused', reason, item)
    return undefined
  }

  #revoke(item: TimedDecision): NoEffectReason | undefined {
    const invalidates = item.decision.verb === 'invalidated'
    const had =
      this.#stands() ||
      this.#status === 'Expired' ||
      this.#status === (invalidates ? 'Revoked' : 'Invalidated') ||
      this.#awaitsConfirmation()
    const until = item.facts.times.effectiveAt
    if (invalidates && (this.#invalidation === undefined || until > this.#invalidation.until))
      this.#invalidation = { item, until }
    const cleared = this.#forget()
    // It does not replace a person's no, and does nothing if there was nothing to revoke.
    if (!had) return cleared ? undefined : 'nothing-to-revoke'
    if (invalidates) this.#become('Invalidated', 'invalidated', item)
    else this.#become('Revoked', 'revoked', item)
    return undefined
  }

  /** Takes a yes. `lacking` is the reason why its text does not stand now. */
  #agree(item: TimedDecision, judgement: Judgement, lacking: NoEffectReason | undefined): NoEffectReason | undefined {
    const { text } = judgement
    if (text === undefined) return 'no-version'
    if (this.#invalidation !== undefined && item.at <= this.#invalidation.until) {
      this.#noEffects.remove(this.#invalidation.item)
      // An invalidated yes is no explicit choice against the signal, so the signal in its event counts as a no.
      return judgement.despiteGpc ? this.#refuse(item, 'gpc') : 'invalidated'
    }
    const awaits = judgement.awaitsConfirmation === true
    const ahead = lacking === 'text-not-yet-in-force'
    const outdated = lacking === 'outdated-text'
    const despiteGpc = judgement.despiteGpc === true
    const renews = !ahead && this.#renews()
    const candidate = { yes: item, text, despiteGpc, renews, confirmation: undefined, awaits, ahead, outdated }
    if (ahead) {
      this.#waiting.add(candidate)
      return lacking
    }
    if (outdated && (this.#stands() || (awaits && this.#awaitsConfirmation()))) return lacking
    if (awaits) {
      // An unconfirmed yes does not end a consent that stands.
      this.#waiting.add(candidate)
      if (!this.#stands()) this.#become('Requested', 'awaiting-confirmation', item)
      return undefined
    }
    return outdated
      ? this.#expire(this.#validity.consentOf(candidate), 'outdated-text')
      : this.#accept(candidate, item.at, renews)
  }

  #confirm(item: TimedDecision): NoEffectReason | undefined {
    const renews = this.#renews()
    // A confirmation is of what its own subject said, not of what a linked one did.
    const awaiting = this.#waiting.take((c) => c.awaits && c.yes.member === item.member)
    if (awaiting.length === 0) return 'nothing-to-confirm'
    const confirmed = awaiting.map((c) => ({ ...c, awaits: false, confirmation: item }))
    for (const early of confirmed.filter((c) => c.ahead)) this.#waiting.add(early)
    const counting = confirmed.filter((c) => !c.ahead)
    const last = counting.at(-1)
    if (last === undefined) return 'text-not-yet-in-force'
    const standing = counting.filter((c) => this.#holds(c.text))
    if (standing.length > 0) {
      const reasons = standing.map((c) => this.#accept(c, item.at, renews || c.renews))
      return reasons.includes(undefined) ? undefined : reasons[0]
    }
    if (this.#stands()) return 'outdated-text'
    return this.#expire(this.#validity.consentOf(last), last.outdated ? 'outdated-text' : 'policy-changed')
  }

  /** A version that does not declare the purpose ends consent to it for good: declared again, it is asked for again. */
  #drop(): void {
    const stood = this.#stands()
    const waited = this.#awaitsConfirmation()
    const consent = this.#consent
    this.#forget()
    if (stood) this.#become('Revoked', 'purpose-dropped', consent?.decidedBy, consent)
    else if (waited) this.#become('Requested', 'purpose-dropped', this.#decider)
  }

  /** Ends consents to a text that the new version changes in a major way. */
  #outgrow(at: string): void {
    const outgrown = new Set(this.#standing.take((c) => !this.#holds(c.text)))
    const consent = this.#consent
    if (this.#stands() && consent !== undefined && !this.#holds(consent.text)) {
      if (!this.#fallBack(at)) this.#expire(consent, 'policy-changed')
      outgrown.add(consent)
    }
    // A version inserted before a text that was agreed to in advance interrupts that consent, whether or not it decided; the text itself
    // resumes it.
    for (const { yes, text, despiteGpc, decidedBy } of outgrown) {
      if (this.#context.versions.standing(text, this.#inForce) !== 'ahead') continue
      const confirmation = decidedBy === yes ? undefined : decidedBy
      const given = { yes, text, despiteGpc, confirmation, outdated: false }
      this.#waiting.add({ ...given, renews: true, awaits: false, ahead: true })
    }
  }

  /** A yes given in advance begins to count once its text is in force. If a later text came first, it is lost. */
  #comeIntoForce(at: string): void {
    const { versions } = this.#context
    const due = this.#waiting.take((c) => c.ahead && versions.standing(c.text, this.#inForce) !== 'ahead')
    for (const candidate of due) {
      const { yes, confirmation } = candidate
      if (!this.#holds(candidate.text)) {
        this.#noEffects.amend(yes, 'outdated-text')
        continue
      }
      this.#noEffects.remove(yes)
      if (confirmation) this.#noEffects.remove(confirmation)
      const renews = candidate.renews || this.#renews()
      if (candidate.awaits) {
        this.#waiting.add({ ...candidate, renews, ahead: false })
        if (!this.#stands()) this.#become('Requested', 'awaiting-confirmation', yes)
      } else this.#accept(candidate, at, renews)
    }
  }

  #accept(candidate: WaitingYes, at: string, renews: boolean): NoEffectReason | undefined {
    const consent = this.#validity.consentOf(candidate)
    if (consent.endsAt !== undefined && consent.endsAt <= at) {
      return this.#stands() ? consent.endReason : this.#expire(consent, consent.endReason)
    }
    this.#standing.add(consent)
    const reason = candidate.confirmation ? 'confirmed' : 'decided'
    this.#become(renews ? 'RenewedGiven' : 'Given', reason, consent.decidedBy, consent)
    return undefined
  }

  #expire(consent: Consent, reason: StatusReason): undefined {
    this.#standing.clear()
    this.#become('Expired', reason, consent.decidedBy, consent)
  }

  /** Lets another consent that stands at `at` decide from now on. Returns false if there is none. */
  #fallBack(at: string): boolean {
    this.#standing.take((c) => c.endsAt !== undefined && c.endsAt <= at)
    const last = this.#standing.last()
    if (last === undefined) return false
    this.#become(this.#status, last.decidedBy === last.yes ? 'decided' : 'confirmed', last.decidedBy, last)
    return true
  }

  #become(status: ConsentStatus, reason: StatusReason, decider: TimedDecision | undefined, consent?: Consent): void {
    this.#status = status
    this.#reason = reason
    this.#decider = decider
    this.#consent = consent
  }

  /** Clears all consents and waiting yeses. Returns whether there were any. */
  #forget(): boolean {
    const held = this.#standing.clear()
    return this.#waiting.clear() || held
  }

  #holds(text: PolicyVersion): boolean {
    return this.#context.versions.standing(text, this.#inForce) === 'stands'
  }

  #stands(): boolean {
    return this.#status === 'Given' || this.#status === 'RenewedGiven'
  }

  /** Whether a yes now would be a renewal. For a yes that awaits confirmation, the status before it decides. */
  #renews(): boolean {
    if (this.#stands() || this.#status === 'Expired') return true
    return this.#awaitsConfirmation() && this.#waiting.some((c) => c.renews && !c.ahead)
  }

  #awaitsConfirmation(): boolean {
    return this.#status === 'Requested' && this.#reason === 'awaiting-confirmation'
  }

  /** @param signal counts only yeses of the subject whose browser sent it: a linked subject's choice is no answer to this signal */
  #choseDespiteGpc(at: string, signal?: TimedDecision): boolean {
    const answers = (c: Consent) => c.despiteGpc && (signal === undefined || c.yes.member === signal.member)
    const isCounting = (c: Consent) => answers(c) && (c.endsAt === undefined || c.endsAt > at)
    return (this.#consent !== undefined && answers(this.#consent)) || this.#standing.some(isCounting)
  }
}
