/**
 * What the ledger adds to an event when it records it, as pure functions of the event and of what is published: the links, the refusals
 * that a browser signal stands for, who acted, and how. Each addition can only take from a yes.
 */
import type { ClientEvent } from './client-event.ts'
import {
  type Assurance,
  type EventHow,
  type EventWho,
  isOperatorAssurance,
  type PolicyLink,
  type RecordedDecision,
  targetId,
  yesVerbs,
} from './event.ts'
import { type Evidence, type InForce, linkPolicy, type NoticeClaims } from './link.ts'
import { inForce, type PolicyHistory, type Presentation } from './policy.ts'
import type { SignalFindings } from './tcf-gpp-findings.ts'

/** Everything that a controller has published. */
export interface Publications {
  /** By policyId. */
  readonly policies: ReadonlyMap<string, PolicyHistory>
  /** By purposeId: every purpose ever declared, with the policy that owns it. */
  readonly purposes: ReadonlyMap<string, { readonly policyId: string }>
}

/** The policy that is asked for, or that owns the purpose that is. */
export function policyFor(
  { policies, purposes }: Publications,
  topic: { readonly policyId?: string; readonly purposeId?: string },
): PolicyHistory | undefined {
  const policyId = topic.policyId ?? purposes.get(topic.purposeId ?? '')?.policyId
  return policyId === undefined ? undefined : policies.get(policyId)
}

export function presentationNamed({ policies }: Publications, presentationId: string): Presentation | undefined {
  for (const { presentations } of policies.values()) {
    const found = presentations.find((p) => p.presentationId === presentationId)
    if (found) return found
  }
  return undefined
}

/** A failed age gate bars the yeses of an event, and so does a guardian or delegate without a mandate; neither takes anything from a no. */
export function whoOf({ actor, onBehalfOf, ageGate }: ClientEvent, assurance: Assurance): EventWho {
  return {
    actor: actor ?? { role: isOperatorAssurance(assurance) ? 'operator' : 'self' },
    ...(onBehalfOf && { onBehalfOf }),
    assurance,
    ...(ageGate && { ageGate }),
    ...(needsMandate(actor) && { barred: 'no-mandate' }),
    ...(ageGate === 'failed' && { barred: 'age-gate' }),
  }
}

/** An event that names a mandate is judged by that mandate when a question is answered. */
function needsMandate(actor: ClientEvent['actor']): boolean {
  return (actor?.role === 'guardian' || actor?.role === 'delegate') && actor.mandateId === undefined
}

/** A link for each policy that the event decides on or says was shown; a reference to an unknown policy is kept as unmatched. */
export function linksOf(
  published: Publications,
  event: Pick<ClientEvent, 'decisions' | 'shown'>,
  effectiveAt: string,
  claims: readonly NoticeClaims[],
  versionInForce: InForce,
): PolicyLink[] {
  const evidence = new Map<string, Evidence>()
  for (const reference of event.shown ?? []) {
    if (reference.policyId !== undefined) evidence.set(reference.policyId, { kind: 'reference', reference })
  }
  for (const claim of claims) evidence.set(claim.policyId, { kind: 'token', claims: claim })
  const decided = event.decisions.map((d) => policyFor(published, d)?.policyId).filter((id) => id !== undefined)
  return [...new Set([...decided, ...evidence.keys()])].map((policyId) => {
    const history = published.policies.get(policyId)
    return history
      ? linkPolicy(history, effectiveAt, evidence.get(policyId), versionInForce)
      : { policyId, grade: 'unmatched' }
  })
}

/**
 * Global Privacy Control (https://www.w3.org/TR/gpc/) is a no to each purpose marked for it, in the policies that the event is about, unless
 * the event decides on the purpose itself.
 */
export function refusalsBySignal(
  published: Publications,
  event: ClientEvent,
  link: readonly PolicyLink[],
  effectiveAt: string,
): RecordedDecision[] {
  if (!event.signals?.gpc) return []
  const decided = new Set(event.decisions.map(targetId))
  return link
    .map(({ policyId }) => published.policies.get(policyId))
    .filter((history) => history !== undefined)
    .flatMap((history) => inForce(history, effectiveAt)?.purposes ?? [])
    .filter((purpose) => purpose.globalPrivacyControl && !decided.has(purpose.purposeId))
    .map(({ purposeId }) => ({ purposeId, verb: 'refused', derivedFrom: 'gpc' }))
}

/**
 * What a published presentation says of its controls counts over what the client says, because a control that was on before the person
 * touched it gives no consent.
 */
export function howOf(
  published: Publications,
  event: ClientEvent,
  findings: SignalFindings | undefined,
  link: readonly PolicyLink[],
): EventHow {
  const { channel, device, surface, control, layer, presentationId, signals, locale } = event
  const presented = presentationId === undefined ? undefined : presentationNamed(published, presentationId)
  const initiallyOn =
    presented?.controls.filter((c) => c.initially === 'on').map((c) => [c.purposeId, 'on'] as const) ?? []
  const initialState = { ...event.initialState, ...Object.fromEntries(initiallyOn) }
  return present({
    channel,
    device,
    surface,
    act: event.act ?? (event.decisions.some(({ verb }) => yesVerbs.has(verb)) ? 'not-stated' : undefined),
    control,
    layer,
    presentationId,
    presentation: presentationId === undefined ? undefined : gradeOf(presented, link),
    initialState: Object.keys(initialState).length > 0 ? initialState : undefined,
    signals,
    tcf: findings?.tcf,
    gpp: findings?.gpp,
    locale,
  })
}

/** A presentation of a policy that the event is not about shows nothing of what was decided. */
function gradeOf(presented: Presentation | undefined, link: readonly PolicyLink[]): EventHow['presentation'] {
  return link.some(({ policyId }) => policyId === presented?.policyId) ? 'matched' : 'unmatched'
}

/** Without the members that are undefined, so that an event reads back from its payload exactly as it was made. */
export function present<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T
}
