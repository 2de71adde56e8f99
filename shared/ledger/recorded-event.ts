/**
 * The event as it is stored for ever: what was sent, and what the ledger adds to it. A pure function of the submission, of what
 * is known of the controller, and of the instant; the keys are only needed to open notice tokens and to hash an address.
 */

import { judgeTimes } from '../consent/effective-time.ts'
import {
  type Assurance,
  type ClientEvent,
  type EventContext,
  type Identity,
  isOperatorAssurance,
  type RecordedEvent,
} from '../consent/event.ts'
import { truncateIpAddress } from '../consent/ip-address.ts'
import type { NoticeClaims } from '../consent/link.ts'
import { inForce, statedInForce } from '../consent/policy.ts'
import { howOf, linksOf, present, refusalsBySignal, whoOf } from '../consent/recording.ts'
import type { SignalFindings } from '../consent/signals.ts'
import type { ControllerBook } from './controller-snapshots.ts'
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
    asserted: isOperatorAssurance(assurance),
    noticeIssuedAt: claims
      .map((c) => c.issuedAt)
      .sort()
      .at(-1),
  })
  const link = linksOf(book, event, times.effectiveAt, claims, assurance === 'imported' ? statedInForce : inForce)
  return {
    eventId: event.eventId,
    site,
    decisions: [...event.decisions, ...refusalsBySignal(book, event, link, times.effectiveAt)],
    times,
    who: whoOf(event, assurance),
    identity,
    link,
    how: howOf(book, event, submission.findings, link),
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

function contextOf(book: ControllerBook, { event, ipAddress, userAgent }: Submission): EventContext {
  return present({ ipAddress: ipAddress && keptIpAddress(book, ipAddress), userAgent, page: event.page })
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
