/** OpenAPI descriptions and answer schemas of the c15t routes. Tests validate every answer against them. */
import * as z from 'zod'
import { id } from '../../shared/api/schemas/scalars.ts'
import { unreadable } from '../../shared/api/schemas/unreadable.ts'
import {
  checkQuery,
  consentType,
  identification,
  release,
  subjectId,
  subjectQuery,
  subjectsQuery,
  submission,
} from './schemas.ts'

const time = z.string().meta({ format: 'date-time' })
const preferences = z.record(z.string(), z.boolean())
const words = z.strictObject({ title: z.string(), description: z.string() })
const nowhere = z.strictObject({ countryCode: z.null(), regionCode: z.null() })

export const refusal = z
  .strictObject({
    code: z.string().describe('Stable; programs should use it.'),
    message: z.string(),
    status: z.int(),
    defined: z.literal(true),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'C15tRefusal' })

const surface = z.strictObject({
  allowedActions: z.array(z.string()),
  primaryActions: z.array(z.string()),
  layout: z.array(z.array(z.string())),
  direction: z.string(),
  uiProfile: z.string(),
})

const init = z
  .strictObject({
    jurisdiction: z.string(),
    location: nowhere,
    translations: z.strictObject({
      language: z.string(),
      translations: z.strictObject({
        common: z.record(z.string(), z.string()),
        cookieBanner: words,
        consentManagerDialog: words,
        consentTypes: z.record(z.string(), words),
        frame: z.record(z.string(), z.string()),
        legalLinks: z.record(z.string(), z.string()),
      }),
    }),
    branding: z.literal('none'),
    policy: z.strictObject({
      id: z.string(),
      model: z.literal('opt-in'),
      consent: z.strictObject({
        scopeMode: z.literal('strict'),
        categories: z.array(z.string()),
        // An empty tuple would be written as `items: []`, which is no JSON Schema.
        preselectedCategories: z.array(z.never()).max(0),
        gpc: z.literal(true),
      }),
      ui: z.strictObject({ mode: z.enum(['banner', 'none']), banner: surface, dialog: surface }),
      proof: z.strictObject({ storeIp: z.boolean(), storeUserAgent: z.boolean(), storeLanguage: z.boolean() }),
    }),
    policyDecision: z.strictObject({
      policyId: z.string(),
      fingerprint: z.string(),
      matchedBy: z.literal('default'),
      country: z.null(),
      region: z.null(),
      jurisdiction: z.string(),
    }),
    policySnapshotToken: z.string().optional().describe('A notice token: the client sends it back with the decision.'),
  })
  .meta({ id: 'C15tInit' })

const status = z.strictObject({
  version: z.string(),
  timestamp: time,
  client: z.strictObject({ ip: z.null(), acceptLanguage: z.null(), userAgent: z.null(), region: nowhere }),
})

const recorded = z
  .strictObject({
    subjectId,
    consentId: z
      .string()
      .describe('The receiptId: GET /v1/me/receipts returns the receipt with `Authorization: Device <subjectId>`.'),
    domainId: id,
    domain: z.string(),
    type: consentType,
    appliedPreferences: preferences
      .optional()
      .describe('The choices that took effect, which may be fewer than were made.'),
    uiSource: z.string().optional(),
    givenAt: time,
  })
  .meta({ id: 'C15tRecorded' })

const consents = z.array(
  z.strictObject({
    id: z.string(),
    type: z.string(),
    policyId: id,
    policyVersion: z.string().optional(),
    policyHash: z.string().optional(),
    policyEffectiveDate: time.optional(),
    isLatestPolicy: z.boolean(),
    preferences: preferences.optional(),
    givenAt: time,
  }),
)

const subject = z.strictObject({
  subject: z.strictObject({ id: subjectId, createdAt: time }),
  consents,
  isValid: z.boolean().describe('Whether consent is in effect now, for each type asked about.'),
  unreadable,
})
const subjects = z.strictObject({
  subjects: z.array(z.strictObject({ id: z.string(), externalId: z.string(), createdAt: time, consents })),
  unreadable,
})
const identified = z.strictObject({
  success: z.boolean(),
  subject: z.strictObject({ id: subjectId, externalId: z.string().optional() }),
  reason: z.string(),
})
const standing = z.strictObject({
  hasConsent: z.boolean(),
  isLatestPolicy: z.boolean(),
  preferences: preferences.optional(),
})
const released = z.strictObject({
  policy: z.strictObject({
    id: z.string(),
    type: z.string(),
    version: z.string(),
    hash: z.string(),
    effectiveDate: time,
    isActive: z.boolean(),
  }),
})

export const c15tDescriptions = {
  c15tInit: { summary: 'c15t: what to ask, in which words, and a token of what was served', answers: { '200': init } },
  c15tStatus: { summary: 'c15t: whether the ledger answers', answers: { '200': status } },
  c15tSubject: {
    summary: 'c15t: the records about a subject, and whether consent is in effect',
    query: subjectQuery,
    answers: { '200': subject },
  },
  c15tRecord: { summary: 'c15t: record what a person decided', body: submission, answers: { '200': recorded } },
  c15tIdentify: {
    summary: 'c15t: link a subject with the account whose token came too',
    body: identification,
    answers: { '200': identified },
  },
  c15tSubjects: {
    summary: 'c15t: the records about an account; recorded as an audit read',
    query: subjectsQuery,
    answers: { '200': subjects },
  },
  c15tCheck: {
    summary: 'c15t: whether an account’s consent is in effect now; recorded as an audit read',
    query: checkQuery,
    answers: { '200': z.strictObject({ results: z.record(z.string(), standing), unreadable }) },
  },
  c15tRelease: {
    summary: 'c15t: whether a release of a document is in force here; publishing it is a separate call',
    body: release,
    answers: { '200': released },
  },
}

export const c15tParameters = { siteKey: z.string(), subjectId, type: consentType }
