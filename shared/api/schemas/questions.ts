/** What auditors ask about a person. */
import * as z from 'zod'
import { identifier } from './identifier.ts'
import { id, instant } from './scalars.ts'

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

export const topicQuestion = z
  .strictObject({ controller: id, subject: identifier, ...topic, ...instants })
  .refine(oneTopic, 'exactly one of purposeId and policyId')
  .meta({
    id: 'TopicQuestion',
    description: 'Was consent for this purpose (or acceptance of this policy) recorded and in force at that instant?',
    example: { ...example, at: '2026-11-22T12:00:00Z' },
  })
