import * as z from 'zod'

/** As answers name it. */
export const tokenHolder = z
  .strictObject({ issuer: z.string(), subject: z.string().optional(), client: z.string().optional() })
  .describe('Holder of a token: a person (`subject`) or a program (`client`).')
