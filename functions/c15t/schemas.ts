/**
 * Schemas of what a c15t 2.2 client sends. Unknown members are dropped and optional ones that do not fit are ignored, so that neither
 * can cause a decision to be refused.
 */
import * as z from 'zod'

const maxCategories = 40

/** A secret: whoever knows it can read the decisions. c15t makes 27 characters with 96 random bits; shorter ones are refused. */
export const subjectId = z
  .string()
  .regex(/^sub_[1-9A-HJ-NP-Za-km-z]{20,64}$/, 'sub_ and 20 to 64 characters of base58, as a c15t client makes them')
  .meta({ id: 'C15tSubjectId' })

export const consentType = z
  .string()
  .regex(/^[a-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, _ and -')
  .meta({ id: 'C15tConsentType' })

export type Preferences = Readonly<Record<string, boolean>>

const preferences = z
  .unknown()
  .refine(arePreferences, `true or false for at most ${maxCategories} categories`)
  .transform((given) => given as Preferences)
  .meta({ type: 'object', additionalProperties: { type: 'boolean' } })

/** Written by hand, because zod's record schema silently drops a category `__proto__`. */
function arePreferences(given: unknown): boolean {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return false
  const all = Object.entries(given)
  return (
    all.length <= maxCategories &&
    all.every(([name, chosen]) => consentType.safeParse(name).success && typeof chosen === 'boolean')
  )
}

const text = (max: number) => z.string().min(1).max(max).optional().catch(undefined)

export const submission = z
  .object({
    type: consentType,
    subjectId,
    givenAt: z.number().describe('Milliseconds since 1970 by the client’s clock.'),
    preferences: preferences.optional(),
    externalSubjectId: text(256),
    consentAction: z.enum(['all', 'necessary', 'custom']).optional().catch(undefined),
    uiSource: text(64),
    tcString: text(8192),
    policySnapshotToken: text(1024),
    documentSnapshotToken: text(1024),
    policyHash: text(200),
    policyId: text(120),
  })
  .refine((s) => s.type !== 'cookie_banner' || s.preferences !== undefined, {
    error: 'what was chosen, by category',
    path: ['preferences'],
  })
  .meta({
    id: 'C15tSubmission',
    example: {
      type: 'cookie_banner',
      subjectId: 'sub_111D6fDmTET4TfwFxNqjm63UMG',
      domain: 'www.example.org',
      givenAt: 1_795_331_046_620,
      preferences: { necessary: true, measurement: true, marketing: false },
      uiSource: 'banner',
      consentAction: 'custom',
    },
  })

export type Submission = z.output<typeof submission>

export const identification = z
  .object({ externalId: text(256), identityProvider: text(256) })
  .meta({ id: 'C15tIdentification', example: { externalId: 'acct-1001', identityProvider: 'auth0' } })

const types = z
  .string()
  .max(1000)
  .transform((list) => [...new Set(list.split(',').map((type) => type.trim()))])
  .pipe(z.array(consentType).min(1).max(20))

export const subjectQuery = z.strictObject({ type: types.optional() })
export const checkQuery = z.strictObject({ externalId: z.string().min(1).max(256), type: types })
export const subjectsQuery = z.strictObject({ externalId: z.string().min(1).max(256) })

export const release = z
  .strictObject({
    version: z.string().min(1).max(40),
    hash: z
      .string()
      .min(1)
      .max(200)
      .describe('SHA-256 in hex of a text of the version, with or without the prefix `sha256:`.'),
    effectiveDate: z.string().max(40),
  })
  .meta({ id: 'C15tRelease' })
