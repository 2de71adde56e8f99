/** Makes the receipt of an event (`receipt-file.ts`), except for what the log promises and proves. */
import type { Controller } from './controller.ts'
import { type DecisionEffect, decisionEffect } from './decision-effect.ts'
import type { RecordedEvent } from './event.ts'
import { findVersion, historyKnownAt, type PolicyHistory } from './policy.ts'
import type { Receipt, ReceiptContent } from './receipt-file.ts'
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

/** Finds the policy that a decision, or a link, is about. */
type HistoryOf = (topic: { readonly policyId?: string; readonly purposeId?: string }) => PolicyHistory | undefined

/** What was recorded and what it counts as, without the evidence: the short answer to a recording. The receipt has all of its members. */
export type Acknowledgement = Pick<Receipt, 'receiptId' | 'eventId' | 'times' | 'decisions'>

export function acknowledgementOf(
  { receiptId, event }: Pick<ReceiptSource, 'receiptId' | 'event'>,
  historyOf: HistoryOf,
): Acknowledgement {
  const effects = effectsOf(event, historyOf)
  return { receiptId, eventId: event.eventId, times: event.times, decisions: decisionsWith(event, effects) }
}

/** As they were at the recording, whatever was published since. */
function effectsOf(event: RecordedEvent, historyOf: HistoryOf): readonly DecisionEffect[] {
  return event.decisions.map((decision) => {
    const history = historyOf(decision)
    return history ? decisionEffect(decision, event, historyKnownAt(history, event.times.recordedAt)) : noVersion
  })
}

function decisionsWith({ decisions }: RecordedEvent, effects: readonly DecisionEffect[]): Receipt['decisions'] {
  return decisions.map((decision, i) => ({ ...decision, ...(effects[i] ?? noVersion) }))
}

/** All is as it was at the recording, whatever was published since. */
export function receiptOf(source: ReceiptSource, historyOf: HistoryOf): ReceiptContent {
  const { receiptId, sub, controller, event, leaf, disclosures } = source
  const effects = effectsOf(event, historyOf)
  return {
    receiptId,
    schemaVersion: 'consent-receipt@1',
    controller: controller.controller,
    site: event.site,
    eventId: event.eventId,
    times: event.times,
    assurance: event.who.assurance,
    decisions: decisionsWith(event, effects),
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
