/**
 * Links between two subjects of one person, such as a device and an account. A link is two entries, one under each subject, and so is its end. Both
 * sides of a link have one `linkId`. Links do not chain: a subject is joined with those that it is linked to itself, and with no others.
 */
import { identity, policyLink } from './event.ts'
import type { Claim } from './leaf.ts'
import { conforms, eventId, instant, list, name, oneOf, optional, record, type TypeOf, wording } from './schema.ts'

/** How a side of a link was proven: by its own credential, or by the operator's statement, with a ground. */
export const sideProofs = ['device-secret', 'token', 'operator'] as const

/** What one side's entry states. */
export const linkAct = record({
  act: oneOf(['link', 'unlink']),
  /** The same on both sides, and of a link and its end. */
  linkId: name,
  recordedAt: instant,
  /** The person's identifier on this side, in the form that the events have. Links of before 30 November 2026, and ends, do not have it. */
  identity: optional(identity),
  /** UUID of the request. Sent again, it changes nothing. */
  requestId: optional(eventId),
  /** How this side and the other were proven. Either side alone may end a link, and then only that one is. */
  here: optional(oneOf(sideProofs)),
  there: optional(oneOf(sideProofs)),
  /** The operator's reason, when the operator made or ended the link. */
  ground: optional(wording),
  /** The texts that said what the link would do, graded as those of an event; none for its end. */
  shown: list(policyLink),
  /** The first layer that said it. */
  presentationId: optional(name),
})
export interface LinkAct extends TypeOf<typeof linkAct> {}

export const isLinkAct = (value: unknown): value is LinkAct => conforms(linkAct, value)

/** The acts of one link, on each side. */
export interface LinkSides {
  readonly here: readonly KnownLinkAct[]
  readonly there: readonly KnownLinkAct[]
}

export type KnownLinkAct = Pick<LinkAct, 'act' | 'linkId' | 'recordedAt'> & {
  /** When the log shows another time than it states: when it became known. */
  readonly knownFrom?: string
}

/**
 * Whether a link counts at `at`, as known by `knownAt`: both sides have it, and neither its end. So a crash between the two inserts leaves
 * no link, and half an end ends it.
 */
export function linkStands(linkId: string, { here, there }: LinkSides, at: string, knownAt: string): boolean {
  const counts = (side: readonly KnownLinkAct[], act: LinkAct['act']) =>
    side.some(
      (one) =>
        one.act === act &&
        one.linkId === linkId &&
        one.recordedAt <= at &&
        (one.knownFrom ?? one.recordedAt) <= knownAt,
    )
  return counts(here, 'link') && counts(there, 'link') && !counts(here, 'unlink') && !counts(there, 'unlink')
}

/** A proof opens it for the subject that is asked about, and never for a linked one. */
export const identityClaim = 'field:identity'

/**
 * The claims of one side's leaf. The leaf has no `sub`, or two neighbouring leaves in the log would show which pseudonyms are linked.
 *
 * @param sub the pseudonym of this side
 */
export function linkClaimsOf(sub: string, { act, linkId, recordedAt, ...rest }: LinkAct): Claim[] {
  const { identity: named, requestId, here, there, ground, shown, presentationId } = rest
  return [
    { name: 'field:subject', value: sub },
    { name: 'field:act', value: { act, linkId, recordedAt, ...(requestId !== undefined && { requestId }) } },
    {
      name: 'field:proof',
      value: { ...(here && { here }), ...(there && { there }), ...(ground !== undefined && { ground }) },
    },
    { name: 'field:shown', value: { shown, ...(presentationId !== undefined && { presentationId }) } },
    ...(named ? [{ name: identityClaim, value: named }] : []),
  ]
}
