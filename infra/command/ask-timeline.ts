/** Asks for a timeline with all of its pages. Each is a request, which the ledger records as a read. */
import { type AskOptions, askLedger, type LedgerAnswer, type Question } from './ask-ledger.ts'
import { listOf, members } from './ask-report.ts'

/** @returns the first page with the events of all, as JSON */
export async function askTimeline(
  ledger: URL,
  token: string,
  question: Question,
  options: AskOptions,
): Promise<LedgerAnswer> {
  const answer = await askLedger(ledger, 'timeline', token, question, options)
  const { next, ...first } = members(answer.json)
  if (next === undefined) return answer
  const { at, knownAt } = first
  const events = listOf(first.events, 'events')
  const seen = new Set<unknown>()
  for (let after: unknown = next; after !== undefined; ) {
    // A ledger that names a page twice would be followed for ever.
    if (seen.has(after)) throw new Error('the ledger names a page of the timeline twice')
    seen.add(after)
    const later = { ...question, at: String(at), knownAt: String(knownAt), after: String(after) }
    const page = members((await askLedger(ledger, 'timeline', token, later, options)).json)
    events.push(...listOf(page.events, 'events'))
    after = page.next
  }
  return { ...answer, json: { ...first, events } }
}
