/**
 * The walk through time that `status.ts`, `timeline.ts` and `evidence.ts` share. Between decisions time itself changes a status: a version
 * comes into force, a validity ends. At the same instant a validity ends first, then the version changes, then decisions count in order.
 */
import { type Judgement, judge, type TargetContext } from './decision-effect.ts'
import type { TimedDecision } from './decision-order.ts'
import type { Grade } from './event.ts'
import type { PolicyVersion } from './policy.ts'
import type { Lack, NoEffectReason, Status, StatusReason, WithoutEffect } from './status-answer.ts'

/** The result of a fold between two steps. */
export interface View {
  readonly status: Status
  readonly reason: StatusReason
  readonly decidedBy?: string
  readonly ground?: string
  /** The text that the decision was about, as the link has it. */
  readonly text?: string
  readonly grade?: Grade
  readonly endsAt?: string
  /** The instant from which the yes of a consent that stands counts, RFC 3339. */
  readonly since?: string
  readonly current?: boolean
  readonly despiteGpc?: boolean
  /** What the deciding yes lacks. */
  readonly lacks?: readonly Lack[]
  /** The mandate under which the deciding yes was given. */
  readonly mandate?: string
}

/** The rules of one kind of target. Each step gets its instant; instants never decrease. */
export interface Fold {
  /** When the state will change by itself, if nothing happens before. */
  nextEnd(): string | undefined
  /** Called at the instant `nextEnd()`, which afterwards returns a later one or none. */
  end(at: string): void
  changeVersion(at: string, inForce: PolicyVersion): void
  /** Returns why the decision has no effect, or undefined when it has one. */
  decide(item: TimedDecision, judgement: Judgement): NoEffectReason | undefined
  view(at: string): View
  /**
   * The decisions that the status rests on at `at`, or will rest on by time alone: a consent that stands or waits for its text to come into
   * force, and decisions without an end of their own. Without them the answer would differ. A no to a purpose that rests on consent is not
   * among them, because nothing is permitted without it either.
   */
  restsOn(at: string): Iterable<TimedDecision>
}

/** Decisions without effect so far, in order. A yes given in advance, or an invalidation, is removed once it has an effect. */
export class NoEffects {
  readonly #byItem = new Map<TimedDecision, WithoutEffect>()

  add(item: TimedDecision, reason: NoEffectReason): void {
    this.#byItem.set(item, { eventId: item.eventId, verb: item.decision.verb, reason })
  }

  /** Changes the reason of a decision in the list. Others are not added. */
  amend(item: TimedDecision, reason: NoEffectReason): void {
    if (this.#byItem.has(item)) this.add(item, reason)
  }

  remove(item: TimedDecision): void {
    this.#byItem.delete(item)
  }

  list(): readonly WithoutEffect[] {
    return [...this.#byItem.values()]
  }
}

/** Walks up to and including `until`; `observe` is called after each step that may have changed something. */
export function walk(
  fold: Fold,
  noEffects: NoEffects,
  items: readonly TimedDecision[],
  context: TargetContext,
  until: string,
  observe: (at: string) => void = () => {},
): void {
  const versions = context.versions.inOrder
  let next = 0
  let inForce: PolicyVersion | undefined

  const passTime = (to: string): void => {
    for (;;) {
      const end = fold.nextEnd()
      const start = versions[next]?.notBefore
      if (end !== undefined && end <= to && (start === undefined || end <= start)) {
        fold.end(end)
        observe(end)
      } else if (start !== undefined && start <= to) {
        // A race may have published two versions for one instant. Only the last of them is ever in force.
        while (versions[next]?.notBefore === start) inForce = versions[next++]
        if (inForce !== undefined) fold.changeVersion(start, inForce)
        observe(start)
      } else return
    }
  }

  for (const item of items) {
    if (item.at > until) break
    passTime(item.at)
    const reason = fold.decide(item, judge(item.decision, item.facts, context, inForce))
    if (reason !== undefined && !item.isRepeated) noEffects.add(item, reason)
    observe(item.at)
  }
  passTime(until)
}
