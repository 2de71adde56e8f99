/**
 * The receipt that the subject is handed for one event: what was recorded, what each decision counts as, the ISO 27560 record, the
 * leaf with all the disclosures that open it, and the promise that the log will have it. It says "recorded", never "valid".
 */
import type { Controller } from './controller.ts'
import { type DecisionEffect, decisionEffect } from './decision-effect.ts'
import type { Assurance, EventTimes, PolicyLink, RecordedDecision, RecordedEvent } from './event.ts'
import { findVersion, historyKnownAt, type PolicyHistory } from './policy.ts'
import { digestOf } from './published-leaf.ts'
import { type ConsentRecord, consentRecord } from './record-27560.ts'

export interface Receipt {
  /** The last part of the entry's key: known only to a holder of the subject's keys or of this receipt. */
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
  readonly record: ConsentRecord
  /** Compact JWS, and the certificates of the keys behind it: of the receipt key, and of the one that signed. */
  readonly inclusionPromise: { readonly jws: string; readonly certificates: readonly [string, string] }
  /** `c2sp.org/tlog-proof@v1` with leaf and disclosures as its extra data, once the log has the leaf. */
  readonly tlogProof?: string
}

/** Extra data of `c2sp.org/tlog-proof@v1` in a receipt: the bytes that the proof is about, and what opens them. */
export function proofExtra({ leaf, disclosures }: Pick<Receipt, 'leaf' | 'disclosures'>): string {
  return JSON.stringify({ leaf, disclosures })
}

/** A receipt before anything is promised of it. */
export type ReceiptContent = Omit<Receipt, 'inclusionPromise' | 'tlogProof'>

/**
 * Digest of what a person reads in a receipt: all of it but the leaf and its disclosures, which prove themselves, the promise and the
 * proof. It is a claim of the promise, so that a record that was changed is not the one that was signed.
 *
 * @returns lower-case hex SHA-256 of the RFC 8785 form
 */
export function receiptDigest(receipt: object): string {
  const proven = ['leaf', 'disclosures', 'inclusionPromise', 'tlogProof']
  return digestOf(Object.fromEntries(Object.entries(receipt).filter(([name]) => !proven.includes(name))))
}

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
