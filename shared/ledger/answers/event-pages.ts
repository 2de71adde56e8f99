/** Pages of a subject's events, newest record first. A page is named by the receiptId of the event that the page before ended with. */
import { LedgerError } from '../../errors.ts'
import { type OpenedEvent, receiptIdOf } from '../recording/sealed-event.ts'
import { compareByRecording } from './answers-for-subject.ts'

export interface EventPage<E> {
  readonly events: readonly E[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: string
}

/** @throws `invalid-request` when `after` names no event of the subject */
export function eventPage<E extends OpenedEvent>(
  opened: readonly E[],
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): EventPage<E> {
  const sorted = opened.toSorted((a, b) => compareByRecording(b, a))
  const start = after === undefined ? 0 : sorted.findIndex(({ key }) => receiptIdOf(key) === after) + 1
  if (after !== undefined && start === 0) {
    throw new LedgerError('invalid-request', 'this is not the `next` of a page of your events', {
      field: '/after',
      given: after,
      allowed: 'the `next` of the page before',
    })
  }
  const events = sorted.slice(start, start + limit)
  const last = start + limit < sorted.length ? events.at(-1) : undefined
  return { events, ...(last && { next: receiptIdOf(last.key) }) }
}
