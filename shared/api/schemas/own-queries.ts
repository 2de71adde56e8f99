/** The query strings with which a person asks for their own history and record. */
import * as z from 'zod'

const after = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/, 'the `next` of the page before: 22 base64url characters')
  .optional()
  .describe('The `next` of the page before.')

export const ownHistoryQuery = z.strictObject({
  key: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after,
})

export const ownRecordQuery = z.strictObject({ key: z.string().optional(), after })
