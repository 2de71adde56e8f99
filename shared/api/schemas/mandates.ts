/** Mandates of guardians and delegates: requests and answers. */
import * as z from 'zod'
import * as mandates from '../../consent/mandate.ts'
import { zodMembers } from '../../consent/zod-schema.ts'
import { identifier } from './identifier.ts'
import { inAnswer, time } from './in-answer.ts'
import { id, instant } from './scalars.ts'
import { tokenHolder } from './token-holder.ts'

const maxListed = 100

export const mandateId = z
  .uuid()
  .transform((uuid) => uuid.toLowerCase())
  .meta({
    id: 'MandateId',
    description: 'UUID that the caller chose. Events name the mandate by it, as `actor.mandateId`.',
  })

const kind = z.enum(mandates.mandateKinds)
const ground = z
  .enum(mandates.mandateGrounds)
  .describe(
    '`parental-responsibility`: a parent for a child. `appointment`: a court or an authority appointed them. `power-of-attorney`: the person gave it. `law`: a law gives it without an act.',
  )

export const mandateDraft = z
  .strictObject({
    controller: id,
    subject: identifier.describe('The person for whom somebody else decides.'),
    mandateId,
    kind,
    ground,
    covers: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('all') }),
        z.strictObject({
          kind: z.literal('listed'),
          purposeIds: z.array(id).max(maxListed),
          policyIds: z.array(id).max(maxListed).default([]),
        }),
      ])
      .describe('What may be decided under it.'),
    from: instant,
    until: instant.optional().describe('The mandate ends then, unless it is revoked before.'),
    comesOfAgeAt: instant
      .optional()
      .describe(
        'For a guardian: when the person decides alone. What the guardian said yes to ends then, and the person is to be asked. It may tell a birthday; the first of its month is enough.',
      ),
    evidence: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Where the evidence is kept: a reference of yours, or a hash. No text about people.'),
  })
  .refine(({ until, comesOfAgeAt }) => until !== undefined || comesOfAgeAt !== undefined, {
    path: ['until'],
    error: 'an end: until, comesOfAgeAt, or both',
  })
  .refine(({ covers }) => covers.kind === 'all' || covers.purposeIds.length + covers.policyIds.length > 0, {
    path: ['covers'],
    error: 'at least one purpose or policy',
  })
  .refine(({ kind, comesOfAgeAt }) => kind === 'guardian' || comesOfAgeAt === undefined, {
    path: ['comesOfAgeAt'],
    error: 'only for a guardian',
  })
  .meta({
    id: 'MandateDraft',
    description:
      'Record it before the first decision under it: one that is recorded afterwards gives an earlier yes no effect.',
    example: {
      controller: 'ljungsten',
      subject: { type: 'email', id: 'kim@example.org' },
      mandateId: '0b7d8f3e-5a0c-4a58-9d1e-6f3b2c1a4e70',
      kind: 'guardian',
      ground: 'parental-responsibility',
      covers: { kind: 'listed', purposeIds: ['newsletter'] },
      from: '2026-01-01T00:00:00Z',
      comesOfAgeAt: '2090-01-01T00:00:00Z',
      evidence: 'case 4711',
    },
  })

export const mandateRevocation = z
  .strictObject({ controller: id, subject: identifier })
  .meta({ id: 'MandateRevocation', description: 'Ends a mandate now. What was decided under it before stays.' })

const members = {
  ...zodMembers(mandates.mandate.members, inAnswer),
  revokedAt: time.optional(),
}

export const mandate = z
  .strictObject({ ...members, recordedBy: tokenHolder, revokedBy: tokenHolder.optional() })
  .meta({ id: 'Mandate' })

export const listedMandates = z
  .array(z.strictObject(members))
  .optional()
  .describe('Mandates that the person’s events name, whether they stand or not. Absent when there are none.')
