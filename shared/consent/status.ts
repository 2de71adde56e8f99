/**
 * Computes a status from events, versions, `at` and `knownAt`, as a pure function: what was recorded and published by `knownAt` is sorted,
 * then decisions and versions up to `at` are folded in order. Malformed data gets an answer, never an exception.
 */

import { contextOf, isEvidenced, type TargetContext } from './decision-effect.ts'
import { type TimedDecision, timedDecisionsOf } from './decision-order.ts'
import { type Target, yesVerbs } from './event.ts'
import { type Fold, NoEffects, type View, walk } from './fold.ts'
import { ConsentFold } from './fold-consent.ts'
import { InformedFold } from './fold-informed.ts'
import { PolicyFold } from './fold-policy.ts'
import { mandateEffect } from './mandate.ts'
import { historyKnownAt, knownFrom, type PolicyHistory } from './policy.ts'
import { versionsFor } from './policy-versions.ts'
import type { LegalBasis, Purpose } from './purpose.ts'
import { answerSentence, differenceClause } from './sentence.ts'
import type {
  Finding,
  FoldEvent,
  Question,
  Reason,
  Status,
  StatusAnswer,
  UnopenedEvents,
  WithoutEffect,
} from './status-answer.ts'
import { viewAmong } from './status-unopened.ts'

/**
 * `history` is that of the policy that owns the purpose, or of the policy that the question is about; `unopened` is what is recorded
 * by `knownAt` and is not among `events`, because it does not open any more or cannot be read.
 */
export function statusOf(
  question: Question,
  events: readonly FoldEvent[],
  history: PolicyHistory,
  unopened: UnopenedEvents = {},
): StatusAnswer {
  const target = targetOf(question)
  const items = timedDecisionsOf(target, events)
  const { at, knownAt } = question
  const now = findingOf(target, at, knownAt, items, history, unopened)
  if (!learntSince(at, knownAt, items, history)) return { ...now, knownThen: now }
  const then = findingOf(target, at, at, items, history, unopened)
  const difference = differenceClause(now, then)
  return {
    ...now,
    sentence: difference === '' ? now.sentence : `${now.sentence.slice(0, -1)}${difference}.`,
    knownThen: then,
  }
}

export function targetOf(question: Pick<Question, 'purposeId' | 'policyId'>): Target {
  return question.purposeId === undefined ? { policyId: question.policyId ?? '' } : { purposeId: question.purposeId }
}

/** Everything that a walk over one question needs. */
export interface Started {
  readonly context: TargetContext
  readonly fold: Fold
  readonly noEffects: NoEffects
  readonly items: readonly TimedDecision[]
  readonly purpose: Purpose | undefined
  readonly basis: LegalBasis | undefined
}

/** Restricts `sorted` and `history` to what was known at `knownAt`. The basis is the one that the purpose has at `at`. */
export function start(
  target: Target,
  at: string,
  knownAt: string,
  sorted: readonly TimedDecision[],
  history: PolicyHistory,
): Started {
  const known = historyKnownAt(history, knownAt)
  const versions = versionsFor(known, target.purposeId)
  const purpose = versions.purposeIn(versions.inForceAt(at)) ?? versions.declaredBy(at)
  const basis = purpose?.legalBasis
  const context = contextOf(target, known, versions, basis)
  const noEffects = new NoEffects()
  const items = sorted.filter((item) => item.knownFrom <= knownAt).map((item) => withMandate(item, knownAt))
  return { context, fold: foldOf(context, noEffects), noEffects, items, purpose, basis }
}

function withMandate(item: TimedDecision, knownAt: string): TimedDecision {
  if (item.facts.who.actor.mandateId === undefined) return item
  return { ...item, facts: { ...item.facts, mandate: mandateEffect(item, item.mandate, knownAt) } }
}

function foldOf(context: TargetContext, noEffects: NoEffects): Fold {
  switch (context.kind) {
    case 'consent':
      return new ConsentFold(context, noEffects)
    case 'policy':
      return new PolicyFold(context)
    case 'objection':
    case 'information':
      return new InformedFold(context)
  }
}

const saysNo: ReadonlySet<Status> = new Set(['Refused', 'Withdrawn', 'Objected', 'Declined'])

function findingOf(
  target: Target,
  at: string,
  knownAt: string,
  sorted: readonly TimedDecision[],
  history: PolicyHistory,
  unopened: UnopenedEvents,
): Finding {
  const { context, fold, noEffects, items, purpose, basis } = start(target, at, knownAt, sorted, history)
  walk(fold, noEffects, items, context, at)
  const view = viewAmong(unopened, fold.view(at))
  const inForce = context.versions.inForceAt(at)?.version
  const withoutEffect = noEffects.list()
  const shown = view.grade === 'assumed' ? undefined : view.text
  // A yes that an opt-out signal in its event turned into a no counts as a no, which lacks nothing.
  const lacks = saysNo.has(view.status) ? [] : (view.lacks ?? [])
  const { refusal } = purpose ?? {}
  const justification = refusal?.consequence === 'no-service' ? refusal.justification : undefined
  const finding: Omit<Finding, 'sentence'> = {
    status: view.status,
    ...(basis !== undefined && { basis }),
    ...(basis === 'consent' && { permittedByConsent: view.status === 'Given' || view.status === 'RenewedGiven' }),
    ...(view.decidedBy !== undefined && { decidedBy: view.decidedBy }),
    reason: reasonOf(view, withoutEffect),
    ...(view.ground !== undefined && { ground: view.ground }),
    ...(inForce !== undefined && { inForce }),
    ...(shown !== undefined && { shown }),
    ...(view.grade !== undefined && { grade: view.grade }),
    demonstrable: isEvidenced(view.grade) && shown !== undefined && lacks.length === 0,
    ...(lacks.length > 0 && { lacks }),
    ...(view.mandate !== undefined && !saysNo.has(view.status) && { mandate: view.mandate }),
    ...(view.endsAt !== undefined && { endsAt: view.endsAt }),
    ...(view.current !== undefined && { current: view.current }),
    ...(items.some(({ eventId, isDisputed }) => isDisputed && eventId === view.decidedBy) && { clock: 'ahead' }),
    conflicts: view.despiteGpc ? ['gpc'] : [],
    ...(basis === 'consent' && justification !== undefined && { noServiceJustification: justification }),
    withoutEffect,
  }
  return { ...finding, sentence: answerSentence(finding, context.target, at) }
}

function reasonOf(view: View, withoutEffect: readonly WithoutEffect[]): Reason {
  if (view.reason !== 'nothing-recorded') return view.reason
  return withoutEffect.findLast((w) => yesVerbs.has(w.verb))?.reason ?? view.reason
}

/** Whether anything relevant became known after `at` and by `knownAt`. */
function learntSince(at: string, knownAt: string, items: readonly TimedDecision[], history: PolicyHistory): boolean {
  const since = (instant: string) => instant > at && instant <= knownAt
  return (
    items.some((item) => since(item.knownFrom)) ||
    items.some(({ mandate: { end } = {} }) => end !== undefined && since(knownFrom(end, end.revokedAt))) ||
    history.versions.some((v) => since(knownFrom(v, v.publishedAt))) ||
    history.retractions.some((r) => since(knownFrom(r, r.retractedAt))) ||
    history.presentations.some((p) => since(knownFrom(p, p.publishedAt)))
  )
}
