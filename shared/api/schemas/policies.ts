/** What administration posts: controllers, sites, policy versions, presentations, retractions. */

import * as z from 'zod'
import { entryBundleReaders, ipAddressModes } from '../../consent/controller.ts'
import { readOrigin } from '../../consent/origin.ts'
import { defaultEvidenceRetention, type Presentation, policyKinds } from '../../consent/policy.ts'
import type { VersionDraft } from '../../consent/publication.ts'
import {
  type DataCategory,
  dataForms,
  type LogicInvolved,
  legalBases,
  type Purpose,
  type Recipient,
  type RetentionException,
  retentionCriteria,
  retentionExceptionGrounds,
  type SecurityMeasure,
  type SourceTerms,
  securityMeasureKinds,
  type Technology,
  technologyKinds,
} from '../../consent/purpose.ts'
import { algorithms, canVerify } from '../verifying-keys.ts'
import { country, jurisdiction, place, region } from './countries.ts'
import { id, instant, versionName } from './scalars.ts'
import { locale, localised, shortText } from './texts.ts'

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

const identityProvider = z
  .strictObject({
    issuer: z.string().min(1).max(500),
    audience: z.string().min(1).max(500),
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

export const controllerDraft = z
  .strictObject({
    controller: id,
    name: shortText,
    address: shortText,
    country,
    contact: shortText,
    dataProtectionOfficer: shortText,
    supervisoryAuthority: shortText,
    licences: z.array(shortText).max(20),
    glossary: z.array(z.strictObject({ term: localised, meaning: localised })).max(200),
    ipAddress: z.enum(ipAddressModes).default('truncate'),
    identityProvider,
    entryBundles: z
      .enum(entryBundleReaders)
      .default('auditors')
      .describe('Who may read the entry bundles of the log, which carry pseudonyms.'),
  })
  .meta({ id: 'ControllerDraft' })

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

const clientNames = z
  .strictObject({
    policyId: id.optional().describe('The policy that the banner is about; else the cookie policy in force.'),
    purposes: byClientName.optional().describe('purposeId by category; else each category is the purpose of its name.'),
    documents: byClientName.optional().describe('policyId by type of document; else the terms and the privacy policy.'),
  })
  .meta({ id: 'ClientNames', description: 'What the site’s c15t client calls what is declared here.' })

export const siteDraft = z
  .strictObject({
    site: id,
    kind: z.enum(['web', 'app', 'service']),
    name: shortText,
    origins,
    c15t: clientNames.optional(),
  })
  .meta({ id: 'SiteDraft' })

/** A change of origins. Its site is in the path. */
export const originsDraft = z
  .strictObject({
    change: z
      .int()
      .min(1)
      .max(1_000_000)
      .describe('One more than `change` of the site; the same request again changes nothing.'),
    origins: origins.describe('All origins that are allowed from now on.'),
  })
  .meta({ id: 'OriginsDraft', example: { change: 1, origins: ['https://www.example.org', 'capacitor://localhost'] } })

/** Makes a schema that lacks a field of `T` fail to compile; otherwise strict parsing would refuse documents that have the field. */
type Members<T> = Readonly<Record<keyof T, z.ZodType>>

const duration = z.string().max(40)

export const evidenceRetention = duration
  .optional()
  .describe(
    `ISO 8601: how long the proof of a decision is kept after the decision ended. ${defaultEvidenceRetention} when neither purpose nor version states it.`,
  )

const technology = z.strictObject({
  name: shortText,
  kind: z.enum(technologyKinds),
  party: shortText,
  domain: z.string().max(300).optional(),
  lifetime: duration,
  exempt: z.strictObject({ ground: z.enum(['transmission', 'strictly-necessary']), reason: shortText }).optional(),
} satisfies Members<Technology>)

const recipient = z
  .strictObject({
    party: shortText,
    type: shortText,
    role: z.enum(['processor', 'joint-controller', 'controller']),
    reliesOnConsent: z.boolean(),
    country: country.optional(),
    region: region.optional(),
    transfer: shortText.optional().describe('The safeguard of a transfer to a third country; required for worldwide.'),
    forms: z
      .array(z.enum(dataForms))
      .min(1)
      .max(dataForms.length)
      .optional()
      .describe('The forms of data that it gets; without it every form that the purpose declares.'),
  } satisfies Members<Recipient>)
  .refine((r) => (r.country === undefined) !== (r.region === undefined), {
    error: 'exactly one of country and region',
    params: { allowed: ['country', 'region'] },
  })

const dataCategory = z.strictObject({
  category: shortText,
  form: z.enum(dataForms),
  special: z.boolean().optional(),
  sources: z.array(shortText).max(50),
} satisfies Members<DataCategory>)

const logicInvolved = z.strictObject({
  logic: localised,
  significance: localised,
  consequences: localised,
} satisfies Members<LogicInvolved>)

const sourceTerms = z.strictObject({ source: shortText, terms: localised } satisfies Members<SourceTerms>)

const securityMeasure = z.strictObject({
  kind: z.enum(securityMeasureKinds),
  text: localised,
} satisfies Members<SecurityMeasure>)

const retentionException = z.strictObject({
  ground: z.enum(retentionExceptionGrounds),
  text: localised,
} satisfies Members<RetentionException>)

export const purpose = z
  .strictObject({
    purposeId: id,
    title: localised,
    description: localised,
    legalBasis: z.enum(legalBases),
    interest: localised.optional(),
    explicit: z.boolean().optional(),
    doubleOptIn: z.boolean().optional(),
    directMarketing: z.boolean().optional(),
    globalPrivacyControl: z.boolean().optional(),
    subjectCategories: z.array(shortText).min(1).max(20),
    dataCategories: z.array(dataCategory).min(1).max(50),
    automatedDecision: z.boolean().optional(),
    profiling: z.boolean().optional().describe('GDPR art. 4(4).'),
    logicInvolved: logicInvolved.optional().describe('Of automatedDecision or profiling: GDPR art. 13(2)(f).'),
    sourceTerms: z
      .array(sourceTerms)
      .min(1)
      .max(50)
      .optional()
      .describe('Sources run by other parties, whose own terms govern how the data got there.'),
    securityMeasures: z.array(securityMeasure).min(1).max(50).optional(),
    recipients: z.array(recipient).max(200),
    storageLocations: z.array(place).min(1).max(50),
    retention: duration
      .optional()
      .describe('ISO 8601: how long the data is kept; with `until`, counted from what that states.'),
    until: z
      .strictObject({ criterion: z.enum(retentionCriteria), text: localised })
      .optional()
      .describe('Until when the data is kept. State this, `retention`, or both.'),
    retentionExceptions: z
      .array(retentionException)
      .min(1)
      .max(20)
      .optional()
      .describe('When data is kept beyond that.'),
    evidenceRetention,
    atEnd: z.enum(['erase', 'de-identify']),
    jurisdiction,
    validity: duration.optional(),
    withdrawalMethod: localised,
    refusal: z.strictObject({
      consequence: z.enum(['none', 'limited', 'no-service']),
      text: localised.optional(),
      justification: localised.optional(),
    }),
    technologies: z.array(technology).max(200),
  } satisfies Members<Purpose>)
  .meta({ id: 'Purpose' })

const policyText = z.strictObject({
  locale,
  mediaType: z.enum(['text/markdown', 'text/html', 'text/plain']),
  text: z.string().min(1).max(500_000),
})

/** A version without its policyId, which stands in the path. */
export const versionDraft = z
  .strictObject({
    version: versionName,
    kind: z.enum(policyKinds),
    scope: z.array(shortText).max(50),
    title: localised,
    effectiveFrom: instant.optional(),
    texts: z.array(policyText).min(1).max(40),
    purposes: z.array(purpose).max(100),
    evidenceRetention,
    level: z.enum(['major', 'minor']),
    changes: z.array(z.strictObject({ purposeId: id, level: z.enum(['major', 'minor']), reason: shortText })).max(100),
    ground: z.enum(['fault', 'law', 'technology', 'business']),
    summary: localised,
  } satisfies Members<Omit<VersionDraft, 'policyId'>>)
  .meta({ id: 'VersionDraft' })

export const presentationDraft = z
  .strictObject({
    presentationId: id,
    wording: localised,
    controls: z.array(z.strictObject({ purposeId: id, label: localised, initially: z.enum(['on', 'off']) })).max(100),
    refusal: z.strictObject({ label: localised, layer: z.int().min(1).max(10) }),
  } satisfies Members<Omit<Presentation, 'policyId' | 'publishedAt'>>)
  .meta({ id: 'PresentationDraft' })

export const retractionDraft = z
  .strictObject({ version: versionName, reason: shortText })
  .meta({ id: 'RetractionDraft', example: { version: '3', reason: 'the new partner withdrew' } })
