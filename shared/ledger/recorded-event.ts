/**
 * The event as it is stored for ever: what was sent, and what the ledger adds to it. A pure function of the submission, of what
 * is known of the controller, and of the instant; the keys are only needed to open notice tokens and to hash an address.
 */

import { judgeTimes } from '../consent/effective-time.ts'
import type {
  Assurance,
  ClientEvent,
  EventContext,
  EventHow,
  Identity,
  PolicyLink,
  RecordedDecision,
  RecordedEvent,
} from '../consent/event.ts'
import { targetId, yesVerbs } from '../consent/event.ts'
import { truncateIpAddress } from '../consent/ip-address.ts'
import { type Evidence, type InForce, linkPolicy, type NoticeClaims } from '../consent/link.ts'
import { inForce, type Presentation, statedInForce } from '../consent/policy.ts'
import type { SignalFindings } from '../consent/signals.ts'
import { type ControllerBook, policyFor } from './controller-snapshots.ts'
import { hmacText } from './derived-keys.ts'
import { bindingOf, openNoticeToken } from './notice-token.ts'

/** An event and what its credentials and its transport say. */
export interface Submission {
  readonly event: ClientEvent
  /** In any spelling. The recorded event has the form under which the subject is stored. */
  readonly identity: Identity
  readonly assurance: Assurance
  /** The client has never sent this subject before: saves a call when true, costs one when not. */
  readonly announcedNew: boolean
  readonly site: string
  readonly ipAddress?: string
  readonly userAgent?: string
  /** What the event's signals were found to be: no part of its content, since who finds may learn. */
  readonly findings?: SignalFindings
}

export function recordedEvent(book: ControllerBook, submission: Submission, recordedAt: string): RecordedEvent {
  const { event, identity, assurance, site } = submission
  const claims = openTokens(book, submission)
  const times = judgeTimes({
    occurredAt: event.occurredAt,
    sentAt: event.sentAt,
    recordedAt,
    asserted: assurance === 'operator' || assurance === 'imported' || assurance === 'confirmed',
    noticeIssuedAt: claims
      .map((c) => c.issuedAt)
      .sort()
      .at(-1),
  })
  const link = links(book, event, times.effectiveAt, claims, assurance === 'imported' ? statedInForce : inForce)
  return {
    eventId: event.eventId,
    site,
    decisions: [...event.decisions, ...derivedFromSignals(book, event, link, times.effectiveAt)],
    times,
    who: {
      actor: event.actor ?? { role: assurance === 'anonymous' || assurance === 'authenticated' ? 'self' : 'operator' },
      ...(event.onBehalfOf && { onBehalfOf: event.onBehalfOf }),
      assurance,
      ...(event.ageGate && { ageGate: event.ageGate }),
      ...(event.ageGate === 'failed' && { barred: 'age-gate' }),
    },
    identity,
    link,
    how: howOf(book, submission, link),
    context: contextOf(book, submission),
  }
}

function openTokens(book: ControllerBook, { event, identity, site }: Submission): NoticeClaims[] {
  const { controller } = book.controller
  const expected = { controller, site, subject: bindingOf(controller, identity) }
  return (event.shown ?? [])
    .map((reference) => reference.noticeToken)
    .filter((token) => token !== undefined)
    .map((token) => openNoticeToken(book.secrets.noticeKey, token, expected))
    .filter((claims) => claims !== undefined)
}

/** A link for each policy that the event decides on or says was shown; a reference to an unknown policy is kept as unmatched. */
function links(
  book: ControllerBook,
  event: ClientEvent,
  effectiveAt: string,
  claims: readonly NoticeClaims[],
  versionInForce: InForce,
): PolicyLink[] {
  const evidence = new Map<string, Evidence>()
  for (const reference of event.shown ?? []) {
    if (reference.policyId !== undefined) evidence.set(reference.policyId, { kind: 'reference', reference })
  }
  for (const claim of claims) evidence.set(claim.policyId, { kind: 'token', claims: claim })
  const decided = event.decisions.map((d) => policyFor(book, d)?.policyId).filter((id) => id !== undefined)
  return [...new Set([...decided, ...evidence.keys()])].map((policyId) => {
    const history = book.policies.get(policyId)
    return history
      ? linkPolicy(history, effectiveAt, evidence.get(policyId), versionInForce)
      : { policyId, grade: 'unmatched' }
  })
}

/** Global Privacy Control is a no to each purpose so marked, in the policies that the event is about, unless it says otherwise. */
function derivedFromSignals(
  book: ControllerBook,
  event: ClientEvent,
  link: readonly PolicyLink[],
  effectiveAt: string,
): RecordedDecision[] {
  if (!event.signals?.gpc) return []
  const said = new Set(event.decisions.map(targetId))
  return link
    .map(({ policyId }) => book.policies.get(policyId))
    .filter((history) => history !== undefined)
    .flatMap((history) => inForce(history, effectiveAt)?.purposes ?? [])
    .filter((purpose) => purpose.globalPrivacyControl && !said.has(purpose.purposeId))
    .map(({ purposeId }) => ({ purposeId, verb: 'refused', derivedFrom: 'gpc' }))
}

/** What a published presentation says of its controls counts over what the client says: a yes is never strengthened. */
function howOf(book: ControllerBook, { event, findings }: Submission, link: readonly PolicyLink[]): EventHow {
  const { channel, device, surface, control, layer, presentationId, signals, locale } = event
  const presented = presentationId === undefined ? undefined : presentationOf(book, presentationId)
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

function contextOf(book: ControllerBook, { event, ipAddress, userAgent }: Submission): EventContext {
  return present({ ipAddress: ipAddress && keptIpAddress(book, ipAddress), userAgent, page: event.page })
}

/** Without the members that are not there, so that an event reads back from its payload exactly as it was made. */
function present<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T
}

function keptIpAddress(book: ControllerBook, address: string): string | undefined {
  switch (book.controller.ipAddress) {
    case 'drop':
      return undefined
    case 'keep':
      return address
    case 'truncate':
      return truncateIpAddress(address)
    case 'hash':
      return hmacText(book.secrets.pepper, `ip-address-v1 ${address}`, 32)
  }
}

export function presentationOf(book: ControllerBook, presentationId: string): Presentation | undefined {
  for (const { presentations } of book.policies.values()) {
    const found = presentations.find((p) => p.presentationId === presentationId)
    if (found) return found
  }
  return undefined
}
