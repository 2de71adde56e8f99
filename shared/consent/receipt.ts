/**
 * The receipt that the subject is handed for one event: what was recorded, what each decision counts as, and the leaf with all
 * the disclosures that open it. It says "recorded", never "valid".
 */
import { type DecisionEffect, decisionEffect } from './effect.ts'
import type { Assurance, EventTimes, PolicyLink, RecordedDecision, RecordedEvent } from './event.ts'
import { historyKnownAt, type PolicyHistory } from './policy.ts'

export interface Receipt {
  /** The last part of the entry's key: known to nobody who has not the subject's keys or this receipt. */
  readonly receiptId: string
  readonly schemaVersion: 'consent-receipt@1'
  readonly controller: string
  readonly site: string
  readonly eventId: string
  readonly times: EventTimes
  readonly assurance: Assurance
  readonly decisions: readonly (RecordedDecision & DecisionEffect)[]
  readonly link: readonly PolicyLink[]
  /** Canonical JSON: the bytes that are hashed into the log. */
  readonly leaf: string
  readonly disclosures: readonly string[]
}

/** An event with its leaf, as its subject may see it. */
export interface ReceiptSource {
  readonly receiptId: string
  readonly controller: string
  readonly event: RecordedEvent
  readonly leaf: string
  readonly disclosures: readonly string[]
}

/** `historyOf` finds the policy that a decision is about. Effects are those of the recording, whatever was published since. */
export function receiptOf(
  { receiptId, controller, event, leaf, disclosures }: ReceiptSource,
  historyOf: (decision: RecordedDecision) => PolicyHistory | undefined,
): Receipt {
  return {
    receiptId,
    schemaVersion: 'consent-receipt@1',
    controller,
    site: event.site,
    eventId: event.eventId,
    times: event.times,
    assurance: event.who.assurance,
    decisions: event.decisions.map((decision) => {
      const history = historyOf(decision)
      return {
        ...decision,
        ...(history
          ? decisionEffect(decision, event, historyKnownAt(history, event.times.recordedAt))
          : { effect: 'none', reason: 'no-version' }),
      }
    }),
    link: event.link,
    leaf,
    disclosures,
  }
}
