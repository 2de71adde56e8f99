/**
 * Checks what recording an event fixed in addition to its link: the grade of the presentation that it names, and whether its age gate or
 * the lack of a mandate bars a yes. They are compared with the rest of the file. Events from before these grades have none, and the earlier
 * rules apply to them.
 */
import type { PolicyHistory } from '../consent/policy.ts'
import type { ProvenEvent } from './check-events.ts'
import { aheadMs } from './check-links.ts'
import type { GivenProof } from './forms-proof.ts'
import { fail, missing, quote } from './verification.ts'

/** `loggedAt` is by event: when the log first had it, if the log contradicts its recording time. */
export function checkGrades(
  events: readonly ProvenEvent[],
  loggedAt: readonly (string | undefined)[],
  history: PolicyHistory,
  { pending = [] }: Pick<GivenProof, 'pending'>,
): void {
  const pendingNames = pending.flatMap((one) => (one.kind === 'presentation' ? [one.name] : []))
  events.forEach((event, i) => {
    checkBarred(event)
    checkPresentation(event, loggedAt[i], history, new Set(pendingNames))
  })
}

function checkBarred({ what, who }: ProvenEvent): void {
  if (who.barred === 'age-gate' && who.ageGate !== 'failed') fail('links', 'barred-by-age', { what })
  const { role, mandateId } = who.actor
  if (who.barred === 'no-mandate' && (mandateId !== undefined || (role !== 'guardian' && role !== 'delegate')))
    fail('links', 'barred-by-mandate', { what })
}

/**
 * Compares the grade with what was published when the event was recorded, with a tolerance for clocks. A matched presentation that is not in
 * the file may belong to another policy of the event, or may not be in the log yet; otherwise it is missing.
 */
function checkPresentation(
  { what, times, covering }: ProvenEvent,
  loggedAt: string | undefined,
  history: PolicyHistory,
  pending: ReadonlySet<string>,
): void {
  if (covering?.how.presentation === undefined) return
  const { presentationId, presentation: grade } = covering.how
  if (presentationId === undefined) fail('links', 'presentation-unnamed', { what })
  const name = quote(presentationId)
  const published = history.presentations.find((p) => p.presentationId === presentationId)
  if (published === undefined) {
    if (grade === 'matched' && covering.link.length === 1 && !pending.has(presentationId))
      missing('links', 'presentation-absent', { what, name })
    return
  }
  const recorded = [times.recordedAt, loggedAt ?? times.recordedAt].map((at) => Date.parse(at))
  const publishedMs = Date.parse(published.publishedAt)
  if (grade === 'unmatched' && publishedMs < Math.min(...recorded) - aheadMs)
    fail('links', 'presentation-was-published', { what, name })
  if (grade === 'matched' && publishedMs > Math.max(...recorded) + aheadMs)
    fail('links', 'presentation-published-later', { what, name })
}
