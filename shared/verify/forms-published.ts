/**
 * The forms of what is published, member by member, unknown members refused: what a leaf commits to is the whole record, so a
 * record with more in it could not have been the one.
 */
import * as z from 'zod'
import { regions } from '../consent/countries.ts'
import {
  type LogicInvolved,
  type RetentionException,
  retentionExceptionGrounds,
  type SecurityMeasure,
  type SourceTerms,
  securityMeasureKinds,
} from '../consent/disclosed-processing.ts'
import {
  type DataCategory,
  dataForms,
  legalBases,
  type PolicyText,
  type PolicyVersion,
  type Presentation,
  type Purpose,
  type PurposeChange,
  policyKinds,
  type Recipient,
  type Retraction,
  retentionCriteria,
  type Technology,
  technologyKinds,
} from '../consent/policy.ts'

/** In the ledger's one spelling, which compares as text. */
export const instant = z
  .string()
  .refine((text) => isInstant(text), 'not an instant in UTC with milliseconds, e.g. 2026-03-01T12:00:00.000Z')

function isInstant(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false
  const ms = Date.parse(text)
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text
}

/** Ids, names and wordings: bounded, so that a sentence that quotes one stays a sentence. */
export const name = z.string().min(1).max(200)
export const wording = z.string().max(10_000)
const localised = z.record(z.string().min(1).max(60), wording)
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'not a lower-case hex SHA-256')

/**
 * A form's members by name: one that lacks a member of `T`, optional ones too, does not compile. Without that a new optional field
 * would make every proof that has it fail.
 */
type Members<T> = Readonly<Record<keyof T, z.ZodType>>

const technology = z.strictObject({
  name: wording,
  kind: z.enum(technologyKinds),
  party: wording,
  domain: wording.optional(),
  lifetime: wording,
  exempt: z.strictObject({ ground: z.enum(['transmission', 'strictly-necessary']), reason: wording }).optional(),
} satisfies Members<Technology>)

const recipient = z.strictObject({
  party: wording,
  type: wording,
  role: z.enum(['processor', 'joint-controller', 'controller']),
  reliesOnConsent: z.boolean(),
  country: wording.optional(),
  region: z.enum(regions).optional(),
  transfer: wording.optional(),
  forms: z.array(z.enum(dataForms)).optional(),
} satisfies Members<Recipient>)

const dataCategory = z.strictObject({
  category: wording,
  form: z.enum(dataForms),
  special: z.boolean().optional(),
  sources: z.array(wording),
} satisfies Members<DataCategory>)

const purpose: z.ZodType<Purpose> = z.strictObject({
  purposeId: name,
  title: localised,
  description: localised,
  legalBasis: z.enum(legalBases),
  interest: localised.optional(),
  explicit: z.boolean().optional(),
  doubleOptIn: z.boolean().optional(),
  directMarketing: z.boolean().optional(),
  globalPrivacyControl: z.boolean().optional(),
  subjectCategories: z.array(wording),
  dataCategories: z.array(dataCategory),
  automatedDecision: z.boolean().optional(),
  profiling: z.boolean().optional(),
  logicInvolved: z
    .strictObject({
      logic: localised,
      significance: localised,
      consequences: localised,
    } satisfies Members<LogicInvolved>)
    .optional(),
  sourceTerms: z.array(z.strictObject({ source: wording, terms: localised } satisfies Members<SourceTerms>)).optional(),
  securityMeasures: z
    .array(z.strictObject({ kind: z.enum(securityMeasureKinds), text: localised } satisfies Members<SecurityMeasure>))
    .optional(),
  recipients: z.array(recipient),
  storageLocations: z.array(wording),
  retention: wording.optional(),
  until: z.strictObject({ criterion: z.enum(retentionCriteria), text: localised }).optional(),
  retentionExceptions: z
    .array(
      z.strictObject({
        ground: z.enum(retentionExceptionGrounds),
        text: localised,
      } satisfies Members<RetentionException>),
    )
    .optional(),
  evidenceRetention: wording.optional(),
  atEnd: z.enum(['erase', 'de-identify']),
  jurisdiction: wording,
  validity: wording.optional(),
  withdrawalMethod: localised,
  refusal: z.strictObject({
    consequence: z.enum(['none', 'limited', 'no-service']),
    text: localised.optional(),
    justification: localised.optional(),
  }),
  technologies: z.array(technology),
} satisfies Members<Purpose>)

export const policyText = {
  locale: name,
  mediaType: z.enum(['text/markdown', 'text/html', 'text/plain']),
  sha256: sha256Hex,
} satisfies Members<PolicyText>
const text: z.ZodType<PolicyText> = z.strictObject(policyText)

const level = z.enum(['major', 'minor'])

export const version: z.ZodType<PolicyVersion> = z.strictObject({
  policyId: name,
  kind: z.enum(policyKinds),
  version: name,
  scope: z.array(wording),
  title: localised,
  effectiveFrom: instant,
  publishedAt: instant,
  notBefore: instant,
  retroactive: z.boolean(),
  texts: z.array(text),
  purposes: z.array(purpose),
  evidenceRetention: wording.optional(),
  level,
  comparedWith: name.optional(),
  changes: z.array(z.strictObject({ purposeId: name, level, reason: wording } satisfies Members<PurposeChange>)),
  ground: z.enum(['fault', 'law', 'technology', 'business']),
  summary: localised,
} satisfies Members<PolicyVersion>)

export const retraction: z.ZodType<Retraction> = z.strictObject({
  version: name,
  retractedAt: instant,
  reason: wording,
} satisfies Members<Retraction>)

export const presentation: z.ZodType<Presentation> = z.strictObject({
  presentationId: name,
  policyId: name,
  publishedAt: instant,
  wording: localised,
  controls: z.array(z.strictObject({ purposeId: name, label: localised, initially: z.enum(['on', 'off']) })),
  refusal: z.strictObject({ label: localised, layer: z.int() }),
} satisfies Members<Presentation>)
