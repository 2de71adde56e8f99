/**
 * Checks the mandate that the event of a receipt names: the log has it, it is of the same person, and it stood for each yes by the rules of consent
 * (`consent/mandate.ts`). A no needs no mandate.
 */
import { lastInstant } from '../consent/duration.ts'
import { effectiveAtOf } from '../consent/effective-time.ts'
import { targetId, yesVerbs } from '../consent/event.ts'
import { mandateEffect } from '../consent/mandate.ts'
import { checkLeafInclusion } from './check-inclusion.ts'
import { openMandates, recordedMandates } from './check-mandates.ts'
import type { OpenedClaims } from './disclosures.ts'
import type { GivenReceipt } from './forms-proof.ts'
import type { SignedCheckpoint } from './signed-checkpoint.ts'
import { fail, type Log, missing, quote } from './verification.ts'

/** @param checkpoint that of the receipt's tlog-proof; `undefined` when it has none */
export function checkReceiptMandate(
  { mandates }: GivenReceipt,
  { who, times, covers, decisions }: OpenedClaims,
  sub: string,
  checkpoint: SignedCheckpoint | undefined,
  log: Log,
): void {
  const named = who?.actor.mandateId
  if (who === undefined || times === undefined) missing('disclosures', 'the receipt withholds who decided, or when')
  if (mandates === undefined) {
    if (named !== undefined)
      log.note(
        'disclosures',
        `The event names the mandate ${quote(named)}, which is not in this file. Fetch the receipt again later to get it.`,
      )
    return
  }
  if (checkpoint === undefined) fail('inclusion', 'the receipt has a mandate, and no proof that the log has its event')
  const proven = openMandates({ mandates }, sub, log)
  if (proven.some(({ made, ended }) => (made ?? ended).mandateId !== named))
    fail('disclosures', 'the receipt has a mandate that its event does not name')
  mandates.forEach((one, i) => {
    checkLeafInclusion(one, checkpoint, `mandate ${i + 1}`)
  })
  const mandate = recordedMandates(proven, []).get(named ?? '')
  const facts = { who, times }
  const at = effectiveAtOf(times, true)
  for (const id of covers) {
    const decision = decisions.get(id)
    if (decision === undefined || !yesVerbs.has(decision.verb)) continue
    const { lack } = mandateEffect({ decision, facts, at, knownFrom: times.recordedAt }, mandate, lastInstant)
    const target = quote(targetId(decision))
    const stood =
      lack === undefined ? `it stood for the yes to ${target}` : `it did not stand for the yes to ${target}: ${lack}`
    log.note('disclosures', `The log has the mandate ${quote(named ?? '')}, and ${stood}.`)
  }
}
