/**
 * Does a decision have an effect, and as what? A pure function of the decision, its event and what was published; the fold
 * and the answer to a POST both ask here. What came before it for the person is not looked at: that is the fold.
 *
 * A no is never weakened: it counts at any grade, from any act. A yes is never strengthened: each rule below only takes from it.
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
import type { PolicyHistory, PolicyVersion } from './policy.ts'
import { Versions } from './policy-versions.ts'
import type { LegalBasis } from './purpose.ts'
import type { Lack, NoEffectReason } from './status-answer.ts'

export type EventFacts = Pick<RecordedEvent, 'times' | 'who' | 'link' | 'how'>

/** `countsAs` is the verb as which it counts, when that is not the one that was sent. */
export type DecisionEffect =
  | { readonly effect: 'yes'; readonly reason?: 'awaiting-confirmation' }
  | { readonly effect: 'no'; readonly countsAs?: Verb; readonly reason?: 'gpc' }
  | { readonly effect: 'shown' | 'operator' }
  | { readonly effect: 'none'; readonly reason: NoEffectReason }

/** What only the fold needs in addition. */
export type Judgement = DecisionEffect & {
  /** The version that a yes is a yes to; also of one without effect for the sake of its text. */
  readonly text?: PolicyVersion
  readonly awaitsConfirmation?: boolean
  /** An explicit yes in an event that carried the signal against it. */
  readonly despiteGpc?: boolean
}

/** What a decision's target allows: what a consent, an objection, a duty to inform or a policy each have verbs for. */
export type Family = 'consent' | 'objection' | 'information' | 'policy'

/** What is published about the target of a decision. */
export interface Scene {
  readonly target: string
  readonly policyId: string
  readonly family: Family
  readonly versions: Versions
  /** The presentations whose control for the target is initially on. */
  readonly initiallyOn: ReadonlySet<string>
}

export function sceneOf(
  target: Target,
  history: PolicyHistory,
  versions: Versions,
  basis: LegalBasis | undefined,
): Scene {
  const id = targetId(target)
  const on = history.presentations.filter((p) => p.controls.some((c) => c.purposeId === id && c.initially === 'on'))
  const family = target.purposeId === undefined ? 'policy' : familyOf(basis)
  const initiallyOn = new Set(on.map((p) => p.presentationId))
  return { target: id, policyId: history.policyId, family, versions, initiallyOn }
}

/** The effect at the decision's own instant. `history` is that of the policy, or of the one that owns the purpose. */
export function decisionEffect(decision: RecordedDecision, facts: EventFacts, history: PolicyHistory): DecisionEffect {
  const at = effectiveAtOf(facts.times, yesVerbs.has(decision.verb))
  const versions = new Versions(history, decision.purposeId)
  const declared = versions.purposeIn(versions.inForceAt(at)) ?? versions.declaredBy(at)
  const scene = sceneOf(decision, history, versions, declared?.legalBasis)
  const {
    text: _,
    awaitsConfirmation: __,
    despiteGpc: ___,
    ...effect
  } = judge(decision, facts, scene, versions.inForceAt(at))
  return effect
}

/** `inForce` is the version in force when the decision counts. */
export function judge(
  decision: RecordedDecision,
  facts: EventFacts,
  scene: Scene,
  inForce: PolicyVersion | undefined,
): Judgement {
  const { verb } = decision
  if (isOperatorVerb(verb)) {
    if (!mayOperate(facts)) return none('operator-only')
    return operatorVerbsOf[scene.family].includes(verb) ? { effect: 'operator' } : none('verb-does-not-fit')
  }
  if (verb === 'requested' || verb === 'deferred') return { effect: 'shown' }
  if (!noVerbs.has(verb) && !yesVerbs.has(verb)) return none('verb-does-not-fit')
  // What the ledger derived from the signal is a no, whatever its verb says.
  if (noVerbs.has(verb) || decision.derivedFrom === 'gpc') {
    return judgeNo(verb, scene.family, decision.derivedFrom === 'gpc')
  }

  const yes = judgeYes(verb, facts, scene, inForce)
  if (facts.how.signals?.gpc !== true || !isMarkedForGpc(facts, scene, inForce)) return yes
  return yes.effect === 'yes' && isExplicitAct(facts) ? { ...yes, despiteGpc: true } : judgeNo(verb, scene.family, true)
}

/** Judged by the token that came with the event: a client may call its actor an operator, which proves nothing. */
export function mayOperate({ who: { assurance } }: Pick<EventFacts, 'who'>): boolean {
  return isOperatorAssurance(assurance)
}

/** The subject chose this by an act: not the operator for them, not by accepting everything, not by doing nothing. */
export function isExplicitAct({ who, how }: Pick<EventFacts, 'who' | 'how'>): boolean {
  const { act, control } = how
  if (act === undefined || act === 'not-stated' || act === 'browser-signal' || act === 'continued-use') return false
  return control !== 'accept-all' && who.actor.role !== 'operator'
}

/** What the record of a yes lacks to show how it came about. What says no needs no evidence, and lacks nothing. */
export function lackingIn(said: { readonly decision: RecordedDecision; readonly facts: EventFacts }): readonly Lack[] {
  const { decision, facts } = said
  if (!yesVerbs.has(decision.verb)) return []
  const lacks: Lack[] = []
  if (facts.how.act === 'not-stated') lacks.push('act')
  if (facts.how.presentation === 'unmatched') lacks.push('presentation')
  return lacks
}

export function linkOf(facts: Pick<EventFacts, 'link'>, policyId: string): PolicyLink | undefined {
  return facts.link.find((l) => l.policyId === policyId)
}

/** Whether the record itself says which text an event was about. */
export function isEvidenced(grade: Grade | undefined): boolean {
  return grade !== undefined && grade !== 'assumed' && grade !== 'unmatched'
}

function familyOf(basis: LegalBasis | undefined): Family {
  if (basis === 'legitimate-interest' || basis === 'public-task') return 'objection'
  // What no version declares is treated like consent: nothing but a yes to a text that declares it could permit it.
  return basis === undefined || basis === 'consent' ? 'consent' : 'information'
}

const operatorVerbsOf: Readonly<Record<Family, readonly Verb[]>> = {
  consent: ['confirmed', 'revoked', 'invalidated'],
  objection: ['objection-overruled'],
  information: [],
  policy: [],
}

const fittingNos: Readonly<Record<Exclude<Family, 'information'>, readonly [Verb, ...Verb[]]>> = {
  consent: ['refused', 'withdrawn'],
  objection: ['objected'],
  policy: ['declined'],
}

function judgeNo(verb: Verb, family: Family, bySignal: boolean): Judgement {
  if (family === 'information') return none(yesVerbs.has(verb) ? 'verb-does-not-fit' : 'basis-gives-no-choice')
  const fitting = fittingNos[family]
  return {
    effect: 'no',
    ...(!fitting.includes(verb) && { countsAs: fitting[0] }),
    ...(bySignal && { reason: 'gpc' }),
  }
}

function judgeYes(verb: Verb, facts: EventFacts, scene: Scene, inForce: PolicyVersion | undefined): Judgement {
  const { family, versions } = scene
  const { how } = facts
  const link = linkOf(facts, scene.policyId)
  const text = versions.find(link?.shown ?? link?.inForce)
  if (!fits(verb, family, text)) return none('verb-does-not-fit')
  if (facts.who.barred === 'age-gate') return none('age-gate-failed')
  if (how.act === 'continued-use' || how.act === 'browser-signal') return none(how.act)
  const presented = how.presentation === 'unmatched' ? undefined : how.presentationId
  if (how.initialState?.[scene.target] === 'on' || scene.initiallyOn.has(presented ?? '')) {
    // Whatever the act: saving choices that were made for the person is no choice of theirs.
    return none('initially-on')
  }
  if (link?.grade === 'unmatched') return none('unmatched')
  if (text === undefined) return none('no-version')
  if (family === 'policy') return { effect: 'yes', text }

  const shown = versions.purposeIn(text)
  const declared = versions.purposeIn(inForce)
  if (how.control === 'accept-all' && (shown?.explicit || declared?.explicit)) return none('not-explicit')
  if (shown === undefined) return none('purpose-not-declared')
  // Stricter of the two declarations: what the person saw, and what applied.
  const doubleOptIn = shown.doubleOptIn === true || declared?.doubleOptIn === true
  const awaitsConfirmation = doubleOptIn && facts.who.assurance !== 'confirmed'
  if (inForce === undefined) {
    if (family !== 'consent' || !appliedThen(text, facts)) return none('no-version')
    return { ...none('text-not-yet-in-force'), text, awaitsConfirmation }
  }
  if (declared === undefined) return none('purpose-not-declared')
  if (family !== 'consent') return { effect: 'yes', text }

  const standing = versions.standing(text, inForce)
  if (standing === 'ahead') return { ...none('text-not-yet-in-force'), text, awaitsConfirmation }
  if (standing !== 'stands') return { ...none('outdated-text'), text, awaitsConfirmation }
  return { effect: 'yes', text, awaitsConfirmation, ...(awaitsConfirmation && { reason: 'awaiting-confirmation' }) }
}

function fits(verb: Verb, family: Family, text: PolicyVersion | undefined): boolean {
  if (family === 'consent') return verb === 'given'
  if (family === 'objection') return verb === 'objection-withdrawn'
  if (family === 'information') return false
  // Accepting is for terms; with no version at hand there is no kind to hold against it, and no effect either.
  return verb === 'acknowledged' || (verb === 'accepted' && (text === undefined || text.kind === 'terms'))
}

/**
 * An imported yes from before the ledger had any version, to a text that says it applied then: what a retroactive
 * `effectiveFrom` is for. It counts from when that text is in force here, and not before.
 */
function appliedThen(text: PolicyVersion, { who, times }: EventFacts): boolean {
  return who.assurance === 'imported' && text.retroactive && text.effectiveFrom <= times.effectiveAt
}

/** By what applied or by what the person saw; if neither says anything of the purpose, by what last did. */
function isMarkedForGpc(facts: EventFacts, scene: Scene, inForce: PolicyVersion | undefined): boolean {
  if (scene.family === 'policy') return false
  const { versions } = scene
  const link = linkOf(facts, scene.policyId)
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
