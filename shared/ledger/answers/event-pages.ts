/**
 * Pages of a subject's events. A page is named by the receiptId of the event that the page before ended with. It follows from the subject's
 * keys, so the name of a page is refused for another subject or controller.
 */
import { LedgerError } from '../../errors.ts'
import { type OpenedEvent, receiptIdOf } from '../recording/sealed-event.ts'
import type { Key } from '../store.ts'
import { compareByRecording } from './answers-for-subject.ts'

export interface EventPage<E> {
  readonly events: readonly E[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: string
}

export interface PageOptions {
  readonly limit: number
  readonly after?: string | undefined
}

/**
 * Newest record first.
 *
 * @throws `invalid-request` when `after` names no event of the subject
 */
export function eventPage<E extends OpenedEvent>(opened: readonly E[], options: PageOptions): EventPage<E> {
  return pageOf(
    opened.toSorted((a, b) => compareByRecording(b, a)),
    options,
  )
}

/**
 * A page in the given order.
 *
 * @throws `invalid-request` when `after` names none of the events
 */
export function pageOf<E extends { readonly key: Key }>(
  sorted: readonly E[],
  { limit, after }: PageOptions,
): EventPage<E> {
  const start = after === undefined ? 0 : sorted.findIndex(({ key }) => receiptIdOf(key) === after) + 1
  if (after !== undefined && start === 0) {
    throw new LedgerError('invalid-request', 'this is not the `next` of a page of these events', {
      field: '/after',
      given: after,
      allowed: 'the `next` of the page before',
    })
  }
  const events = sorted.slice(start, start + limit)
  const last = start + limit < sorted.length ? events.at(-1) : undefined
  return { events, ...(last && { next: receiptIdOf(last.key) }) }
}
