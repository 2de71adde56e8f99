/** Makes the receipt of an event (`receipt-file.ts`), except for what the log promises and proves. */
import type { Controller } from './controller.ts'
import { type DecisionEffect, decisionEffect } from './decision-effect.ts'
import type { RecordedEvent } from './event.ts'
import { findVersion, historyKnownAt, type PolicyHistory } from './policy.ts'
import type { ReceiptContent } from './receipt-file.ts'
import { consentRecord } from './record-27560.ts'

/** An event with its leaf, as its subject may see it. */
export interface ReceiptSource {
  readonly receiptId: string
  /** The subject's pseudonym. */
  readonly sub: string
  readonly controller: Controller
  readonly event: RecordedEvent
  readonly leaf: string
  readonly disclosures: readonly string[]
}

/** `historyOf` finds the policy that a decision, or a link, is about. All is as it was at the recording, whatever was published since. */
export function receiptOf(
  source: ReceiptSource,
  historyOf: (topic: { readonly policyId?: string; readonly purposeId?: string }) => PolicyHistory | undefined,
): ReceiptContent {
  const { receiptId, sub, controller, event, leaf, disclosures } = source
  const effects = event.decisions.map((decision): DecisionEffect => {
    const history = historyOf(decision)
    return history ? decisionEffect(decision, event, historyKnownAt(history, event.times.recordedAt)) : noVersion
  })
  return {
    receiptId,
    schemaVersion: 'consent-receipt@1',
    controller: controller.controller,
    site: event.site,
    eventId: event.eventId,
    times: event.times,
    assurance: event.who.assurance,
    decisions: event.decisions.map((decision, i) => ({ ...decision, ...(effects[i] ?? noVersion) })),
    link: event.link,
    leaf,
    disclosures,
    record: consentRecord({
      recordId: receiptId,
      sub,
      controller,
      event,
      effects,
      policyOf: (decision) => historyOf(decision)?.policyId,
      versionNamed: (policyId, version) => {
        const history = historyOf({ policyId })
        return history && findVersion(history, version)
      },
    }),
  }
}

const noVersion: DecisionEffect = { effect: 'none', reason: 'no-version' }
