/** A receiver's report, in answers. */
import * as z from 'zod'
import { time } from './in-answer.ts'
import { id } from './scalars.ts'
import { sha256Hex } from './texts.ts'

export const completion = z
  .strictObject({
    endpoint: id,
    leaf: z.int(),
    part: z.int(),
    completedAt: time.describe('When the receiver acted, as it states.'),
    reportedAt: time,
    receiptId: z.string().optional(),
    evidence: z.union([z.strictObject({ sha256: sha256Hex }), z.strictObject({ url: z.string() })]).optional(),
  })
  .meta({ id: 'Completion', description: 'A receiver’s statement that it has acted on a message.' })
