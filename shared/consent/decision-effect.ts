/**
 * Decides whether a decision has an effect, and as which verb. A pure function of the decision, its event and what was published, used by the
 * fold and by receipts. The person's earlier decisions do not matter here; the fold considers them.
 *
 * A no is never weakened: it counts at any grade, from any act. A yes is never strengthened: each rule below can only make it count for less.
 */

import { effectiveAtOf } from './effective-time.ts'
import {
  type Grade,
  isOperatorAssurance,
  noVerbs,
  operatorVerbs,
  type PolicyLink,
  type RecordedDecision,
  type RecordedEvent,
  type Target,
  targetId,
  type Verb,
  yesVerbs,
} from './event.ts'
import type { MandateEffect } from './mandate.ts'
import type { PolicyHistory, PolicyVersion } from './policy.ts'
import { type Versions, versionsFor } from './policy-versions.ts'
import type { LegalBasis } from './purpose.ts'
import type { Lack, NoEffectReason } from './status-answer.ts'

export type EventFacts = Pick<RecordedEvent, 'times' | 'who' | 'link' | 'how'> & {
  /** What the mandate that the event names does for the decision. Absent: nothing. */
  readonly mandate?: MandateEffect
}

/** `countsAs` is the verb as which a decision counts, if that is not the one that was sent. */
export type DecisionEffect =
  | { readonly effect: 'yes'; readonly reason?: 'awaiting-confirmation' | 'subject-to-mandate' }
  | { readonly effect: 'no'; readonly countsAs?: Verb; readonly reason?: 'gpc' }
  | { readonly effect: 'shown' | 'operator' }
  | { readonly effect: 'none'; readonly reason: NoEffectReason }

/** The effect, with members that only the fold needs. */
export type Judgement = DecisionEffect & {
  /** The version that a yes agrees to. Also present if the yes has no effect only because of its text. */
  readonly text?: PolicyVersion
  readonly awaitsConfirmation?: boolean
  /** An explicit yes in an event that carried the signal against it. */
  readonly despiteGpc?: boolean
}

/** Kind of target, which determines the verbs that fit: a consent, a right to object, a duty to inform, or a policy. */
export type TargetKind = 'consent' | 'objection' | 'information' | 'policy'

/** The published facts about the target of a decision. */
export interface TargetContext {
  readonly target: string
  readonly policyId: string
  readonly kind: TargetKind
  readonly versions: Versions
  /** The presentations whose control for the target is initially on. */
  readonly initiallyOn: ReadonlySet<string>
}

export function contextOf(
  target: Target,
  history: PolicyHistory,
  versions: Versions,
  basis: LegalBasis | undefined,
): TargetContext {
  const id = targetId(target)
  const on = history.presentations.filter((p) => p.controls.some((c) => c.purposeId === id && c.initially === 'on'))
  const kind = target.purposeId === undefined ? 'policy' : kindOfBasis(basis)
  const initiallyOn = new Set(on.map((p) => p.presentationId))
  return { target: id, policyId: history.policyId, kind, versions, initiallyOn }
}

/**
 * The effect at the decision's own instant. `history` is that of the policy, or of the one that owns the purpose. Only the event is known here
 * and no mandate, so a yes that names one is said to be subject to it.
 */
export function decisionEffect(decision: RecordedDecision, facts: EventFacts, history: PolicyHistory): DecisionEffect {
  const at = effectiveAtOf(facts.times, yesVerbs.has(decision.verb))
  const versions = versionsFor(history, decision.purposeId)
  const declared = versions.purposeIn(versions.inForceAt(at)) ?? versions.declaredBy(at)
  const context = contextOf(decision, history, versions, declared?.legalBasis)
  const {
    text: _,
    awaitsConfirmation: __,
    despiteGpc: ___,
    ...effect
  } = judge(decision, { ...facts, mandate: {} }, context, versions.inForceAt(at))
  return effect.effect === 'yes' && facts.who.actor.mandateId !== undefined
    ? { reason: 'subject-to-mandate', ...effect }
    : effect
}

/** `inForce` is the version in force when the decision counts. */
export function judge(
  decision: RecordedDecision,
  facts: EventFacts,
  context: TargetContext,
  inForce: PolicyVersion | undefined,
): Judgement {
  const { verb } = decision
  if (isOperatorVerb(verb)) {
    if (!mayOperate(facts)) return none('operator-only')
    return operatorVerbsOf[context.kind].includes(verb) ? { effect: 'operator' } : none('verb-does-not-fit')
  }
  if (verb === 'requested' || verb === 'deferred') return { effect: 'shown' }
  if (!noVerbs.has(verb) && !yesVerbs.has(verb)) return none('verb-does-not-fit')
  // A decision that the ledger derived from the signal is a no, whatever its verb.
  if (noVerbs.has(verb) || decision.derivedFrom === 'gpc') {
    return judgeNo(verb, context.kind, decision.derivedFrom === 'gpc')
  }

  const yes = judgeYes(verb, facts, context, inForce)
  if (facts.how.signals?.gpc !== true || !isMarkedForGpc(facts, context, inForce)) return yes
  return yes.effect === 'yes' && isExplicitAct(facts) ? { ...yes, despiteGpc: true } : judgeNo(verb, context.kind, true)
}

/** Whether the event came with the operator's token. The actor that a client states proves nothing. */
export function mayOperate({ who: { assurance } }: Pick<EventFacts, 'who'>): boolean {
  return isOperatorAssurance(assurance)
}

/** Whether the subject chose this by a specific act, not through the operator, an accept-all control, or by doing nothing. */
export function isExplicitAct({ who, how }: Pick<EventFacts, 'who' | 'how'>): boolean {
  const { act, control } = how
  if (act === undefined || act === 'not-stated' || act === 'browser-signal' || act === 'continued-use') return false
  return control !== 'accept-all' && who.actor.role !== 'operator'
}

/** Evidence that the record of a yes lacks on how it was given. A no needs no evidence, so it lacks nothing. */
export function lackingIn(said: { readonly decision: RecordedDecision; readonly facts: EventFacts }): readonly Lack[] {
  const { decision, facts } = said
  if (!yesVerbs.has(decision.verb)) return []
  const lacks: Lack[] = []
  if (facts.how.act === 'not-stated') lacks.push('act')
  if (facts.how.presentation === 'unmatched') lacks.push('presentation')
  return lacks
}

/** What a view states of the decision that decides. */
interface Evidence {
  readonly text?: string
  readonly grade?: Grade
  readonly lacks?: readonly Lack[]
  /** The mandate under which a yes was given. */
  readonly mandate?: string
}

/** Empty without a decision. */
export function evidenceOf(
  said: { readonly decision: RecordedDecision; readonly facts: EventFacts } | undefined,
  policyId: string,
): Evidence {
  if (said === undefined) return {}
  const link = linkOf(said.facts, policyId)
  return {
    ...(link?.shown !== undefined && { text: link.shown }),
    ...(link && { grade: link.grade }),
    lacks: lackingIn(said),
    ...(yesVerbs.has(said.decision.verb) && mandateOf(said.facts)),
  }
}

function mandateOf({ who: { actor } }: Pick<EventFacts, 'who'>): Pick<Evidence, 'mandate'> {
  return actor.mandateId === undefined ? {} : { mandate: actor.mandateId }
}

export function linkOf(facts: Pick<EventFacts, 'link'>, policyId: string): PolicyLink | undefined {
  return facts.link.find((l) => l.policyId === policyId)
}

/** Whether the record itself says which text an event was about. */
export function isEvidenced(grade: Grade | undefined): boolean {
  return grade !== undefined && grade !== 'assumed' && grade !== 'unmatched'
}

function kindOfBasis(basis: LegalBasis | undefined): TargetKind {
  if (basis === 'legitimate-interest' || basis === 'public-task') return 'objection'
  // A purpose that no version declares is treated like consent: only a yes to a text that declares it could permit it.
  return basis === undefined || basis === 'consent' ? 'consent' : 'information'
}

const operatorVerbsOf: Readonly<Record<TargetKind, readonly Verb[]>> = {
  consent: ['confirmed', 'revoked', 'invalidated'],
  objection: ['objection-overruled'],
  information: [],
  policy: [],
}

const fittingNos: Readonly<Record<Exclude<TargetKind, 'information'>, readonly [Verb, ...Verb[]]>> = {
  consent: ['refused', 'withdrawn'],
  objection: ['objected'],
  policy: ['declined'],
}

function judgeNo(verb: Verb, kind: TargetKind, bySignal: boolean): Judgement {
  if (kind === 'information') return none(yesVerbs.has(verb) ? 'verb-does-not-fit' : 'basis-gives-no-choice')
  const fitting = fittingNos[kind]
  return {
    effect: 'no',
    ...(!fitting.includes(verb) && { countsAs: fitting[0] }),
    ...(bySignal && { reason: 'gpc' }),
  }
}

function judgeYes(
  verb: Verb,
  facts: EventFacts,
  context: TargetContext,
  inForce: PolicyVersion | undefined,
): Judgement {
  const { kind, versions } = context
  const { how } = facts
  const link = linkOf(facts, context.policyId)
  const text = versions.find(link?.shown ?? link?.inForce)
  if (!fits(verb, kind, text)) return none('verb-does-not-fit')
  const lack = lackOf(facts)
  if (lack !== undefined) return none(lack)
  if (how.act === 'continued-use' || how.act === 'browser-signal') return none(how.act)
  const presented = how.presentation === 'unmatched' ? undefined : how.presentationId
  if (how.initialState?.[context.target] === 'on' || context.initiallyOn.has(presented ?? '')) {
    // Whatever the act: saving choices that were preset is not a choice by the person.
    return none('initially-on')
  }
  if (link?.grade === 'unmatched') return none('unmatched')
  if (text === undefined) return none('no-version')
  if (kind === 'policy') return { effect: 'yes', text }

  const shown = versions.purposeIn(text)
  const declared = versions.purposeIn(inForce)
  if (how.control === 'accept-all' && (shown?.explicit || declared?.explicit)) return none('not-explicit')
  if (shown === undefined) return none('purpose-not-declared')
  // The stricter of two declarations counts: the one that the person saw, and the one in force.
  const doubleOptIn = shown.doubleOptIn === true || declared?.doubleOptIn === true
  const awaitsConfirmation = doubleOptIn && facts.who.assurance !== 'confirmed'
  if (inForce === undefined) {
    if (kind !== 'consent' || !appliedThen(text, facts)) return none('no-version')
    return { ...none('text-not-yet-in-force'), text, awaitsConfirmation }
  }
  if (declared === undefined) return none('purpose-not-declared')
  if (kind !== 'consent') return { effect: 'yes', text }

  const standing = versions.standing(text, inForce)
  if (standing === 'ahead') return { ...none('text-not-yet-in-force'), text, awaitsConfirmation }
  if (standing !== 'stands') return { ...none('outdated-text'), text, awaitsConfirmation }
  return { effect: 'yes', text, awaitsConfirmation, ...(awaitsConfirmation && { reason: 'awaiting-confirmation' }) }
}

/** Why the one who acted cannot say yes. */
function lackOf({ who, mandate }: EventFacts): NoEffectReason | undefined {
  if (who.barred !== undefined) return who.barred === 'age-gate' ? 'age-gate-failed' : 'no-mandate'
  if (who.actor.mandateId === undefined) return undefined
  return mandate === undefined ? 'no-mandate' : mandate.lack
}

function fits(verb: Verb, kind: TargetKind, text: PolicyVersion | undefined): boolean {
  if (kind === 'consent') return verb === 'given'
  if (kind === 'objection') return verb === 'objection-withdrawn'
  if (kind === 'information') return false
  // Only terms can be accepted. Without a version the kind is unknown; the yes then has no effect for lack of a version.
  return verb === 'acknowledged' || (verb === 'accepted' && (text === undefined || text.kind === 'terms'))
}

/**
 * Whether this is an imported yes from before the ledger had any version, to a text that states that it applied then, which is what a
 * retroactive `effectiveFrom` is for. Such a yes counts from the instant at which that text comes into force here.
 */
function appliedThen(text: PolicyVersion, { who, times }: EventFacts): boolean {
  return who.assurance === 'imported' && text.retroactive && text.effectiveFrom <= times.effectiveAt
}

/** Judged by the version in force and the version shown; if neither declares the purpose, by the last one that did. */
function isMarkedForGpc(facts: EventFacts, context: TargetContext, inForce: PolicyVersion | undefined): boolean {
  if (context.kind === 'policy') return false
  const { versions } = context
  const link = linkOf(facts, context.policyId)
  const declared = versions.purposeIn(inForce)
  const shown = versions.purposeIn(versions.find(link?.shown ?? link?.inForce))
  const last = declared ?? shown ?? versions.declaredBy(facts.times.effectiveAt)
  return [declared, shown, last].some((p) => p?.globalPrivacyControl === true)
}

function isOperatorVerb(verb: Verb): boolean {
  return operatorVerbs.some((v) => v === verb)
}

function none(reason: NoEffectReason): { readonly effect: 'none'; readonly reason: NoEffectReason } {
  return { effect: 'none', reason }
}
