/**
 * Makes receipts: for the answer to a recording, and again when their subject asks. A receipt is not stored but made from the event, so it is
 * the same each time, except that its promise is signed anew and its tlog-proof is of the newest checkpoint.
 */
import type { Identity } from '../consent/event.ts'
import { type Acknowledgement, acknowledgementOf, receiptOf } from '../consent/receipt.ts'
import { proofExtra, receiptDigest } from '../consent/receipt-digest.ts'
import type { Receipt } from '../consent/receipt-file.ts'
import { policyFor } from '../consent/recording.ts'
import type { Unreadable } from '../consent/unreadable.ts'
import { LedgerError } from '../errors.ts'
import { leafHash } from '../tlog/merkle.ts'
import { formatTlogProof, parseTlogProof } from '../tlog/tlog-proof.ts'
import {
  compareByRecording,
  isOfYearToCome,
  keysWithYearsOf,
  readEvents,
  unreadableMember,
} from './answers-for-subject.ts'
import type { ControllerSnapshot } from './controller-snapshots.ts'
import type { Ledger } from './ledger.ts'
import { originOf } from './log/log-items.ts'
import { tlogProofs } from './log/log-view.ts'
import { eventUnreadable, type OpenedEvent, openEvent, receiptIdOf, receiptKey } from './sealed-event.ts'
import { subjectKeysForReading } from './vault.ts'

/** @param tlogProof of the event, without extra data, once the log has it */
export async function issueReceipt(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { key, event, leaf, disclosures }: OpenedEvent,
  tlogProof?: string,
): Promise<Receipt> {
  const source = {
    receiptId: receiptIdOf(key),
    sub: key.pk.slice(key.pk.indexOf('#') + 1),
    controller: snapshot.controller,
    event,
    leaf,
    disclosures: [...disclosures.values()],
  }
  const content = receiptOf(source, (topic) => policyFor(snapshot, topic))
  const origin = originOf(ledger.host, snapshot.controller.controller)
  const inclusionPromise = await ledger.promiseIssuer.issue(origin, leafHash(Buffer.from(leaf)), receiptDigest(content))
  const proof = tlogProof === undefined ? undefined : withExtra(tlogProof, proofExtra(source))
  return { ...content, inclusionPromise, ...(proof !== undefined && { tlogProof: proof }) }
}

/** The short answer to a recording. It has no promise, so an instance that gives no others needs no certificate. */
export function acknowledge(snapshot: ControllerSnapshot, { key, event }: OpenedEvent): Acknowledgement {
  return acknowledgementOf({ receiptId: receiptIdOf(key), event }, (topic) => policyFor(snapshot, topic))
}

function withExtra(tlogProof: string, extra: string): string {
  return formatTlogProof({ ...parseTlogProof(tlogProof), extra: Buffer.from(extra) })
}

export interface ReceiptPage {
  readonly receipts: readonly Receipt[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: string
  /** Entries of the subject that cannot be read; the same on every page. */
  readonly unreadable?: readonly Unreadable[]
}

/** The subject's receipts, newest record first. `after` is the receiptId that the page before ended with. */
export async function ownReceipts(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<ReceiptPage> {
  const { opened, unreadable } = await readEvents(ledger, snapshot, identity)
  const events = opened.sort((a, b) => compareByRecording(b, a))
  const start = after === undefined ? 0 : events.findIndex(({ key }) => receiptIdOf(key) === after) + 1
  if (after !== undefined && start === 0) {
    throw new LedgerError('invalid-request', 'this is not the `next` of a page of your receipts', {
      field: '/after',
      given: after,
      allowed: 'the `next` of the page before',
    })
  }
  const page = events.slice(start, start + limit)
  const last = start + limit < events.length ? page.at(-1) : undefined
  return {
    receipts: await receiptsOf(ledger, snapshot, page),
    ...(last && { next: receiptIdOf(last.key) }),
    ...unreadableMember(unreadable),
  }
}

/**
 * One of the subject's receipts.
 *
 * @throws `not-found` for an id that the subject does not have; `event-unreadable` when its row cannot be read
 */
export async function ownReceipt(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  receiptId: string,
): Promise<Receipt> {
  const { controller } = snapshot.controller
  const subject = await subjectKeysForReading(ledger, { controller, secrets: snapshot.secrets }, identity)
  const [item] = subject === undefined ? [] : await ledger.entries.get([receiptKey(subject, receiptId)])
  const opening = subject && item && openEvent(item, await keysWithYearsOf(ledger, snapshot, identity, subject, [item]))
  const isUnreadable =
    opening?.state === 'unreadable' || (opening?.state === 'closed' && item && isOfYearToCome(ledger, item))
  if (isUnreadable) throw eventUnreadable('/receiptId', receiptId)
  const [receipt] = opening?.opened ? await receiptsOf(ledger, snapshot, [opening.opened]) : []
  if (receipt) return receipt
  throw new LedgerError('not-found', 'you have no such receipt', { field: '/receiptId', given: receiptId })
}

async function receiptsOf(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  events: readonly OpenedEvent[],
): Promise<Receipt[]> {
  const known = events.every(({ event }) => event.decisions.every((decision) => policyFor(snapshot, decision)))
    ? snapshot
    : ((await ledger.controllers.current(snapshot.controller.controller)) ?? snapshot)
  const proofs = events.length === 0 ? [] : await tlogProofs(ledger, snapshot.controller.controller, events)
  return Promise.all(events.map((opened, i) => issueReceipt(ledger, known, opened, proofs[i])))
}
