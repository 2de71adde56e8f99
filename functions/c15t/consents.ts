/**
 * A subject's record in the form that c15t clients read: each event with its choices, refusals included, and whether consent stands now. A
 * recorded event alone does not mean that consent stands.
 */
import { type RecordedEvent, targetId } from '../../shared/consent/event.ts'
import { jointStatusOf } from '../../shared/consent/joint-status.ts'
import { textNamed } from '../../shared/consent/link.ts'
import { findVersion, inForce, type PolicyHistory } from '../../shared/consent/policy.ts'
import { policyFor } from '../../shared/consent/recording.ts'
import { compareByRecording, type Topic } from '../../shared/ledger/answers/answers-for-subject.ts'
import { type LinkedReads, membersFor } from '../../shared/ledger/answers/joint-answers.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { type OpenedEvent, receiptIdOf } from '../../shared/ledger/recording/sealed-event.ts'
import { askedCategories, type CategoryNames, necessary } from './names.ts'
import type { Preferences } from './schemas.ts'

/** Most consents in one answer. Older ones are available through the audit API. */
export const maxConsents = 100

export interface C15tConsent {
  readonly id: string
  readonly type: string
  readonly policyId: string
  readonly policyVersion?: string
  readonly policyHash?: string
  readonly policyEffectiveDate?: string
  readonly isLatestPolicy: boolean
  readonly preferences?: Preferences
  readonly givenAt: string
}

/** Newest record first. */
export function listConsents(
  events: readonly OpenedEvent[],
  snapshot: ControllerSnapshot,
  names: CategoryNames,
  at: string,
): C15tConsent[] {
  return events.toSorted((a, b) => compareByRecording(b, a)).map((opened) => consentOf(opened, snapshot, names, at))
}

function consentOf(
  { event, key }: OpenedEvent,
  snapshot: ControllerSnapshot,
  names: CategoryNames,
  at: string,
): C15tConsent {
  const document = event.decisions.find((d) => d.policyId !== undefined && d.verb !== 'requested')?.policyId
  const policyId = document ?? policyFor(snapshot, event.decisions[0] ?? {})?.policyId ?? names.policy.policyId
  const link = event.link.find((each) => each.policyId === policyId)
  const history = snapshot.policies.get(policyId)
  const name = link?.shown ?? link?.inForce
  const version = history && name !== undefined ? findVersion(history, name) : undefined
  const policyHash = link?.textSha256 ?? (link && version && textNamed(link, version))?.sha256
  return {
    id: receiptIdOf(key),
    type: document === undefined ? 'cookie_banner' : (names.typeOf(document) ?? 'other'),
    policyId,
    ...(version && { policyVersion: version.version, policyEffectiveDate: version.notBefore }),
    ...(policyHash !== undefined && { policyHash }),
    isLatestPolicy: version !== undefined && history !== undefined && inForce(history, at) === version,
    ...(document === undefined && { preferences: preferencesIn(event, names) }),
    givenAt: event.times.occurredAt,
  }
}

function preferencesIn({ decisions, how }: RecordedEvent, { purposes }: CategoryNames): Preferences {
  const chosen = new Map(decisions.map((decision) => [targetId(decision), decision.verb === 'given']))
  const said = [...purposes].flatMap(([category, purposeId]) => {
    const isGiven = chosen.get(purposeId)
    return isGiven === undefined ? [] : [[category, isGiven]]
  })
  return { [necessary]: true, ...Object.fromEntries(said), ...how.signals?.categories }
}

export interface ConsentState {
  /** Whether consent stands now: for a banner, to everything that it asks; for a document, to its text in force. */
  readonly hasConsent: boolean
  readonly isLatestPolicy: boolean
  /** For a banner: whether consent stands to each category. */
  readonly preferences?: Preferences
}

/**
 * `at` is now, and everything recorded counts as known. While a recorded entry cannot be read, no consent stands.
 *
 * @param reads of the subject, and of those that it is linked to: the state is then the joint one
 */
export function consentState(
  type: string,
  reads: Pick<LinkedReads, 'members'>,
  snapshot: ControllerSnapshot,
  names: CategoryNames,
  at: string,
): ConsentState {
  const statusOf = (topic: Topic, history: PolicyHistory) =>
    jointStatusOf({ ...topic, at, knownAt: at }, membersFor(reads, history, at), history)
  const document = type === 'cookie_banner' ? undefined : names.documentOf(type)
  if (document) {
    const { status, current } = statusOf({ policyId: document.policyId }, document)
    const isAgreed = status === 'Accepted' || status === 'Acknowledged'
    return { hasConsent: isAgreed && current === true, isLatestPolicy: isAgreed && current === true }
  }
  const asked = askedCategories(snapshot, names, at).filter(
    ({ category }) => type === 'cookie_banner' || category === type,
  )
  const answers = asked.flatMap(({ category, purpose: { purposeId } }) => {
    const history = policyFor(snapshot, { purposeId })
    return history === undefined ? [] : [{ category, ...statusOf({ purposeId }, history) }]
  })
  const hasConsent = answers.length > 0 && answers.every(({ permittedByConsent }) => permittedByConsent === true)
  return {
    hasConsent,
    isLatestPolicy:
      answers.length > 0 && answers.every(({ status, shown, inForce }) => isSettled(status) && shown === inForce),
    preferences: Object.fromEntries(answers.map((a) => [a.category, a.permittedByConsent === true])),
  }
}

function isSettled(status: string): boolean {
  return status === 'Given' || status === 'RenewedGiven' || status === 'Refused' || status === 'Withdrawn'
}
