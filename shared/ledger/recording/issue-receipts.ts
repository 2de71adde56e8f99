/**
 * Makes receipts, and the short answers in their place. A receipt is not stored but made from the event, so it is the same each time, except
 * that its promise is signed anew and its tlog-proof is of the newest checkpoint.
 */
import { type Acknowledgement, acknowledgementOf, receiptOf } from '../../consent/receipt.ts'
import { receiptDigest } from '../../consent/receipt-digest.ts'
import type { Receipt } from '../../consent/receipt-file.ts'
import { policyFor } from '../../consent/recording.ts'
import { leafHash } from '../../tlog/merkle.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { originOf } from '../log/log-items.ts'
import { type OpenedEvent, receiptIdOf } from './sealed-event.ts'

/** What the log has of an event: its proof, with `proofExtra` as its extra data, and the mandate that it names. */
export type LoggedParts = Pick<Receipt, 'tlogProof' | 'mandates'>

export async function issueReceipt(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { key, event, leaf, disclosures }: OpenedEvent,
  { tlogProof, mandates }: LoggedParts = {},
): Promise<Receipt> {
  const source = {
    receiptId: receiptIdOf(key),
    sub: key.pk.slice(key.pk.indexOf('#') + 1),
    controller: snapshot.controller,
    event,
    leaf,
    disclosures: [...disclosures.values()],
  }
  const content = { ...receiptOf(source, (topic) => policyFor(snapshot, topic)), ...(mandates && { mandates }) }
  const origin = originOf(ledger.host, snapshot.controller.controller)
  const inclusionPromise = await ledger.promiseIssuer.issue(origin, leafHash(Buffer.from(leaf)), receiptDigest(content))
  return { ...content, inclusionPromise, ...(tlogProof !== undefined && { tlogProof }) }
}

/** The short answer to a recording. It has no promise, so an instance that gives no others needs no certificate. */
export function acknowledge(snapshot: ControllerSnapshot, { key, event }: OpenedEvent): Acknowledgement {
  return acknowledgementOf({ receiptId: receiptIdOf(key), event }, (topic) => policyFor(snapshot, topic))
}
