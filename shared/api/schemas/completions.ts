/** What a receiver reports about a delivery, and what it may ask about one. */
import * as z from 'zod'
import { instant } from './scalars.ts'
import { sha256Hex } from './texts.ts'

const url = z
  .string()
  .max(500)
  .refine((text) => {
    const read = URL.parse(text)
    return read?.protocol === 'https:' && !read.username && !read.password && !read.search && !read.hash
  }, 'an https address without user name, query and fragment')
  .describe('Where the receiver keeps its evidence. It must not identify the person: an erasure does not reach it.')

export const completionDraft = z
  .strictObject({
    completedAt: instant.optional().describe('When the receiver acted; without it, now.'),
    evidence: z
      .union([z.strictObject({ sha256: sha256Hex }), z.strictObject({ url })])
      .optional()
      .describe('A digest of what the receiver keeps, or where it is.'),
  })
  .meta({ id: 'CompletionDraft' })
