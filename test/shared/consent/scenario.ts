/** Histories and events for the tests of the fold, each with as little as the case is about. Days count from 1 January 2026. */

import type { Decision } from '../../../shared/consent/client-event.ts'
import type { RecordedDecision, RecordedEvent, Verb } from '../../../shared/consent/event.ts'
import type { PolicyHistory, PolicyVersion, Presentation } from '../../../shared/consent/policy.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'
import { statusOf } from '../../../shared/consent/status.ts'
import type { FoldEvent, Question, StatusAnswer } from '../../../shared/consent/status-answer.ts'

export const purposeId = 'newsletter'
export const policyId = 'privacy'

export function day(n: number, ms = 0): string {
  return new Date(Date.UTC(2026, 0, 1) + n * 86_400_000 + ms).toISOString()
}

export function purpose(over: Partial<Purpose> = {}): Purpose {
  return {
    purposeId,
    title: { en: 'Newsletter' },
    description: { en: 'News by mail' },
    legalBasis: 'consent',
    subjectCategories: ['visitor'],
    dataCategories: [{ category: 'email address', form: 'personal', sources: ['the person'] }],
    recipients: [],
    storageLocations: ['SE'],
    retention: 'P1Y',
    atEnd: 'erase',
    jurisdiction: 'SE',
    validity: 'P1Y',
    withdrawalMethod: { en: 'link in each mail' },
    refusal: { consequence: 'none' },
    technologies: [],
    ...over,
  }
}

/** In force from `day`, published the day before unless stated otherwise. */
export function version(name: string, from: number, over: Partial<PolicyVersion> = {}): PolicyVersion {
  return {
    policyId,
    kind: 'privacy',
    version: name,
    scope: [],
    title: { en: 'Policy' },
    effectiveFrom: day(from),
    publishedAt: day(from - 1),
    notBefore: day(from),
    retroactive: false,
    texts: [{ locale: 'en', mediaType: 'text/plain', sha256: name }],
    purposes: [purpose()],
    level: 'minor',
    changes: [],
    ground: 'business',
    summary: { en: '' },
    ...over,
  }
}

export function major(
  name: string,
  from: number,
  comparedWith: string,
  over: Partial<PolicyVersion> = {},
): PolicyVersion {
  return version(name, from, {
    comparedWith,
    level: 'major',
    changes: [{ purposeId, level: 'major', reason: 'more' }],
    ...over,
  })
}

export function historyOf(versions: readonly PolicyVersion[], over: Partial<PolicyHistory> = {}): PolicyHistory {
  return { policyId, versions, retractions: [], presentations: [], ...over }
}

export function presentation(presentationId: string, initially: 'on' | 'off', target = purposeId): Presentation {
  return {
    presentationId,
    policyId,
    publishedAt: day(-10),
    wording: { en: '' },
    controls: [{ purposeId: target, label: { en: '' }, initially }],
    refusal: { label: { en: 'No' }, layer: 1 },
  }
}

type EventDetails = {
  readonly [Group in 'who' | 'how' | 'times']?: Partial<RecordedEvent[Group]>
} & {
  readonly shown?: string | null
  readonly inForce?: string | null
  readonly grade?: RecordedEvent['link'][number]['grade']
  readonly link?: RecordedEvent['link']
  readonly ground?: string
  readonly from?: string
  readonly derivedFrom?: 'gpc'
  readonly about?: string
  /** Also decided in the same event. */
  readonly alsoDecided?: readonly RecordedDecision[]
}

/** One decision, effective and recorded on a day (a fraction is fine), at version v1 by a button, unless `details` states otherwise. */
export function event(eventId: string, verb: Verb, on: number | string, details: EventDetails = {}): FoldEvent {
  const at = typeof on === 'string' ? on : day(on)
  const { shown = 'v1', inForce = 'v1', grade = 'served', about = purposeId } = details
  const target: Decision = about === 'policy' ? { policyId, verb } : { purposeId: about, verb }
  const decision: RecordedDecision = {
    ...target,
    ...(details.ground !== undefined && { ground: details.ground }),
    ...(details.from !== undefined && { from: details.from }),
    ...(details.derivedFrom && { derivedFrom: details.derivedFrom }),
  }
  return {
    event: {
      eventId,
      decisions: [decision, ...(details.alsoDecided ?? [])],
      times: { occurredAt: at, recordedAt: at, effectiveAt: at, verdict: 'trusted', ...details.times },
      who: { actor: { role: 'self' }, assurance: 'authenticated', ...details.who },
      link: details.link ?? [{ policyId, grade, ...(shown && { shown }), ...(inForce && { inForce }) }],
      how: { act: 'button', control: 'single', ...details.how },
    },
  }
}

export const byOperator: EventDetails = { who: { actor: { role: 'operator' }, assurance: 'operator' }, link: [] }

/** The answer at a day, as known then unless stated otherwise. */
export function ask(
  history: PolicyHistory,
  events: readonly FoldEvent[],
  at: number | string,
  question: Partial<Question> = { purposeId },
): StatusAnswer {
  const instant = typeof at === 'string' ? at : day(at)
  return statusOf({ at: instant, knownAt: instant, ...question }, events, history)
}
