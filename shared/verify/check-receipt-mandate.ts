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
import { say } from './say.ts'
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
  if (who === undefined || times === undefined) missing('disclosures', 'who-or-when-withheld')
  if (mandates === undefined) {
    if (named !== undefined) log.note('disclosures', 'mandate-not-in-file', { named: quote(named) })
    return
  }
  if (checkpoint === undefined) fail('inclusion', 'mandate-without-proof')
  const proven = openMandates({ mandates }, sub, log)
  if (proven.some(({ made, ended }) => (made ?? ended).mandateId !== named)) fail('disclosures', 'mandate-unnamed')
  mandates.forEach((one, i) => {
    checkLeafInclusion(one, checkpoint, say('the-mandate', { number: i + 1 }))
  })
  const mandate = recordedMandates(proven, []).get(named ?? '')
  const facts = { who, times }
  const at = effectiveAtOf(times, true)
  for (const id of covers) {
    const decision = decisions.get(id)
    if (decision === undefined || !yesVerbs.has(decision.verb)) continue
    const { lack } = mandateEffect({ decision, facts, at, knownFrom: times.recordedAt }, mandate, lastInstant)
    const values = { named: quote(named ?? ''), target: quote(targetId(decision)) }
    if (lack === undefined) log.note('disclosures', 'mandate-stood', values)
    else log.note('disclosures', 'mandate-did-not-stand', { ...values, lack })
  }
}
