/** The answer to a request to confirm. */
import * as z from 'zod'
import { acknowledgement } from './answers.ts'
import { time } from './in-answer.ts'
import { id } from './scalars.ts'

export const requestedConfirmation = acknowledgement
  .extend({
    confirmation: z
      .strictObject({
        purposes: z.array(id),
        expiresAt: time.describe('The link works until then.'),
        againAfter: time.optional().describe('From then on the same request brings another letter.'),
      })
      .optional()
      .describe('A letter is under way. Absent when nothing of the event awaits a confirmation.'),
  })
  .meta({ id: 'RequestedConfirmation', description: 'What was recorded. It does not hold the link.' })
