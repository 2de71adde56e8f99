/**
 * The file format `consent-receipt@1`, which the subject is handed for one event: what was recorded, what each decision counts as, the ISO
 * 27560 record, the leaf with all the disclosures that open it, and the promise that the log will have it. It says "recorded", never "valid".
 */
import { assurances, eventTimes, onTarget, policyLink, recordedDetails, type Verb } from './event.ts'
import { consentRecord } from './fields-27560.ts'
import {
  disclosure,
  eventId,
  id,
  leaf,
  list,
  oneOf,
  optional,
  pair,
  record,
  type TypeOf,
  tlogProof,
  word,
  wording,
} from './schema.ts'
import type { NoEffectReason } from './status-answer.ts'

/** What a decision counts as (`DecisionEffect`). */
export const effectDetails = {
  effect: oneOf(['yes', 'no', 'shown', 'operator', 'none']),
  countsAs: optional(word<Verb>()),
  reason: optional(word<NoEffectReason | 'awaiting-confirmation' | 'subject-to-mandate' | 'gpc'>()),
}
/** Members of a decision in a receipt, beside its target. */
export const receiptDetails = { ...recordedDetails, ...effectDetails }

/** Compact JWS, and the certificates of the keys behind it: of the receipt key, and of the one that signed. */
export const inclusionPromise = record({ jws: wording, certificates: pair(wording) })

export const receipt = record({
  /** The last part of the entry's key: known only to a holder of the subject's keys or of this receipt. */
  receiptId: wording,
  schemaVersion: oneOf(['consent-receipt@1']),
  controller: id,
  site: id,
  eventId,
  times: eventTimes,
  assurance: oneOf(assurances),
  decisions: list(onTarget(receiptDetails)),
  link: list(policyLink),
  /** Canonical JSON. */
  leaf,
  disclosures: list(disclosure),
  record: consentRecord,
  /**
   * The mandate that the event names, and its revocation, against the checkpoint of `tlogProof`: once the log has them. Their disclosures open
   * what each states and whose it is.
   */
  mandates: optional(list(record({ leaf, disclosures: list(disclosure), tlogProof }))),
  inclusionPromise,
  /** With leaf and disclosures as its extra data, once the log has the leaf. */
  tlogProof: optional(tlogProof),
})
export interface Receipt extends TypeOf<typeof receipt> {}

/** A receipt before anything is promised of it. */
export type ReceiptContent = Omit<Receipt, 'inclusionPromise' | 'tlogProof'>
