/** Erasures: the controller's request, and the answer. The answer names no person, so it may be kept. */
import * as z from 'zod'
import { erasureGrounds, erasureScopes } from '../../ledger/erasure/erasure-entry.ts'
import { exportAbout } from './export-about.ts'
import { holdAgainstErasure } from './holds.ts'
import { identifier } from './identifier.ts'
import { time } from './in-answer.ts'
import { id } from './scalars.ts'

const ground = z.enum(erasureGrounds).describe('`order`: a court or an authority ordered the erasure.')
const scope = z
  .enum(erasureScopes)
  .describe('`subject`: everything that the controller has about the subject. There is no other scope yet.')

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
      'Erases under one name: another identifier of the same person is another subject. Repeat the request until it is answered: that completes an interrupted erasure.',
    example: {
      controller: 'ljungsten',
      subject: { type: 'email', id: 'kim@example.org' },
      ground: 'data-subject-request',
    },
  })

export const erasure = z
  .strictObject({
    controller: id,
    ground,
    scope: z.enum(erasureScopes),
    erasedAt: time.describe('When the request was handled. With `held` nothing was erased then.'),
    outcome: z
      .enum(['erased', 'held', 'nothing-found'])
      .describe(
        '`held`: a legal hold stands. The request is recorded, and carried out when no hold stands any more: by the nightly retention, or when it is repeated. `nothing-found`: the ledger has no such subject. It never had it, or erased it before; the ledger cannot know which.',
      ),
    held: z
      .array(holdAgainstErasure)
      .optional()
      .describe('Present with `held`: the holds that stand, as far as the caller may know them.'),
    events: z.int().describe('Number of events that can no longer be opened or attributed.'),
    copies: z
      .array(
        z.strictObject({
          copy: z.enum(['receipts', 'audit-reads', 'exports', 'earlier-reads', 'log-mirrors']),
          holders: z.enum(['known', 'unknown', 'harmless']).describe('`harmless`: the copy opens nothing.'),
          count: z.int().optional(),
          exports: z.array(exportAbout).optional().describe('Of `exports`: those that may have had the subject.'),
          says: z.string(),
        }),
      )
      .describe(
        'Known recipients of copies handed out before the erasure. Those copies can still be opened and attributed.',
      ),
    pending: z
      .strictObject({
        in: z.enum(['recovery', 'file', 'unknown']),
        until: time.optional(),
        says: z.string(),
      })
      .describe(
        'Where the deleted keys can still be restored from, and until when. The erasure is pending until then.',
      ),
  })
  .meta({ id: 'Erasure' })
