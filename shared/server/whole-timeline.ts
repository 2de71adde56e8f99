/** Follows the pages of a timeline. Each page is a request, and a read of its own in the ledger's record. */
import type { Timeline, TimelineQuestion } from './wire.ts'

/**
 * @param ask fetches one page
 * @returns the page that the question names by `limit` or `after`; otherwise the whole timeline
 */
export async function wholeTimeline(
  ask: (question: TimelineQuestion) => Promise<Timeline>,
  question: TimelineQuestion,
): Promise<Timeline> {
  const first = await ask(question)
  if (question.limit !== undefined || question.after !== undefined || first.next === undefined) return first
  const { next: _, ...whole } = first
  const events = [...first.events]
  // At the instants of the first page, so that all pages are of one state of the record.
  const { at, knownAt } = first
  for (let after: string | undefined = first.next; after !== undefined; ) {
    const page: Timeline = await ask({ ...question, at, knownAt, after })
    events.push(...page.events)
    after = page.next
  }
  return { ...whole, events }
}
