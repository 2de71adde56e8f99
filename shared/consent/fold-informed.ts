/**
 * The fold of a purpose that rests on another basis than consent. It never says "may process": only whether the person was
 * informed and, for legitimate interests and public tasks, whether an objection stands. The other bases
 * give no choice: `decision-effect.ts` lets no objection through, so the status is Uninformed or Informed.
 *
 * When a guardian took an objection back, it is as if that had not happened from when the person comes of age.
 */
import { evidenceOf, isEvidenced, type Judgement, linkOf, type TargetContext } from './decision-effect.ts'
import type { TimedDecision } from './decision-order.ts'
import { yesVerbs } from './event.ts'
import type { Fold, View } from './fold.ts'
import type { PolicyVersion } from './policy.ts'
import type { InformedStatus, NoEffectReason, StatusReason } from './status-answer.ts'

/** For each linked subject, its objection and the instant from which that stands again; the empty text for one that stands. */
type Suspended = ReadonlyMap<number | undefined, { readonly objection: TimedDecision; readonly until: string }>

interface State {
  readonly status: InformedStatus
  readonly reason: StatusReason
  readonly decider?: TimedDecision
  /**
   * The state that a withdrawal or overruling of an objection changed. The evidence of its decision must be kept: without it the withdrawal
   * would have no effect.
   */
  readonly before?: State
  /** While Objected: the objection of each linked subject. The operator overrules one of them at a time. */
  readonly objections?: ReadonlyMap<number | undefined, TimedDecision>
  /** Objections that a guardian took back, where another subject's decision has replaced that since. */
  readonly suspended?: Suspended | undefined
  /** When `before` returns, because the person comes of age for whom a guardian decided. */
  readonly comesOfAgeAt?: string | undefined
  /** Whether the objection was withdrawn by an explicit act in an event that carried the signal. */
  readonly despiteGpc?: boolean
}

export class InformedFold implements Fold {
  readonly #context: TargetContext
  #inForce: PolicyVersion | undefined
  #state: State = { status: 'Uninformed', reason: 'nothing-recorded' }

  constructor(context: TargetContext) {
    this.#context = context
  }

  nextEnd(): string | undefined {
    const { comesOfAgeAt, suspended } = this.#state
    const untils = [...(suspended?.values() ?? [])].map(({ until }) => until)
    return [...untils, ...(comesOfAgeAt === undefined ? [] : [comesOfAgeAt])].sort()[0]
  }

  end(at: string): void {
    while (this.#state.before && this.#state.comesOfAgeAt !== undefined && this.#state.comesOfAgeAt <= at)
      this.#state = { ...this.#state.before, reason: 'came-of-age' }
    const { status, objections = new Map(), suspended = new Map() }: State = this.#state
    const due = [...suspended].filter(([, { until }]) => until <= at)
    const [first] = due
    if (first === undefined) return
    const left = new Map([...suspended].filter(([, { until }]) => until > at))
    const standing = new Map([...objections, ...due.map(([member, { objection }]) => [member, objection] as const)])
    this.#state =
      status === 'Objected'
        ? { ...this.#state, objections: standing, suspended: left }
        : {
            status: 'Objected',
            reason: 'came-of-age',
            decider: first[1].objection,
            objections: standing,
            suspended: left,
          }
  }

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
    const { status, reason, decider, despiteGpc = false } = this.#state
    const ground = reason === 'objection-overruled' ? decider?.decision.ground : undefined
    return {
      status,
      reason,
      ...(decider && { decidedBy: decider.eventId }),
      ...(ground !== undefined && { ground }),
      ...evidenceOf(decider, this.#context.policyId),
      despiteGpc,
    }
  }

  /** Informing needs no lasting evidence: the duty ends when the data is obtained (GDPR art. 13(1)). */
  *restsOn(): Iterable<TimedDecision> {
    const { status } = this.#state
    if (status !== 'Objected' && status !== 'NotObjected') return
    for (let state: State | undefined = this.#state; state; state = state.before) if (state.decider) yield state.decider
  }

  #inform(item: TimedDecision): boolean {
    if (this.#state.status !== 'Uninformed') return false
    this.#state = { status: 'Informed', reason: 'decided', decider: item }
    return true
  }

  #object(item: TimedDecision, reason: StatusReason): NoEffectReason | undefined {
    const { status, decider, despiteGpc, objections = new Map() } = this.#state
    const suspended = new Map(suspendedIn(this.#state))
    suspended.delete(item.member)
    if (status === 'Objected') {
      if (!objections.has(item.member))
        this.#state = { ...this.#state, objections: new Map([...objections, [item.member, item]]), suspended }
      return 'no-already-stands'
    }
    const isOfOneSubject = decider?.member === item.member
    if (item.decision.derivedFrom === 'gpc' && despiteGpc && isOfOneSubject) return 'chosen-despite-gpc'
    this.#state = { status: 'Objected', reason, decider: item, objections: new Map([[item.member, item]]), suspended }
    return undefined
  }

  #takeBack(item: TimedDecision, despiteGpc: boolean): NoEffectReason | undefined {
    const { status, comesOfAgeAt, despiteGpc: wasDespiteGpc } = this.#state
    const next = { status: 'NotObjected', reason: 'decided', decider: item, despiteGpc } as const
    const until = item.facts.mandate?.comesOfAgeAt
    if (status === 'Objected' || status === 'Informed') {
      this.#state = { ...next, comesOfAgeAt: until, before: this.#state }
      return undefined
    }
    if (status !== 'NotObjected') return 'nothing-to-take-back'
    const suspended = this.#state.suspended ?? new Map()
    if (suspended.size > 0 && (until === undefined || [...suspended.values()].some((each) => each.until < until))) {
      this.#state = { ...next, before: this.#state, ...(until !== undefined && { suspended: later(suspended, until) }) }
      return undefined
    }
    const outlasts = comesOfAgeAt !== undefined && (until === undefined || until > comesOfAgeAt)
    if (!outlasts && (!despiteGpc || wasDespiteGpc)) return 'nothing-to-take-back'
    const isKept = !outlasts && until !== undefined
    this.#state = { ...next, comesOfAgeAt: until, before: isKept ? this.#state : this.#state.before }
    return undefined
  }

  #overrule(item: TimedDecision): NoEffectReason | undefined {
    const { versions } = this.#context
    const purpose = versions.purposeIn(this.#inForce) ?? versions.declaredBy(item.at)
    if (purpose?.directMarketing) return 'objection-is-absolute'
    const { objections, suspended } = this.#state
    if (!objections?.has(item.member)) return 'nothing-to-overrule'
    const others = new Map([...objections].filter(([member]) => member !== item.member))
    const [another] = others.values()
    this.#state = another
      ? {
          status: 'Objected',
          reason: another.decision.derivedFrom === 'gpc' ? 'gpc' : 'decided',
          decider: another,
          objections: others,
          suspended,
        }
      : { status: 'NotObjected', reason: 'objection-overruled', decider: item, before: this.#state, suspended }
    return undefined
  }
}

/** The objections that will stand again by time alone, unless an objection of the same subject comes before. */
function suspendedIn({ status, suspended = new Map(), comesOfAgeAt, before }: State): Suspended {
  if (status === 'Objected') return suspended
  if (comesOfAgeAt === undefined || before === undefined) return suspended
  const standing = [...(before.objections ?? [])].map(
    ([member, objection]) => [member, { objection, until: '' }] as const,
  )
  return later(new Map([...suspendedIn(before), ...standing]), comesOfAgeAt)
}

/** The same objections, each standing again at `until` at the earliest. */
function later(suspended: Suspended, until: string): Suspended {
  return new Map([...suspended].map(([member, each]) => [member, each.until < until ? { ...each, until } : each]))
}
