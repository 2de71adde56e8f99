/** Links in letters: requests and answers of the servers that send letters. */
import * as z from 'zod'
import { maxLetterPurposes } from '../../ledger/letters/letter-tokens.ts'
import { identifier } from './identifier.ts'
import { id } from './scalars.ts'

export const unsubscribeLinkRequest = z
  .strictObject({
    subject: z.strictObject({ identifier }),
    purposes: z
      .array(id)
      .min(1)
      .max(maxLetterPurposes)
      .refine((all) => new Set(all).size === all.length, 'each purpose once')
      .describe('What the link ends. Only purposes that rest on consent or on a legitimate interest.'),
  })
  .meta({
    id: 'UnsubscribeLinkRequest',
    example: { subject: { identifier: { type: 'email', id: 'kim@example.org' } }, purposes: ['newsletter'] },
  })

export const unsubscribeLink = z
  .strictObject({
    url: z.url().describe('For a link in the text of the letter. It does not expire; only its person should get it.'),
    purposes: z.array(id),
    headers: z
      .strictObject({
        'List-Unsubscribe': z.string(),
        'List-Unsubscribe-Post': z.literal('List-Unsubscribe=One-Click'),
      })
      .describe('Lines for the head of the letter (RFC 8058). Sign both with DKIM.'),
  })
  .meta({ id: 'UnsubscribeLink' })

/** What the page of a link to confirm posts. */
export const confirmation = z.strictObject({ confirm: z.literal('yes') })

/** What mail programs post. Browsers post the same from the page. */
export const oneClick = z.strictObject({ 'List-Unsubscribe': z.literal('One-Click') })
