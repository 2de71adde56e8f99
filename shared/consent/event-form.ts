/** The form of a recorded event: the members on which the fold and every answer rely. */
import {
  controls,
  type EventContext,
  grades,
  operatorVerbs,
  parties,
  type RecordedDecision,
  type RecordedEvent,
  recordedActs,
  subjectVerbs,
} from './event.ts'
import { instant, list, members, object, oneOf, optional, text, truth, whole } from './form.ts'

/** A recorded event as its payload seals it. The context is sealed separately. */
export type SealedContent = Omit<RecordedEvent, 'context'>

export function isSealedContent(value: unknown): value is SealedContent {
  return content(value) && (value as SealedContent).decisions.every(hasOneTarget)
}

export function isEventContext(value: unknown): value is EventContext {
  return context(value)
}

function hasOneTarget({ purposeId, policyId }: RecordedDecision): boolean {
  return (purposeId === undefined) !== (policyId === undefined)
}

const decision = object({
  purposeId: optional(text),
  policyId: optional(text),
  verb: oneOf([...subjectVerbs, ...operatorVerbs]),
  ground: optional(text),
  from: optional(text),
  derivedFrom: optional(oneOf(['gpc'])),
})

const link = object({
  policyId: text,
  inForce: optional(text),
  shown: optional(text),
  grade: oneOf(grades),
  locale: optional(text),
  textSha256: optional(text),
})

const signals = object({
  gpc: optional(truth),
  tcString: optional(text),
  gppString: optional(text),
  consentMode: optional(members(text)),
  categories: optional(members(truth)),
})

const content = object({
  eventId: text,
  site: text,
  decisions: list(decision),
  times: object({
    occurredAt: instant,
    sentAt: optional(instant),
    recordedAt: instant,
    effectiveAt: instant,
    verdict: oneOf(['trusted', 'corrected', 'asserted', 'rejected']),
    ageMs: optional(whole),
    skewMs: optional(whole),
    noticeIssuedAt: optional(instant),
  }),
  who: object({
    actor: object({ role: oneOf(['self', 'guardian', 'delegate', 'operator']), ground: optional(text) }),
    onBehalfOf: optional(oneOf(parties)),
    assurance: oneOf(['anonymous', 'authenticated', 'confirmed', 'operator', 'imported']),
    ageGate: optional(oneOf(['passed', 'failed', 'not-asked'])),
    barred: optional(oneOf(['age-gate'])),
  }),
  identity: object({ type: text, id: text }),
  link: list(link),
  how: object({
    channel: optional(text),
    device: optional(text),
    surface: optional(text),
    act: optional(oneOf(recordedActs)),
    control: optional(oneOf(controls)),
    layer: optional(whole),
    presentationId: optional(text),
    presentation: optional(oneOf(['matched', 'unmatched'])),
    initialState: optional(members(oneOf(['on', 'off']))),
    signals: optional(signals),
    tcf: optional(object({})),
    gpp: optional(object({})),
    locale: optional(text),
  }),
})

const context = object({ ipAddress: optional(text), userAgent: optional(text), page: optional(text) })
