/** Erasures: the controller's request, and the answer. The answer names no person, so it may be kept. */
import * as z from 'zod'
import { erasureGrounds, erasureScopes } from '../../ledger/erasure-entry.ts'
import { identifier } from './identifier.ts'
import { id } from './scalars.ts'

const ground = z.enum(erasureGrounds).describe('`order`: of a court or an authority.')
const scope = z.enum(erasureScopes).describe('`subject`: all that the controller has of it. There is no other yet.')

const reader = z
  .strictObject({
    type: z.literal('reader'),
    issuer: z
      .string()
      .min(1)
      .max(2048)
      .describe('`iss` of its tokens: the issuer of the controller’s identity provider.'),
    subject: z.string().min(1).max(256).describe('`sub` of its tokens.'),
  })
  .meta({
    id: 'Reader',
    description:
      'The holder of a token: an auditor or an administrator. Its reads and acts can still be counted after the erasure, but no longer be attributed to it. The controller can still tell who ordered an erasure.',
  })

export const erasureRequest = z
  .strictObject({ controller: id, subject: z.union([identifier, reader]), ground, scope: scope.default('subject') })
  .meta({
    id: 'ErasureRequest',
    description:
      'One name at a time: another identifier of the same person is another subject. Repeat it until it is answered: an erasure that was cut short is completed.',
    example: {
      controller: 'ljungsten',
      subject: { type: 'email', id: 'kim@example.org' },
      ground: 'data-subject-request',
    },
  })

const time = z.string().meta({ format: 'date-time' })

export const erasure = z
  .strictObject({
    controller: id,
    ground,
    scope: z.enum(erasureScopes),
    erasedAt: time,
    outcome: z
      .enum(['erased', 'nothing-found'])
      .describe('`nothing-found`: the ledger never knew this subject, or knows it no more; it cannot tell which.'),
    events: z.int().describe('How many events nobody can open or attribute any more.'),
    copies: z
      .array(
        z.strictObject({
          copy: z.enum(['receipts', 'audit-reads', 'earlier-reads', 'log-mirrors']),
          holders: z.enum(['known', 'unknown', 'harmless']).describe('`harmless`: who has it can open nothing.'),
          count: z.int().optional(),
          says: z.string(),
        }),
      )
      .describe('Who received copies before, as far as it can be known; those still open, and still attribute.'),
    pending: z
      .strictObject({
        in: z.enum(['recovery', 'file', 'unknown']),
        until: time.optional(),
        says: z.string(),
      })
      .describe('Where the link may still be brought back from, and until when. The erasure is pending until then.'),
  })
  .meta({ id: 'Erasure' })
