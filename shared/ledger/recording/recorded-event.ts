/**
 * Makes the event as it is stored for ever from what was sent and what the ledger adds. A pure function of the received event, the
 * controller's snapshot and the instant. It needs keys only to open notice tokens and to hash an address.
 */

import type { ClientEvent } from '../../consent/client-event.ts'
import { judgeTimes } from '../../consent/effective-time.ts'
import {
  type Assurance,
  type EventContext,
  type EventOrigin,
  type Identity,
  isOperatorAssurance,
  type RecordedEvent,
} from '../../consent/event.ts'
import { truncateIpAddress } from '../../consent/ip-address.ts'
import type { NoticeClaims } from '../../consent/link.ts'
import { inForce, statedInForce } from '../../consent/policy.ts'
import { howOf, linksOf, present, refusalsBySignal, whoOf } from '../../consent/recording.ts'
import type { SignalFindings } from '../../consent/tcf-gpp-findings.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { hmacText } from '../derived-keys.ts'
import { openNoticeToken, subjectBinding } from './notice-token.ts'

/** An event as it was received, with what its credentials and its transport show. */
export interface ReceivedEvent {
  readonly event: ClientEvent
  /** In any spelling. The recorded event has the form under which the subject is stored. */
  readonly identity: Identity
  readonly assurance: Assurance
  /** The client has never sent this subject before: saves a call when true, costs one when not. */
  readonly announcedNew: boolean
  readonly site: string
  readonly ipAddress?: string
  readonly userAgent?: string
  /** Decoded TCF and GPP strings. Left out of the content digest, because a later decoder may read the same string differently. */
  readonly findings?: SignalFindings
  readonly origin?: EventOrigin
}

export function recordedEvent(
  snapshot: ControllerSnapshot,
  submission: ReceivedEvent,
  recordedAt: string,
): RecordedEvent {
  const { event, identity, assurance, site } = submission
  const claims = openTokens(snapshot, submission)
  const times = judgeTimes({
    occurredAt: event.occurredAt,
    sentAt: event.sentAt,
    recordedAt,
    asserted: isOperatorAssurance(assurance),
    noticeIssuedAt: claims
      .map((c) => c.issuedAt)
      .sort()
      .at(-1),
  })
  const link = linksOf(snapshot, event, times.effectiveAt, claims, assurance === 'imported' ? statedInForce : inForce)
  return {
    eventId: event.eventId,
    site,
    decisions: [...event.decisions, ...refusalsBySignal(snapshot, event, link, times.effectiveAt)],
    times,
    who: whoOf(event, assurance),
    identity,
    link,
    how: {
      ...howOf(snapshot, event, submission.findings, link),
      ...(submission.origin && { origin: submission.origin }),
    },
    context: contextOf(snapshot, submission),
  }
}

function openTokens(snapshot: ControllerSnapshot, { event, identity, site }: ReceivedEvent): NoticeClaims[] {
  const { controller } = snapshot.controller
  const expected = { controller, site, subject: subjectBinding(controller, identity) }
  return (event.shown ?? [])
    .map((reference) => reference.noticeToken)
    .filter((token) => token !== undefined)
    .map((token) => openNoticeToken(snapshot.secrets, token, expected))
    .filter((claims) => claims !== undefined)
}

function contextOf(snapshot: ControllerSnapshot, { event, ipAddress, userAgent }: ReceivedEvent): EventContext {
  return present({ ipAddress: ipAddress && keptIpAddress(snapshot, ipAddress), userAgent, page: event.page })
}

function keptIpAddress(snapshot: ControllerSnapshot, address: string): string | undefined {
  switch (snapshot.controller.ipAddress) {
    case 'drop':
      return undefined
    case 'keep':
      return address
    case 'truncate':
      return truncateIpAddress(address)
    case 'hash':
      return hmacText(snapshot.secrets.pepper, `ip-address-v1 ${address}`, 32)
  }
}
