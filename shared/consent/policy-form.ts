/** The forms of published records: the members on which the fold and every answer rely. */
import type { Site, SiteOrigins } from './controller.ts'
import { instant, list, members, object, oneOf, optional, text, truth, whole } from './form.ts'
import { legalBases, type PolicyVersion, type Presentation, policyKinds, type Retraction } from './policy.ts'

const level = oneOf(['major', 'minor'])
const localised = members(text)

const purpose = object({
  purposeId: text,
  title: localised,
  description: localised,
  legalBasis: oneOf(legalBases),
  subjectCategories: list(text),
  dataCategories: list(object({ category: text, sources: list(text) })),
  logicInvolved: optional(object({ logic: localised, significance: localised, consequences: localised })),
  sourceTerms: optional(list(object({ source: text, terms: localised }))),
  securityMeasures: optional(list(object({ kind: text, text: localised }))),
  retentionExceptions: optional(list(object({ ground: text, text: localised }))),
  recipients: list(
    object({ party: text, country: optional(text), region: optional(text), forms: optional(list(text)) }),
  ),
  storageLocations: list(text),
  validity: optional(text),
  withdrawalMethod: localised,
  refusal: object({ consequence: text }),
  technologies: list(object({ name: text })),
})

const version = object({
  policyId: text,
  kind: oneOf(policyKinds),
  version: text,
  scope: list(text),
  title: localised,
  effectiveFrom: instant,
  publishedAt: instant,
  notBefore: instant,
  retroactive: truth,
  texts: list(object({ locale: text, mediaType: text, sha256: text })),
  purposes: list(purpose),
  level,
  comparedWith: optional(text),
  changes: list(object({ purposeId: text, level, reason: text })),
  summary: localised,
})

const retraction = object({ version: text, retractedAt: instant, reason: text })

const presentation = object({
  presentationId: text,
  policyId: text,
  publishedAt: instant,
  wording: localised,
  controls: list(object({ purposeId: text, label: localised, initially: oneOf(['on', 'off']) })),
  refusal: object({ label: localised, layer: whole }),
})

const site = object({
  site: text,
  name: text,
  origins: list(text),
  key: text,
  c15t: optional(
    object({ policyId: optional(text), purposes: optional(members(text)), documents: optional(members(text)) }),
  ),
})

const siteOrigins = object({ site: text, change: whole, origins: list(text), changedAt: instant })

export const isPolicyVersion = (value: unknown): value is PolicyVersion => version(value)
export const isRetraction = (value: unknown): value is Retraction => retraction(value)
export const isPresentation = (value: unknown): value is Presentation => presentation(value)
export const isSite = (value: unknown): value is Site => site(value)
export const isSiteOrigins = (value: unknown): value is SiteOrigins => siteOrigins(value)
