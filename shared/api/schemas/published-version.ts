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
      .describe(
        'Sentences of the text that treat the use of a site as consent, which has no effect. Not part of the version.',
      ),
  })
  .meta({ id: 'PublishedVersion' })
