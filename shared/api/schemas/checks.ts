/** What machines ask before they act: of many people at once, whether one purpose or policy permits it now. */
import * as z from 'zod'
import type { Reason, Status } from '../../consent/status-answer.ts'
import { identifier } from './identifier.ts'
import { oneOfGrowing, time } from './in-answer.ts'
import { id } from './scalars.ts'

/** Most people in a batch. Their identifiers, each of at most 256 characters, and the rest of the body fit the route's limit. */
export const maxChecked = 1_000

const pseudonym = z
  .strictObject({ sub: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'a pseudonym of the log: 43 base64url characters') })
  .meta({ id: 'Pseudonym', description: 'A person as the log, exports and deliveries name them.' })

/** One entry of a batch. */
export const checkedSubject = z.union([identifier, pseudonym])
export type CheckedSubject = z.output<typeof checkedSubject>

const topic = { purposeId: id.optional(), policyId: id.optional() }
const oneTopic = (t: { purposeId?: string | undefined; policyId?: string | undefined }) =>
  (t.purposeId === undefined) !== (t.policyId === undefined)

/** Its entries are looked at one by one, because a bad one spoils only its own answer. */
export const checksEnvelope = z
  .strictObject({ controller: id, ...topic, subjects: z.array(z.unknown()).min(1).max(maxChecked) })
  .refine(oneTopic, 'exactly one of purposeId and policyId')

/** The same as the document describes it. */
export const checksRequest = z
  .strictObject({ controller: id, ...topic, subjects: z.array(checkedSubject).min(1).max(maxChecked) })
  .refine(oneTopic, 'exactly one of purposeId and policyId')
  .meta({
    id: 'ChecksRequest',
    description: 'May this be done now, for each of these people? A bad entry does not spoil the others.',
    example: {
      controller: 'ljungsten',
      purposeId: 'newsletter',
      subjects: [
        { type: 'email', id: 'kim@example.org' },
        { type: 'email', id: 'sam@example.org' },
      ],
    },
  })

/**
 * Why an entry has no status: `invalid-entry` it is neither an identifier nor a pseudonym; `empty`, `too-long` the identifier names nobody;
 * `grant-needed` no grant of the caller covers this person.
 */
export const unansweredReasons = ['invalid-entry', 'empty', 'too-long', 'grant-needed'] as const
export type UnansweredReason = (typeof unansweredReasons)[number]

const checked = z.strictObject({
  permitted: z
    .boolean()
    .describe(
      'For a purpose that rests on consent: a consent stands. For another: the person was informed, and no objection stands. For a policy: its version in force was accepted or acknowledged.',
    ),
  status: oneOfGrowing<Status>()
    .optional()
    .describe('Of the person and those linked to them together. Absent when the entry has no answer.'),
  reason: oneOfGrowing<Reason | UnansweredReason>().describe(
    'A stable code: why the status is what it is, or why there is none. `nothing-recorded` for a person whom the ledger does not know.',
  ),
})

export const checksAnswer = z
  .strictObject({
    checkedAt: time.describe('The instant that the answer is about.'),
    ...topic,
    results: z.array(checked).describe('One for each entry, in order.'),
  })
  .meta({ id: 'Checks' })
