/**
 * Unsubscribing by a link in a letter (RFC 8058, https://www.rfc-editor.org/rfc/rfc8058). The link's holder need not be known: it was sent to the
 * person, and a no counts from anybody who speaks for them. A link stays good for as long as the ledger knows the person, also after a later
 * yes: it then records another no.
 *
 * Nothing is recorded when the last decision on each purpose is a no already, and for a person whom the ledger does not know any more: an
 * erased person would come back. Both take the same calls. Two requests at once record one event, because its id is made from what was recorded
 * before.
 */
import type { ClientEvent } from '../../consent/client-event.ts'
import { timedDecisionsOf } from '../../consent/decision-order.ts'
import { noVerbs } from '../../consent/event.ts'
import type { LegalBasis } from '../../consent/purpose.ts'
import { LedgerError } from '../../errors.ts'
import { type EventsRead, readEvents } from '../answers/answers-for-subject.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { recordEvents } from '../recording/record-events.ts'
import type { ReceivedEvent } from '../recording/recorded-event.ts'
import { yearOf } from '../recording/sealed-event.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { storedSubject, subjectKeysForWriting } from '../vault/vault.ts'
import { letterEventId, sealLetterToken, type UnsubscribeGrant } from './letter-tokens.ts'
import { queryNobody } from './query-nobody.ts'

/** The verb that ends what rests on a legal basis. Others give no choice, so their letters have no link. */
const noOfBasis: Partial<Record<LegalBasis, 'withdrawn' | 'objected'>> = {
  consent: 'withdrawn',
  'legitimate-interest': 'objected',
}

/** The purposes that a link can be for, of all that the controller ever declared. */
export function unsubscribablePurposes({ purposes }: Pick<ControllerSnapshot, 'purposes'>): string[] {
  return [...purposes].filter(([, { purpose }]) => noOfBasis[purpose.legalBasis]).map(([purposeId]) => purposeId)
}

/**
 * Makes a token. A person whom the ledger does not know gets keys, so that the link works for them too and the answer shows nothing.
 *
 * @throws LedgerError `unknown-purpose`, or `verb-not-allowed` for a purpose that gives no choice
 */
export async function mintUnsubscribeToken(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  grant: UnsubscribeGrant,
): Promise<string> {
  grant.purposes.forEach((purposeId, i) => {
    const declared = snapshot.purposes.get(purposeId)
    if (declared && noOfBasis[declared.purpose.legalBasis]) return
    throw new LedgerError(
      declared ? 'verb-not-allowed' : 'unknown-purpose',
      declared
        ? 'nobody can unsubscribe from this purpose: it rests neither on consent nor on a legitimate interest'
        : 'no policy of this controller ever declared this purpose',
      { field: `/purposes/${i}`, given: purposeId, allowed: unsubscribablePurposes(snapshot).sort() },
    )
  })
  const scope = vaultScope(snapshot)
  if ((await storedSubject(ledger, scope, grant.subject)) === undefined)
    await subjectKeysForWriting(ledger, scope, grant.subject, yearOf(timestamp(ledger.clock)), false)
  return sealLetterToken(scope, 'unsubscribe', grant, ledger.random)
}

/** How the request came: kept as the event's context. */
export type LetterTransport = Pick<ReceivedEvent, 'ipAddress' | 'userAgent'>

/** Records the no. @throws LedgerError when it could not be recorded */
export async function unsubscribe(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { subject, site, purposes }: UnsubscribeGrant,
  transport: LetterTransport,
): Promise<void> {
  const scope = vaultScope(snapshot)
  const stored = await storedSubject(ledger, scope, subject)
  if (stored === undefined) return queryNobody(ledger.entries, scope.controller)
  const now = timestamp(ledger.clock)
  const read = await readEvents(ledger, snapshot, subject, now, stored)
  const left = purposes.filter((purposeId) => !endsWithNo(read, purposeId))
  if (left.length === 0) return
  const known = read.opened.map(({ event }) => event.eventId)
  const event: ClientEvent = {
    eventId: letterEventId(scope, ['unsubscribe', subject, left, known]),
    occurredAt: now,
    decisions: left.map((purposeId) => ({ purposeId, verb: noOf(snapshot, purposeId) })),
    ...answeredByLetter(subject.type),
  }
  const received = { event, identity: subject, assurance: 'operator', announcedNew: false, site, ...transport } as const
  const { outcomes } = await recordEvents(ledger, snapshot, [received])
  const [outcome] = outcomes
  if (outcome?.outcome !== 'refused' || outcome.error.code === 'event-conflict') return
  throw outcome.error
}

/** How a person acted who used a link in a letter. */
export function answeredByLetter(identifierType: string): Omit<ClientEvent, 'eventId' | 'occurredAt' | 'decisions'> {
  return {
    channel: 'web',
    ...(identifierType === 'email' && { device: 'email' as const }),
    surface: 'letter',
    act: 'button',
    control: 'single',
    actor: { role: 'self' },
  }
}

function noOf({ purposes }: ControllerSnapshot, purposeId: string) {
  return noOfBasis[purposes.get(purposeId)?.purpose.legalBasis ?? 'consent'] ?? 'withdrawn'
}

/**
 * Whether the last decision is a no that the person made: it has cleared every yes. One that was derived from a signal may have had no effect,
 * and an event that cannot be read may be a later yes.
 */
function endsWithNo({ opened, unreadable }: EventsRead, purposeId: string): boolean {
  const last = timedDecisionsOf({ purposeId }, opened).at(-1)?.decision
  return unreadable.length === 0 && last !== undefined && last.derivedFrom === undefined && noVerbs.has(last.verb)
}
