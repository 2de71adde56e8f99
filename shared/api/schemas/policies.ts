/**
 * What administration posts: controllers, sites, policy versions, presentations, retractions. The shapes are those of the records; this adds
 * what a request must keep to beyond them: lengths, counts, formats, and rules between members.
 */
import * as z from 'zod'
import * as controllers from '../../consent/controller.ts'
import { isDuration } from '../../consent/duration.ts'
import { defaultContextRetention, defaultEvidenceRetention } from '../../consent/evidence-term.ts'
import { identityProvider as recordedProvider } from '../../consent/identity-provider.ts'
import { type ReplaceableKey, replaceableKeys } from '../../consent/key-change.ts'
import { readOrigin } from '../../consent/origin.ts'
import * as records from '../../consent/policy.ts'
import * as purposes from '../../consent/purpose.ts'
import * as siteRecords from '../../consent/site.ts'
import { zodRecord } from '../../consent/zod-schema.ts'
import { algorithms, canVerify } from '../verifying-keys.ts'
import { place, region } from './countries.ts'
import { duration, inRequest } from './in-request.ts'
import { id } from './scalars.ts'
import { shortText } from './texts.ts'

const httpsOrLocal = z
  .url({ error: 'an https URL' })
  .max(500)
  .refine(isHttpsOrLocal, 'an https URL without user name or password (http for localhost only)')

/** Judges the parsed URL, not the text: `http://localhost:1@example.org/` begins with `localhost`, which is only its user name. */
function isHttpsOrLocal(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1'
  return username === '' && password === '' && (protocol === 'https:' || (protocol === 'http:' && isLocal))
}

export const identityProvider = zodRecord(recordedProvider, inRequest, {
  jwksUri: httpsOrLocal.optional(),
  jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(20) }).optional(),
})
  .refine((idp) => (idp.jwksUri === undefined) !== (idp.jwks === undefined), 'exactly one of jwksUri and jwks')
  .refine(
    (idp) => !(idp.jwks?.keys ?? []).some((key) => 'd' in key || 'k' in key),
    'public keys only: a private or symmetric key must not be sent',
  )
  .refine((idp) => idp.jwks === undefined || idp.jwks.keys.some(canVerify), {
    path: ['jwks', 'keys'],
    error: `no key here could verify a token: a public key for signatures (RSA of 2048 bits or more, EC or Ed25519) of one of ${algorithms.join(', ')}`,
  })
  .meta({ id: 'IdentityProvider' })

const termOfController = duration
  .refine(isDuration, { error: 'not an ISO 8601 duration', params: { allowed: 'e.g. P5Y' } })
  .optional()

export const controllerDraft = zodRecord(controllers.controllerDraft, inRequest, {
  licences: z.array(shortText).max(20),
  glossary: z.array(zodRecord(controllers.glossaryEntry, inRequest)).max(200),
  ipAddress: z.enum(controllers.ipAddressModes).default('truncate'),
  identityProvider,
  entryBundles: z
    .enum(controllers.entryBundleReaders)
    .default('auditors')
    .describe('Who may read the entry bundles of the log, which contain pseudonyms.'),
  evidenceRetention: termOfController.describe(
    'Evidence term of versions that state none: they are published with it.',
  ),
  contextRetention: termOfController.describe('Context term of versions that state none: they are published with it.'),
}).meta({ id: 'ControllerDraft' })

const changeNumber = z
  .int()
  .min(1)
  .max(1_000_000)
  .describe('1, then one more each time. A refusal states the next. Repeating a request changes nothing.')

/** A change of a controller's identity provider. The controller is in the path. */
export const identityProviderDraft = z
  .strictObject({
    change: changeNumber,
    identityProvider: identityProvider
      .nullable()
      .describe(
        'Whose tokens speak for the controller from now on; null removes the provider, and no token is accepted.',
      ),
  })
  .meta({ id: 'IdentityProviderDraft' })

/** A change of a controller's keys. The controller is in the path. */
export const keyChangeDraft = z
  .strictObject({
    change: changeNumber,
    keys: z
      .array(z.enum(replaceableKeys))
      .min(1)
      .max(replaceableKeys.length)
      .transform((named): ReplaceableKey[] => replaceableKeys.filter((key) => named.includes(key)))
      .describe(
        'What is replaced. `notice` authenticates notice tokens and `pepper` names people’s keys: this makes new ones. `checkpoint` and `receipt` sign for the log and for receipts: a deployment replaces them, and this tells the log.',
      ),
    stolen: z
      .boolean()
      .describe(
        'Whether somebody else may have the replaced keys. No token that the notice key made then counts any more.',
      ),
    ground: shortText.describe('Why. Kept for ever, so it must name nobody.'),
    vkey: z
      .string()
      .max(500)
      .optional()
      .describe('Verifier key of the new checkpoint key, as the log’s policy has it. Only with `checkpoint`.'),
  })
  .refine(({ keys, vkey }) => keys.includes('checkpoint') === (vkey !== undefined), {
    path: ['vkey'],
    error: 'the verifier key of the new checkpoint key, and none when that is not replaced',
  })
  .meta({ id: 'KeyChangeDraft' })

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

export const evidenceRetention = duration
  .optional()
  .describe(
    `ISO 8601: how long the proof of a decision is kept after the decision ended. ${defaultEvidenceRetention} when neither purpose nor version states it.`,
  )

export const contextRetention = duration
  .optional()
  .describe(
    `ISO 8601: how long IP address, user agent and page are kept after the event was recorded, and never longer than its proof. ${defaultContextRetention} when neither purpose nor version states it.`,
  )

const technology = zodRecord(purposes.technology, inRequest, { domain: z.string().max(300).optional() })

const recipient = zodRecord(purposes.recipient, inRequest, {
  region: region.optional(),
  transfer: shortText.optional().describe('The safeguard of a transfer to a third country; required for worldwide.'),
  forms: z
    .array(z.enum(purposes.dataForms))
    .min(1)
    .max(purposes.dataForms.length)
    .optional()
    .describe('The forms of data that it receives; by default every form that the purpose declares.'),
}).refine((r) => (r.country === undefined) !== (r.region === undefined), {
  error: 'exactly one of country and region',
  params: { allowed: ['country', 'region'] },
})

const dataCategory = zodRecord(purposes.dataCategory, inRequest, { sources: z.array(shortText).max(50) })
const sourceTerms = zodRecord(purposes.sourceTerms, inRequest)
const securityMeasure = zodRecord(purposes.securityMeasure, inRequest)
const retentionException = zodRecord(purposes.retentionException, inRequest)

export const purpose = zodRecord(purposes.purpose, inRequest, {
  subjectCategories: z.array(shortText).min(1).max(20),
  dataCategories: z.array(dataCategory).min(1).max(50),
  profiling: z.boolean().optional().describe('GDPR art. 4(4).'),
  logicInvolved: zodRecord(purposes.logicInvolved, inRequest)
    .optional()
    .describe('The logic of the automated decision or the profiling: GDPR art. 13(2)(f).'),
  sourceTerms: z
    .array(sourceTerms)
    .min(1)
    .max(50)
    .optional()
    .describe('Sources run by other parties, whose own terms govern how they got the data.'),
  securityMeasures: z.array(securityMeasure).min(1).max(50).optional(),
  recipients: z.array(recipient).max(200),
  storageLocations: z.array(place).min(1).max(50),
  retention: duration
    .optional()
    .describe('ISO 8601: how long the data is kept, counted from the event in `until` if there is one.'),
  until: zodRecord(purposes.retentionCriterion, inRequest)
    .optional()
    .describe('The event until which the data is kept. State this, `retention`, or both.'),
  retentionExceptions: z
    .array(retentionException)
    .min(1)
    .max(20)
    .optional()
    .describe('Cases in which the data is kept longer.'),
  evidenceRetention,
  contextRetention,
  technologies: z.array(technology).max(200),
}).meta({ id: 'Purpose' })

const draftText = zodRecord(records.draftText, inRequest, { text: z.string().min(1).max(500_000) })

/** A version without its policyId, which stands in the path. */
export const versionDraft = zodRecord(records.versionDraft, inRequest, {
  scope: z.array(shortText).max(50),
  texts: z.array(draftText).min(1).max(40),
  purposes: z.array(purpose).max(100),
  evidenceRetention,
  contextRetention,
  changes: z.array(zodRecord(records.purposeChange, inRequest)).max(100),
}).meta({ id: 'VersionDraft' })

/** A presentation without its policyId, which stands in the path. */
export const presentationDraft = zodRecord(records.presentationDraft, inRequest, {
  controls: z.array(zodRecord(records.presentationControl, inRequest)).max(100),
  refusal: zodRecord(records.presentationDraft.members.refusal, inRequest, { layer: z.int().min(1).max(10) }),
}).meta({ id: 'PresentationDraft' })

export const retractionDraft = zodRecord(records.retractionDraft, inRequest).meta({
  id: 'RetractionDraft',
  example: { version: '3', reason: 'the new partner withdrew' },
})
