/**
 * Records mandates and their revocations. Each is one insert under a key that its id determines, so a request can be repeated. A crash before
 * the insert leaves at most keys of a subject without events.
 */
import type { Identity } from '../../consent/event.ts'
import { endOfMandate, type Mandate } from '../../consent/mandate.ts'
import { LedgerError } from '../../errors.ts'
import type { PublishResult } from '../controllers/publish-once.ts'
import { type Holder, holderName } from '../holder-entry.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { yearOf } from '../recording/sealed-event.ts'
import { insertOne } from '../store.ts'
import type { SubjectKeys, VaultScope } from '../vault/subject-keys.ts'
import { subjectKeysForReading, subjectKeysForWriting } from '../vault/vault.ts'
import {
  countMandates,
  mandateEndItem,
  mandateItem,
  mandateKeys,
  mandatesPk,
  type OpenedMandate,
  openMandate,
  openMandateEnd,
} from './mandate-entries.ts'

/** Most mandates of a person, ended ones included: each answer about the person reads all. */
export const maxMandates = 100

export type MandateDraft = Omit<Mandate, 'recordedAt'>

/**
 * Records a mandate, or returns the one that the same request recorded before. A person of whom the ledger has nothing becomes known by it,
 * because it must be recorded before the first decision under it.
 *
 * @throws `already-exists` when another mandate of this person has the id; `invalid-request` when it would never stand, or would have ended
 * already; `limit-reached` when the person has as many as there may be; `keys-unreadable` when what is stored under the id cannot be read
 */
export async function recordMandate(
  ledger: Ledger,
  scope: VaultScope,
  identity: Identity,
  draft: MandateDraft,
  actor: Holder,
): Promise<PublishResult<OpenedMandate>> {
  const now = timestamp(ledger.clock)
  const subject = await subjectKeysForWriting(ledger, scope, identity, yearOf(now), false)
  const earlier = await stored(ledger, subject, draft.mandateId)
  if (earlier === undefined) {
    const end = endOfMandate(draft)
    if (end !== undefined && end <= now) {
      const field = end === draft.until ? '/until' : '/comesOfAgeAt'
      throw new LedgerError('invalid-request', 'the mandate would have ended already', { field, given: end })
    }
    if (end !== undefined && end <= draft.from)
      throw new LedgerError('invalid-request', 'the mandate would never stand', { field: '/from', given: draft.from })
    if ((await countMandates(ledger.entries, subject)) >= maxMandates)
      throw new LedgerError('limit-reached', 'this person has as many mandates as may be recorded', {
        allowed: maxMandates,
      })
    const item = mandateItem(subject, { ...draft, recordedAt: now }, holderName(actor), ledger.random)
    const created = await insertOne(ledger.entries, item)
    const made = created ? openMandate(item, subject) : undefined
    if (made) return { record: { made }, created }
  }
  const record = earlier ?? (await stored(ledger, subject, draft.mandateId))
  if (record === undefined) throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read')
  const { recordedAt: _, ...content } = record.made.stated
  if (canonical(content) === canonical(draft)) return { record, created: false }
  throw new LedgerError('already-exists', 'another mandate of this person has this id', {
    ...{ field: '/mandateId', given: draft.mandateId },
    allowed: 'a new id, or exactly the same content',
  })
}

/**
 * Revokes a mandate from now on. A second revocation changes nothing and returns the first. A mandate that cannot be read is revoked all the
 * same.
 *
 * @throws `not-found` when this person has no such mandate; `keys-unreadable` when it, or an earlier revocation, cannot be read
 */
export async function revokeMandate(
  ledger: Ledger,
  scope: VaultScope,
  identity: Identity,
  mandateId: string,
  actor: Holder,
): Promise<OpenedMandate> {
  const subject = await subjectKeysForReading(ledger, scope, identity)
  // For a person whom the ledger does not know it looks up a key that nobody has, so that the answer takes as long.
  const nobody = { pk: mandatesPk({ controller: scope.controller, sub: mandateId }), sk: mandateId }
  const [made, ended] = await ledger.entries.get(subject ? mandateKeys(subject, mandateId) : [nobody])
  if (subject === undefined || made === undefined)
    throw new LedgerError('not-found', 'this person has no such mandate', { given: mandateId })
  if (ended === undefined) {
    const end = { mandateId, revokedAt: timestamp(ledger.clock) }
    await insertOne(ledger.entries, mandateEndItem(subject, end, holderName(actor), ledger.random))
  }
  const record = await stored(ledger, subject, mandateId)
  if (record === undefined) throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read')
  return record
}

async function stored(ledger: Ledger, subject: SubjectKeys, mandateId: string): Promise<OpenedMandate | undefined> {
  const [item, endItem] = await ledger.entries.get(mandateKeys(subject, mandateId))
  if (item === undefined) return undefined
  const made = openMandate(item, subject)
  const ended = endItem && openMandateEnd(endItem, subject)
  if (made === undefined || (endItem !== undefined && ended === undefined))
    throw new LedgerError(
      'keys-unreadable',
      'the mandate that is stored under this id, or its revocation, cannot be read',
    )
  return { made, ...(ended && { ended }) }
}

/** Equal for the same content in another order of members. */
function canonical(draft: MandateDraft): string {
  const { mandateId, kind, ground, covers, from, until, comesOfAgeAt, evidence } = draft
  const targets = covers.kind === 'listed' ? [covers.purposeIds, covers.policyIds] : []
  return JSON.stringify([mandateId, kind, ground, covers.kind, targets, from, until, comesOfAgeAt, evidence])
}
