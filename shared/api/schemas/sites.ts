/** What administration posts about sites. It uses no Node API, so the console validates with it, too. */
import * as z from 'zod'
import { readOrigin } from '../../consent/origin.ts'
import * as siteRecords from '../../consent/site.ts'
import { zodRecord } from '../../consent/zod-schema.ts'
import { inRequest } from './in-request.ts'
import { id } from './scalars.ts'

const origin = z
  .string()
  .max(300)
  .transform((given, context) => {
    const read = readOrigin(given)
    if ('origin' in read) return read.origin
    context.addIssue({ code: 'custom', message: read.refusal })
    return z.NEVER
  })
  .meta({ description: 'Scheme, host and port: https://www.example.org, or capacitor://localhost for a web view.' })
const origins = z.array(origin).max(50)

const clientName = z.string().regex(/^[a-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, _ and -')
const byClientName = z.record(clientName, id).refine((names) => Object.keys(names).length <= 50, 'at most 50 names')

const clientNames = zodRecord(siteRecords.clientNames, inRequest, {
  policyId: id.optional().describe('The policy that the banner is about; by default the cookie policy in force.'),
  purposes: byClientName
    .optional()
    .describe('purposeId by category; by default each category is the purpose of the same name.'),
  documents: byClientName
    .optional()
    .describe('policyId by type of document; by default the terms and the privacy policy.'),
}).meta({ id: 'ClientNames', description: 'Maps the names that the site’s c15t client uses to policies and purposes.' })

export const siteDraft = zodRecord(siteRecords.siteDraft, inRequest, {
  origins,
  c15t: clientNames.optional(),
}).meta({ id: 'SiteDraft' })

/** A change of origins. Its site is in the path. */
export const originsDraft = z
  .strictObject({
    change: z
      .int()
      .min(1)
      .max(1_000_000)
      .describe('One more than the `change` of the site. Repeating a request changes nothing.'),
    origins: origins.describe('All origins that are allowed from now on.'),
  })
  .meta({ id: 'OriginsDraft', example: { change: 1, origins: ['https://www.example.org', 'capacitor://localhost'] } })
