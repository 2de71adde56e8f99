/** The query strings of requests that read. */
import * as z from 'zod'
import { instants } from './questions.ts'
import { instant, receiptId, versionName } from './scalars.ts'
import { locale } from './texts.ts'

export const ownConsentsQuery = z.strictObject({ key: z.string().optional(), ...instants })
export const receiptFormats = ['json', 'tlog-proof', '27560', 'jsonld', 'kantara'] as const
export const ownReceiptsQuery = z.strictObject({
  key: z.string().optional(),
  receiptId: receiptId.optional().describe('Return only this receipt.'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: receiptId.optional().describe('The `next` of the page before.'),
  format: z
    .enum(receiptFormats)
    .optional()
    .describe(
      'Form of one receipt. `tlog-proof`: a .tlog-proof file; `27560`: the record of ISO/IEC TS 27560 alone; `jsonld`, or `Accept: application/ld+json`: in the terms of the Data Privacy Vocabulary; `kantara`: a consent receipt of the Kantara Initiative, which has consents given only.',
    ),
})
/** Other parameters are ignored, as they are on every route that has a body. */
export const recordQuery = z.object({
  return: z
    .enum(['minimal', 'representation'])
    .optional()
    .describe(
      '`minimal`: what was recorded, in place of the receipt, which `GET /v1/me/receipts` has. As the header `Prefer` (RFC 7240), without a preflight.',
    ),
})
/** Text that is not a language tag is accepted: the languages of the browser come next. */
const wantedLocale = z
  .string()
  .max(100)
  .optional()
  .describe(
    'Locale of the reader, as a page states it (sv-SE, sv_SE). Without one that can be read, Accept-Language decides.',
  )
export const noticeQuery = z.strictObject({ key: z.string().optional(), locale: wantedLocale })
/** Other parameters are ignored, because a person follows the link. */
export const preferencesPageQuery = z.object({
  key: z.string().optional().describe('The key of the site.'),
  lang: z.string().optional().describe('`sv` or `en`. Without it, Accept-Language decides.'),
  from: z.string().optional().describe('An origin of the site, to which the page links back.'),
})
export const policyQuery = z.strictObject({ at: instant.optional() })
export const checkpointsQuery = z.strictObject({
  after: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,15})$/)
    .transform(Number)
    .optional()
    .describe('Return only checkpoints of greater tree sizes.'),
})
/** Other parameters are ignored: people follow links to which others have added some. */
export const publicPageQuery = z.object({
  lang: z.string().max(100).optional().describe('Language of the reader. Without it, Accept-Language decides.'),
  format: z
    .enum(['html', 'jsonld'])
    .optional()
    .describe('`jsonld`, or `Accept: application/ld+json`: the version for programs.'),
})
export const publicDiffQuery = z.object({ from: versionName, to: versionName, lang: publicPageQuery.shape.lang })
export const diffQuery = z.strictObject({
  from: versionName,
  to: versionName,
  locale: locale.optional(),
  by: z.enum(['lines', 'words']).default('words'),
  format: z.enum(['json', 'html']).default('json'),
})
