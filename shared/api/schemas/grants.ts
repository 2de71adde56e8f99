/** Grants of auditors: requests and answers. Nothing in an answer names a person whom a grant is about. */
import * as z from 'zod'
import { identifier } from './identifier.ts'
import { time } from './in-answer.ts'
import { sampleInputs } from './sample-question.ts'
import { id, instant } from './scalars.ts'
import { tokenHolder } from './token-holder.ts'

export const grantId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID in lower case')
  .meta({ id: 'GrantId', description: 'UUID that the caller chose.' })

const issuer = z
  .string()
  .min(1)
  .max(500)
  .optional()
  .describe('Issuer of the auditor’s tokens. Without it, the one that the controller has at present.')
const holderName = z.string().min(1).max(256)

const sample = z.strictObject(sampleInputs)

export const grantDraft = z
  .strictObject({
    grantId,
    auditor: z
      .union([z.strictObject({ issuer, subject: holderName }), z.strictObject({ issuer, client: holderName })])
      .describe(
        'Holder of the tokens: `subject` is their claim `sub`, which tokens of programs may have, too; `client` is the claim `client_id` or `azp` of tokens without `sub`.',
      ),
    name: z.string().min(1).max(200).describe('Who audits, in words that people may be shown.'),
    purposes: z
      .array(id)
      .min(1)
      .max(100)
      .optional()
      .describe('Without it, every purpose and policy. With it, questions about one of these purposes.'),
    subjects: z
      .union([
        z.literal('all'),
        z.strictObject({ named: z.array(identifier).min(1).max(100) }),
        z.strictObject({ sample }),
      ])
      .describe('Everybody; these people; or the members of one random sample, and nobody by name.'),
    from: instant.optional().describe('Without it, the grant stands at once.'),
    until: instant.describe('The grant ends then.'),
  })
  .meta({
    id: 'GrantDraft',
    description:
      'A token with scope `consent.audit` reads what a standing grant of its holder permits, and nothing else.',
    example: {
      grantId: '0d6f7f0c-9f61-4c0e-8a55-0b5a4f6f3b11',
      auditor: { subject: 'auditor@example.org' },
      name: 'The supervisory authority',
      purposes: ['newsletter'],
      subjects: 'all',
      until: '2090-01-01T00:00:00Z',
    },
  })

export const grantsQuery = z.strictObject({ after: grantId.optional().describe('The `next` of the page before.') })

export const grant = z
  .strictObject({
    grantId,
    auditor: tokenHolder,
    name: z.string(),
    purposes: z.array(z.string()).optional(),
    subjects: z
      .union([
        z.literal('all'),
        z.strictObject({ named: z.int() }),
        z.strictObject({ sample: z.strictObject({ size: z.int(), seed: z.string(), count: z.int() }) }),
      ])
      .describe('`named`: how many people. The ledger does not keep who they are.'),
    stands: z.boolean().describe('Whether it stands now.'),
    from: time,
    until: time,
    madeAt: time,
    madeBy: tokenHolder,
    revokedAt: time.optional(),
    revokedBy: tokenHolder.optional(),
  })
  .meta({ id: 'Grant' })

export const grantPage = z
  .strictObject({
    grants: z.array(grant).describe('By `grantId`, with those that have ended.'),
    next: grantId.optional().describe('Absent on the last page.'),
  })
  .meta({ id: 'Grants' })
