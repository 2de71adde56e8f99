/**
 * The ends of one subject's consents, by the answers' own rules: all of its events are read and folded. A subject that was erased, or whose
 * keys are not found, has none, and so has one of whom something cannot be read: its status is Undetermined.
 */
import { type ConsentEnd, endAhead, endThatCame, possibleEnds } from '../../consent/consent-ends.ts'
import type { Identity } from '../../consent/event.ts'
import type { AnnouncedEnd } from '../../consent/expiry.ts'
import { policyFor } from '../../consent/recording.ts'
import type { Question } from '../../consent/status-answer.ts'
import { type EventsRead, readEvents, unopenedEventsFor } from '../answers/answers-for-subject.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import type { SubjectFinder } from '../store.ts'
import { findByPseudonym } from '../vault/find-by-pseudonym.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { storedUnder } from '../vault/vault.ts'
import { endName } from './expiry-items.ts'

export interface EndsReader {
  readonly ledger: Ledger
  readonly finder: SubjectFinder
  readonly snapshot: ControllerSnapshot
  /** An end has come when it is not after this instant, a little before the run began: what was recorded before the end can be read by then. RFC 3339. */
  readonly settledAt: string
}

export interface SubjectEnds {
  /** The purpose of a decision, by the sort key of its event. */
  purposeOf(sk: string, part: number): string | undefined
  /** The end that is to be announced so many days ahead, if any, with the place of its yes. */
  announced(purposeId: string, days: number): Promise<AnnouncedEnd | undefined>
  /** Instants at which the subject's consents to the purpose may end. */
  possible(purposeId: string): readonly string[]
  nameOf(purposeId: string, at: string): string
}

const dayMs = 24 * 3_600_000

/** @param rowsPk where the subject's rows of the vault are; absent: it is looked for */
export async function subjectEnds(
  reader: EndsReader,
  sub: string,
  rowsPk: string | undefined,
): Promise<SubjectEnds | undefined> {
  const { ledger, finder, snapshot } = reader
  const scope = vaultScope(snapshot)
  const pk = rowsPk ?? (await findByPseudonym({ vault: ledger.vault, finder }, scope, sub))
  // The form is in the events; no rule of status depends on it.
  const stored = pk === undefined ? undefined : await storedUnder(ledger, { form: unnamed, pk })
  if (stored === undefined) return undefined
  const now = timestamp(ledger.clock)
  const read = await readEvents(ledger, snapshot, unnamed, now, stored)
  const keys = read.subject
  if (keys?.sub !== sub) return undefined
  return {
    purposeOf: (sk, part) => read.opened.find(({ key }) => key.sk === sk)?.event.decisions[part]?.purposeId,
    async announced(purposeId, days) {
      const end = endOf(reader, read, { purposeId, at: now, knownAt: now }, days)
      const place = end && (await placeOfYes(reader, read, purposeId, end))
      if (end === undefined || place === undefined) return undefined
      return { ...place, expiresAt: end.at, days, name: endName(keys, purposeId, end.at) }
    },
    possible(purposeId) {
      const history = policyFor(snapshot, { purposeId })
      return history ? possibleEnds({ purposeId, at: now, knownAt: now }, read.opened, history) : []
    },
    nameOf: (purposeId, at) => endName(keys, purposeId, at),
  }
}

const unnamed: Identity = { type: 'account', id: '' }

function endOf(
  { snapshot, settledAt }: EndsReader,
  read: EventsRead,
  question: Question,
  days: number,
): ConsentEnd | undefined {
  const history = policyFor(snapshot, question)
  if (history === undefined) return undefined
  const unopened = unopenedEventsFor(read, history, question.knownAt)
  if (days > 0) return endAhead(question, read.opened, history, daysAfter(settledAt, days), unopened)
  const end = endThatCame(question, read.opened, history, unopened)
  return end && end.at <= settledAt ? end : undefined
}

export const daysAfter = (at: string, days: number): string => new Date(Date.parse(at) + days * dayMs).toISOString()

/**
 * Where the log has the yes that ended, or that its confirmation made count: the subject's latest up to the event that decided. None when the log does
 * not have it yet; its own leaf leads here again.
 */
async function placeOfYes(
  { ledger }: EndsReader,
  read: EventsRead,
  purposeId: string,
  { decidedBy }: ConsentEnd,
): Promise<{ readonly leaf: number; readonly part: number } | undefined> {
  const decider = read.opened.find(({ event }) => event.eventId === decidedBy)
  if (decider === undefined) return undefined
  const partIn = ({ event }: (typeof read.opened)[number]) =>
    event.decisions.findIndex((each) => each.purposeId === purposeId && each.verb === 'given')
  const recordedAt = ({ event }: (typeof read.opened)[number]) => event.times.recordedAt
  const yes =
    partIn(decider) >= 0
      ? decider
      : read.opened
          .filter((each) => partIn(each) >= 0 && recordedAt(each) <= recordedAt(decider))
          .toSorted((a, b) => (recordedAt(a) < recordedAt(b) ? -1 : 1))
          .at(-1)
  const [row] = yes ? await ledger.log.get([{ pk: yes.key.pk, sk: yes.key.sk }]) : []
  const index = row?.values.index
  return yes && typeof index === 'number' ? { leaf: index, part: partIn(yes) } : undefined
}
