/** A subject's own receipts, with their proofs once the log has them. Few calls ask for them, so their code is loaded with the first. */
import type { Identity } from '../consent/event.ts'
import { proofExtra } from '../consent/receipt-digest.ts'
import type { Receipt } from '../consent/receipt-file.ts'
import { policyFor } from '../consent/recording.ts'
import type { Unreadable } from '../consent/unreadable.ts'
import { LedgerError } from '../errors.ts'
import { formatTlogProof, parseTlogProof } from '../tlog/tlog-proof.ts'
import {
  compareByRecording,
  isOfYearToCome,
  keysWithYearsOf,
  readEvents,
  unreadableMember,
} from './answers-for-subject.ts'
import type { ControllerSnapshot } from './controller-snapshots.ts'
import { issueReceipt } from './issue-receipts.ts'
import type { Ledger } from './ledger.ts'
import { tlogProofs } from './log/log-view.ts'
import { eventUnreadable, type OpenedEvent, openEvent, receiptIdOf, receiptKey } from './sealed-event.ts'
import { subjectKeysForReading } from './vault.ts'

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
  return Promise.all(events.map((opened, i) => issueReceipt(ledger, known, opened, withExtra(proofs[i], opened))))
}

function withExtra(tlogProof: string | undefined, { leaf, disclosures }: OpenedEvent): string | undefined {
  if (tlogProof === undefined) return undefined
  const extra = Buffer.from(proofExtra({ leaf, disclosures: [...disclosures.values()] }))
  return formatTlogProof({ ...parseTlogProof(tlogProof), extra })
}
