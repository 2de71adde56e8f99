/** Legal holds: requests and answers. Nothing in an answer names a person whom a hold is on. */
import * as z from 'zod'
import { holdGrounds } from '../../consent/holds.ts'
import { identifier } from './identifier.ts'
import { time } from './in-answer.ts'
import { id, instant } from './scalars.ts'
import { tokenHolder } from './token-holder.ts'

export const holdId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID in lower case')
  .meta({
    id: 'HoldId',
    description: 'UUID that the caller chose. Keep it with the case: the ledger cannot say whom a hold is on.',
  })

const ground = z
  .enum(holdGrounds)
  .describe(
    '`legal-claim`: to establish, exercise or defend one. `legal-obligation`: a law requires it. `order`: of a court or an authority.',
  )

export const holdDraft = z
  .strictObject({
    controller: id,
    holdId,
    ground,
    covers: z
      .union([
        z.strictObject({ subject: identifier }),
        z.strictObject({ purposeId: id }),
        z.strictObject({ before: instant }),
      ])
      .describe(
        'What is kept: all of one subject; every year in which a subject decided on the purpose; every year in which a subject has an event that was recorded before the instant.',
      ),
    until: instant.optional().describe('The hold ends then. Without it, it stands until it is released.'),
  })
  .meta({
    id: 'HoldDraft',
    description:
      'While a hold stands, neither retention nor an erasure destroys the keys that it covers. Repeat the request until it is answered.',
    example: {
      controller: 'ljungsten',
      holdId: '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90',
      ground: 'legal-claim',
      covers: { before: '2020-01-01T00:00:00Z' },
      until: '2090-01-01T00:00:00Z',
    },
  })

export const holdRelease = z.strictObject({ controller: id }).meta({ id: 'HoldRelease' })

export const holdsQuery = z.strictObject({ after: holdId.optional().describe('The `next` of the page before.') })

export const hold = z
  .strictObject({
    holdId,
    ground,
    covers: z.union([
      z.strictObject({ subject: z.literal(true) }),
      z.strictObject({ purposeId: z.string() }),
      z.strictObject({ before: time }),
    ]),
    stands: z.boolean().describe('Whether it stands now.'),
    madeAt: time,
    madeBy: tokenHolder,
    until: time.optional(),
    releasedAt: time.optional(),
    releasedBy: tokenHolder.optional(),
    keepsAllFrom: time
      .optional()
      .describe(
        'In the answer to making a hold: from then at the latest, nothing that it covers is destroyed. What was decided before may still go until then.',
      ),
  })
  .meta({ id: 'Hold' })

export const holdPage = z
  .strictObject({
    holds: z.array(hold).describe('By `holdId`, with those that have ended.'),
    unreadable: z
      .array(holdId)
      .optional()
      .describe('Holds that cannot be read. Until they are released, nothing is destroyed that they may cover.'),
    next: holdId.optional().describe('Absent on the last page.'),
  })
  .meta({ id: 'Holds' })

/** A hold as the answer to an erasure has it. */
export const holdAgainstErasure = z.strictObject({
  holdId: holdId.optional().describe('Only for a token that has the scope `consent.hold`, too.'),
  ground: ground
    .optional()
    .describe(
      'Absent for an `order`, whose existence may be secret, unless the token has the scope `consent.hold`, too.',
    ),
  until: time.optional().describe('When the hold ends, unless it is released before. Absent: it ends by its release.'),
})
