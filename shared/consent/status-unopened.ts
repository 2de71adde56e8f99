/**
 * The effect on an answer of events that cannot be opened. Retention destroys the keys of a year only when nothing in it can decide a
 * status any more (`evidence.ts`), so a decision that can still be read stands as it is. In two cases the answer is that the evidence has
 * expired, never that nothing was recorded: when only a showing, or nothing, can be read; and when a consent counts from before an
 * expired event, which may have ended it. Such a consent was imported or sent after that event, and is over when it arrives. An event
 * that cannot be read although its key is there may decide anything (`unreadable.ts`).
 */

import type { View } from './fold.ts'
import type { Status, StatusReason, UnopenedEvents } from './status-answer.ts'
import { reasonIn, type UnreadableReason } from './unreadable.ts'

const undecided: ReadonlySet<Status> = new Set(['Unknown', 'Requested', 'RequestDeferred', 'Uninformed', 'Shown'])

/** Whether no decision was made: at most something was shown or requested. A yes that awaits its confirmation is a decision. */
export function isUndecided({ status, reason }: { readonly status: Status; readonly reason: StatusReason }): boolean {
  return undecided.has(status) && reason !== 'awaiting-confirmation'
}

/** The view of the events that were read, corrected by those that were not. */
export function viewAmong({ expired = 0, expiredUntil = '', unreadable = [] }: UnopenedEvents, view: View): View {
  const mayHaveEnded = view.since !== undefined && view.since <= expiredUntil
  const hasExpired = expired > 0 && (isUndecided(view) || mayHaveEnded)
  const known: View = hasExpired ? { status: 'Unknown', reason: 'evidence-expired' } : view
  return whatStays(known, reasonIn(unreadable))
}

/** The statuses of a no that stands, or of a yes that has ended. */
const standingNos: ReadonlySet<Status> = new Set([
  'Refused',
  'Withdrawn',
  'Revoked',
  'Invalidated',
  'Expired',
  'Objected',
  'Declined',
])

/** A no stays as it is, because no unreadable entry may turn it into a yes; any other status becomes Undetermined. */
export function whatStays<T extends { readonly status: Status }>(
  found: T,
  unreadable: UnreadableReason | undefined,
): T | { readonly status: 'Undetermined'; readonly reason: UnreadableReason } {
  if (unreadable === undefined || standingNos.has(found.status)) return found
  return { status: 'Undetermined', reason: unreadable }
}
