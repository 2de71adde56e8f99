/** The answer to a publication: the version, and warnings about its text. */
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
      .describe('Sentences that take the use of a site for consent, which has no effect. Not part of the version.'),
  })
  .meta({ id: 'PublishedVersion' })
