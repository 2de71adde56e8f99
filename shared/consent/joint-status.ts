/**
 * The joint state of linked subjects: one fold over the decisions of all of them. No events move, and each keeps an answer of its own. A
 * refusal or withdrawal counts for all, as a consent does, and a later act of any of them counts over an earlier one of another. README.md,
 * "Linked subjects", has the whole rule. Three things differ from the fold of one subject:
 *
 *   at one instant    a no counts after every yes, whichever was recorded first
 *   the operator      a confirmation and an overruling count for the subject under which they were recorded, and for no linked one
 *   a browser signal  gives way to a choice made in spite of it by the same subject only
 *
 * So the joint state permits only what at least one of them permits alone, and a link loses no refusal
 * (`test/shared/consent/joint-status.test.ts`).
 */
import type { PolicyHistory } from './policy.ts'
import { eventId, extended, list, name, optional, record, type TypeOf, word } from './schema.ts'
import { statusOf } from './status.ts'
import { type FoldEvent, type Question, type Status, statusAnswer, type UnopenedEvents } from './status-answer.ts'

/** What one of the subjects amounts to alone. */
export const aloneState = record({
  /** The link by which it belongs; absent for the subject that the question names. */
  linkId: optional(name),
  status: word<Status>(),
  decidedBy: optional(eventId),
})
export interface AloneState extends TypeOf<typeof aloneState> {}

export const jointAnswer = extended(statusAnswer, {
  /** Each subject alone: the one that the question names first, then the linked ones by their links. */
  subjects: list(aloneState),
  /** Present when one of them says yes and another no, with those of each side. The answer follows the later act, and at one instant the no. */
  contradiction: optional(record({ yes: list(aloneState), no: list(aloneState) })),
})
export interface JointAnswer extends TypeOf<typeof jointAnswer> {}

/** Events of one of the linked subjects. */
export interface Member {
  /** Absent for the subject that the question names. */
  readonly linkId?: string
  readonly events: readonly FoldEvent[]
  readonly unopened: UnopenedEvents
}

const saysYes: ReadonlySet<Status> = new Set(['Given', 'RenewedGiven', 'NotObjected', 'Accepted', 'Acknowledged'])
const saysNo: ReadonlySet<Status> = new Set(['Refused', 'Withdrawn', 'Objected', 'Declined'])

/** @param members the subject that the question names, and those to which it is linked; at least one */
export function jointStatusOf(question: Question, members: readonly Member[], history: PolicyHistory): JointAnswer {
  const subjects = members.map(({ linkId, events, unopened }): AloneState => {
    const { status, decidedBy } = statusOf(question, events, history, unopened)
    return { ...(linkId !== undefined && { linkId }), status, ...(decidedBy !== undefined && { decidedBy }) }
  })
  const answer = statusOf(question, jointEvents(members), history, unopenedOf(members))
  const yes = subjects.filter(({ status }) => saysYes.has(status))
  const no = subjects.filter(({ status }) => saysNo.has(status))
  return { ...answer, subjects, ...(yes.length > 0 && no.length > 0 && { contradiction: { yes, no } }) }
}

/** The events of all, each with whose it is. */
export function jointEvents(members: readonly Member[]): FoldEvent[] {
  return members.flatMap((of, member) => of.events.map((event) => ({ ...event, member })))
}

/** The unopened events of all, because any of them may decide. */
export function unopenedOf(members: readonly Member[]): UnopenedEvents {
  const each = members.map(({ unopened }) => unopened)
  const until = each.flatMap(({ expiredUntil }) => expiredUntil ?? []).sort()
  const unreadable = each.flatMap((one) => one.unreadable ?? [])
  return {
    expired: each.reduce((sum, { expired = 0 }) => sum + expired, 0),
    ...(until.length > 0 && { expiredUntil: until.at(-1) }),
    ...(unreadable.length > 0 && { unreadable }),
  }
}
