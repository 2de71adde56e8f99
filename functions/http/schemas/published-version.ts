/** What a publication answers: the version, and what the publisher is told about its text. */
import * as z from 'zod'
import { version } from './answers.ts'

export const publishedVersion = z
  .strictObject({
    ...version.shape,
    warnings: z
      .array(
        z.strictObject({
          code: z.literal('continued-use'),
          locale: z.string(),
          quote: z.string(),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('Of the text: what the ledger cannot take as the publisher means it. Not part of the version.'),
  })
  .meta({ id: 'PublishedVersion' })
