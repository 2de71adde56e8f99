/** What auditors ask about a person. */
import * as z from 'zod'
import { identifier } from './identifier.ts'
import { id, instant, receiptId } from './scalars.ts'

export const instants = { at: instant.optional(), knownAt: instant.optional() }

const topic = { purposeId: id.optional(), policyId: id.optional() }
const oneTopic = (t: { purposeId?: string; policyId?: string }) =>
  (t.purposeId === undefined) !== (t.policyId === undefined)

const example = { controller: 'ljungsten', subject: { type: 'email', id: 'kim@example.org' }, purposeId: 'newsletter' }

/** Without a topic: all purposes and policies of the controller. */
export const consentsQuestion = z
  .strictObject({ controller: id, subject: identifier, ...topic, ...instants })
  .refine((q) => q.purposeId === undefined || q.policyId === undefined, 'at most one of purposeId and policyId')
  .meta({
    id: 'ConsentsQuestion',
    example,
  })

/** Most events on a page of a timeline. An event of the banner takes 550 bytes as JSON and a change 130; a Lambda function may answer with 6 MB. */
export const maxTimelineEvents = 1_000

export const timelineQuestion = z
  .strictObject({
    ...{ controller: id, subject: identifier, ...topic, ...instants },
    limit: z.int().min(1).max(maxTimelineEvents).default(maxTimelineEvents).describe('Most events on the page.'),
    after: receiptId.optional().describe('The `next` of the page before, with the same subject, `at` and `knownAt`.'),
  })
  .refine(oneTopic, 'exactly one of purposeId and policyId')
  .refine(
    ({ after, at, knownAt }) => after === undefined || (at !== undefined && knownAt !== undefined),
    'a page after the first has the `at` and `knownAt` that the first answered',
  )
  .meta({
    id: 'TimelineQuestion',
    description:
      'When did the status of this purpose or policy change, and by which events? They come in pages, oldest record first. Each page is recorded as a read.',
    example: { ...example, at: '2026-11-22T12:00:00Z', limit: 100 },
  })

export const topicQuestion = z
  .strictObject({ controller: id, subject: identifier, ...topic, ...instants })
  .refine(oneTopic, 'exactly one of purposeId and policyId')
  .meta({
    id: 'TopicQuestion',
    description: 'Was consent for this purpose (or acceptance of this policy) recorded and in force at that instant?',
    example: { ...example, at: '2026-11-22T12:00:00Z' },
  })
