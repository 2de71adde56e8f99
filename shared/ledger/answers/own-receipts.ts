/** A subject's own receipts, with their proofs once the log has them. Few calls ask for them, so their code is loaded with the first. */
import type { Identity } from '../../consent/event.ts'
import { proofExtra } from '../../consent/receipt-digest.ts'
import type { Receipt } from '../../consent/receipt-file.ts'
import { policyFor } from '../../consent/recording.ts'
import type { Unreadable } from '../../consent/unreadable.ts'
import { LedgerError } from '../../errors.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { tlogProofs } from '../log/log-view.ts'
import { issueReceipt, type LoggedParts } from '../recording/issue-receipts.ts'
import { eventUnreadable, type OpenedEvent, openEvent, receiptKey } from '../recording/sealed-event.ts'
import { type SubjectKeys, vaultScope } from '../vault/subject-keys.ts'
import { subjectKeysForReading } from '../vault/vault.ts'
import { isOfYearToCome, keysWithYearsOf, readEvents, unreadableMember } from './answers-for-subject.ts'
import { eventPage } from './event-pages.ts'

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
  options: { readonly limit: number; readonly after?: string | undefined },
): Promise<ReceiptPage> {
  const { opened, unreadable, subject } = await readEvents(ledger, snapshot, identity)
  const { events, next } = eventPage(opened, options)
  return {
    receipts: await receiptsOf(ledger, snapshot, subject, events),
    ...(next !== undefined && { next }),
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
  const subject = await subjectKeysForReading(ledger, vaultScope(snapshot), identity)
  const [item] = subject === undefined ? [] : await ledger.entries.get([receiptKey(subject, receiptId)])
  const opening = subject && item && openEvent(item, await keysWithYearsOf(ledger, snapshot, identity, subject, [item]))
  const isUnreadable =
    opening?.state === 'unreadable' || (opening?.state === 'closed' && item && isOfYearToCome(ledger, item))
  if (isUnreadable) throw eventUnreadable('/receiptId', receiptId)
  const [receipt] = opening?.opened ? await receiptsOf(ledger, snapshot, subject, [opening.opened]) : []
  if (receipt) return receipt
  throw new LedgerError('not-found', 'you have no such receipt', { field: '/receiptId', given: receiptId })
}

/**
 * The receipts of these events, in their order.
 *
 * @param subject whose events they are
 */
export async function receiptsOf(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  subject: SubjectKeys | undefined,
  events: readonly OpenedEvent[],
): Promise<Receipt[]> {
  if (events.length === 0) return []
  const known = events.every(({ event }) => event.decisions.every((decision) => policyFor(snapshot, decision)))
    ? snapshot
    : ((await ledger.controllers.current(snapshot.controller.controller)) ?? snapshot)
  const parts = await loggedParts(ledger, snapshot, subject, events)
  return Promise.all(events.map((opened, i) => issueReceipt(ledger, known, opened, parts[i])))
}

/** The proofs of the events and of the mandates that they name, all against one checkpoint. */
async function loggedParts(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  subject: SubjectKeys | undefined,
  events: readonly OpenedEvent[],
): Promise<LoggedParts[]> {
  const named = events.some(({ event }) => event.who.actor.mandateId !== undefined)
  const rows = named
    ? await (await import('../proofs/proof-mandates.ts')).mandateRows(ledger.entries, subject, events)
    : []
  const proofs = await tlogProofs(ledger, snapshot.controller.controller, [
    ...events.map(({ key, leaf, disclosures }) => ({
      ...{ key, leaf },
      extra: proofExtra({ leaf, disclosures: [...disclosures.values()] }),
    })),
    ...rows.map(({ key, leaf }) => ({ key, leaf })),
  ])
  return events.map(({ event }, i) => {
    const tlogProof = proofs[i]
    if (tlogProof === undefined) return {}
    const mandates = rows.flatMap(({ of, leaf }, j) => {
      const { mandateId } = 'made' in of ? of.made : of.ended
      const proof = proofs[events.length + j]
      return proof === undefined || mandateId !== event.who.actor.mandateId
        ? []
        : [{ leaf, disclosures: of.disclosures, tlogProof: proof }]
    })
    return { tlogProof, ...(mandates.length > 0 && { mandates }) }
  })
}
