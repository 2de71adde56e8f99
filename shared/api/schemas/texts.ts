/** Texts of requests and answers, each bounded, and the hashes that name them. */
import * as z from 'zod'

export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'lower-case hex SHA-256, 64 characters')

export const locale = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'a BCP 47 language tag, e.g. sv-SE')
  .meta({ id: 'Locale' })

export const shortText = z.string().min(1).max(500)

export const localised = z
  .record(locale, z.string().min(1).max(4000))
  .refine((texts) => Object.keys(texts).length >= 1 && Object.keys(texts).length <= 40, 'a text for 1 to 40 locales')
  .meta({
    id: 'Localised',
    description: 'A text for each locale.',
    example: { 'sv-SE': 'Nyhetsbrev', en: 'Newsletter' },
  })
