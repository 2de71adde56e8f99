/** Builds the OpenAPI 3.1 document from the route table, the schemas that validate requests, and those that tests validate answers with. */
import * as z from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import * as answers from '../../shared/api/schemas/answers.ts'
import { controllerDraft, identityProviderDraft, keyChangeDraft } from '../../shared/api/schemas/controllers.ts'
import { eventOrBatch, ownEventOrBatch } from '../../shared/api/schemas/events.ts'
import { exportId } from '../../shared/api/schemas/export-about.ts'
import { grantId } from '../../shared/api/schemas/grants.ts'
import { holdId } from '../../shared/api/schemas/holds.ts'
import { mandateId } from '../../shared/api/schemas/mandates.ts'
import { presentationDraft, retractionDraft, versionDraft } from '../../shared/api/schemas/policies.ts'
import { publishedVersion } from '../../shared/api/schemas/published-version.ts'
import {
  diffQuery,
  noticeQuery,
  ownConsentsQuery,
  ownReceiptsQuery,
  policyQuery,
  recordQuery,
} from '../../shared/api/schemas/queries.ts'
import { consentRecord, kantaraReceipt } from '../../shared/api/schemas/record-27560.ts'
import { id, versionName } from '../../shared/api/schemas/scalars.ts'
import { originsDraft, siteDraft } from '../../shared/api/schemas/sites.ts'
import { sha256Hex } from '../../shared/api/schemas/texts.ts'
import { protocolDescriptions, protocolParameters, refusalSchemas } from '../protocol-schemas.ts'
import { protocolOf } from '../protocols.ts'
import { type RouteId, routes } from '../served-routes.ts'
import { auditDescriptions } from './audit-descriptions.ts'
import { checkDescriptions } from './check-descriptions.ts'
import { endpointDescriptions } from './endpoint-descriptions.ts'
import { erasureDescriptions } from './erasure-descriptions.ts'
import { exportDescriptions } from './export-descriptions.ts'
import { grantDescriptions } from './grant-descriptions.ts'
import { importDescriptions } from './import-descriptions.ts'
import { letterDescriptions } from './letter-descriptions.ts'
import { linkDescriptions } from './link-descriptions.ts'
import { logDescriptions } from './log-descriptions.ts'
import { mandateDescriptions } from './mandate-descriptions.ts'
import { security, securitySchemes } from './openapi-credentials.ts'
import { tagOf, tags } from './openapi-tags.ts'
import { ownDescriptions } from './own-descriptions.ts'
import { pageDescriptions } from './page-descriptions.ts'
import { isPagePath } from './page-refusals.ts'
import { publicPageDescriptions } from './public-page-descriptions.ts'
import { webhooks } from './webhook-descriptions.ts'

interface Described {
  readonly summary: string
  readonly body?: z.ZodType
  /** Media types of a body that is a form; otherwise it is JSON. */
  readonly bodyAs?: readonly string[]
  readonly query?: z.ZodObject
  readonly answers: Readonly<Record<string, z.ZodType>>
  /** Headers of the good answers that a caller acts on. */
  readonly headers?: z.ZodObject
  /** Media type of the answers; JSON unless said otherwise. */
  readonly mediaType?: string
  /** Further media types that the answer may have, by `format`, `Accept` or the requested file: text, or JSON of any form. */
  readonly orAs?: readonly string[]
}

const created = (schema: z.ZodType) => ({ '201': schema, '200': schema })

/** The answers to one event are alike: 201 when it was recorded now, 200 when it had been before. */
function recording(body: z.ZodType): Omit<Described, 'summary'> {
  const one = z.union([answers.receipt, answers.acknowledgement])
  return {
    ...{ body, query: recordQuery },
    answers: { '201': one, '200': z.union([answers.receipt, answers.acknowledgement, answers.outcomes]) },
  }
}

/** The description of every route; a route without one does not compile. */
export const descriptions: Readonly<Record<RouteId, Described>> = {
  recordEvents: {
    summary: 'Record what people decided: one event, or up to 25 of them',
    ...recording(eventOrBatch),
  },
  recordOwnEvents: {
    summary: 'Record what the caller decided',
    ...recording(ownEventOrBatch),
  },
  getNotice: {
    summary: 'The text in force, and a signed token of what was served',
    query: noticeQuery.omit({ key: true }),
    answers: { '200': answers.notice },
  },
  getOwnConsents: {
    summary: 'The caller’s status for every purpose and policy',
    query: ownConsentsQuery.omit({ key: true }),
    answers: { '200': answers.ownConsents },
  },
  getOwnReceipts: {
    summary: 'The caller’s receipts, newest record first, with their tlog-proofs once the log has them',
    query: ownReceiptsQuery.omit({ key: true }),
    answers: { '200': z.union([answers.ownReceipts, consentRecord, kantaraReceipt]) },
    orAs: ['text/plain', 'application/ld+json'],
  },
  listPolicies: { summary: 'The policies of a controller', answers: { '200': answers.policies } },
  getPolicy: {
    summary: 'The version in force, now or at an instant',
    query: policyQuery,
    answers: { '200': answers.versionAt },
  },
  listVersions: { summary: 'Everything published under a policy', answers: { '200': answers.history } },
  getVersion: { summary: 'One version', answers: { '200': answers.oneVersion } },
  diffVersions: {
    summary: 'What changed between two versions',
    query: diffQuery,
    answers: { '200': answers.difference },
    orAs: ['text/html'],
  },
  getText: { summary: 'A text by its hash', answers: { '200': z.string() }, mediaType: 'text/plain' },
  getOpenApi: { summary: 'This document', answers: { '200': z.looseObject({ openapi: z.literal('3.1.0') }) } },
  getHealth: {
    summary: 'For load balancers: 200 when the database answers, otherwise 503',
    answers: { '200': z.strictObject({ status: z.literal('ok') }) },
  },
  ...publicPageDescriptions,
  ...auditDescriptions,
  createController: { summary: 'Create a controller', body: controllerDraft, answers: created(answers.controller) },
  changeIdentityProvider: {
    summary:
      'Replace or remove the identity provider of a controller: tokens of the one before are refused, at the latest after 30 s',
    body: identityProviderDraft,
    answers: created(answers.identityProviderChange),
  },
  changeKeys: {
    summary:
      'Replace the notice key or the pepper of a controller: the new ones are in use everywhere a minute later, and no row, event or proof changes. Or tell its log that the checkpoint or receipt key was replaced',
    body: keyChangeDraft,
    answers: created(answers.keyChange),
  },
  createSite: { summary: 'Create a site and its key', body: siteDraft, answers: created(answers.site) },
  listSites: {
    summary: 'The sites of a controller, with their current origins, and revoked ones with the instant',
    answers: { '200': answers.sites },
  },
  changeOrigins: {
    summary: 'Replace the list of origins that may call for a site',
    body: originsDraft,
    answers: created(answers.siteOrigins),
  },
  revokeSite: {
    summary: 'Revoke a site for ever: its key is refused, at the latest after 30 s; what it recorded stays',
    answers: created(answers.siteRevocation),
  },
  publishVersion: { summary: 'Publish a version of a policy', body: versionDraft, answers: created(publishedVersion) },
  publishPresentation: {
    summary: 'Publish a first layer: its wording, its controls and the way to refuse',
    body: presentationDraft,
    answers: created(answers.presentation),
  },
  retractVersion: {
    summary: 'Retract a scheduled version, until 60 s before its date',
    body: retractionDraft,
    answers: created(answers.retraction),
  },
  ...pageDescriptions,
  ...logDescriptions,
  ...grantDescriptions,
  ...checkDescriptions,
  ...endpointDescriptions,
  ...importDescriptions,
  ...mandateDescriptions,
  ...ownDescriptions,
  ...erasureDescriptions,
  ...exportDescriptions,
  ...letterDescriptions,
  ...linkDescriptions,
  ...protocolDescriptions,
}

const pathParameters: Readonly<Record<string, z.ZodType>> = {
  controller: id,
  deliveryId: z.string().max(120),
  endpoint: id,
  exportId,
  grantId,
  holdId,
  mandateId,
  policyId: id,
  site: id,
  version: versionName,
  sha256: sha256Hex,
  tile: z.string(),
  ...protocolParameters,
}

let document: ReturnType<typeof createDocument> | undefined

export function openApiDocument(): ReturnType<typeof createDocument> {
  document ??= createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Consent ledger',
      version: '0.1.0',
      description:
        'Records consent events, and answers what a person’s status was at any instant. Errors are RFC 9457 problem documents.',
    },
    tags,
    paths: paths(),
    webhooks,
    components: {
      securitySchemes,
    },
  })
  return document
}

const isJson = (mediaType: string) => /[/+]json$/.test(mediaType)

/** OpenAPI has no parameters that match several segments of a path, such as `{tile+}`. */
const templateOf = (path: string): string => path.replace('+}', '}')

function paths(): ZodOpenApiPathsObject {
  const all: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const route of routes) {
    const path = templateOf(route.path)
    all[path] = { ...all[path], [route.method.toLowerCase()]: operation(route, path) }
  }
  return all
}

function operation(route: (typeof routes)[number], path: string): ZodOpenApiOperationObject {
  const { id: routeId, access } = route
  const {
    summary,
    body,
    bodyAs,
    query,
    answers: good,
    headers,
    mediaType = 'application/json',
    orAs = [],
  } = descriptions[routeId]
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const parameters = z.object(Object.fromEntries(names.map((name) => [name, pathParameters[name] ?? z.string()])))
  const protocol = protocolOf(path)
  const refusal = protocol && refusalSchemas.get(protocol)
  const problems = refusal
    ? {
        description: 'A refusal; a problem, where the request did not get as far as the protocol',
        content: { 'application/json': { schema: refusal }, 'application/problem+json': { schema: answers.problem } },
      }
    : {
        description: isPagePath(path) ? 'A problem, or a page that says so' : 'A problem',
        content: {
          'application/problem+json': { schema: answers.problem },
          ...(isPagePath(path) && { 'text/html': { schema: z.string() } }),
        },
      }
  return {
    operationId: routeId,
    tags: [protocol ? 'c15t' : tagOf[access]],
    summary,
    // A key in the path is a parameter: OpenAPI has no credentials there.
    security: access === 'site' && names.includes('siteKey') ? [] : security[access],
    requestParams: { ...(names.length > 0 && { path: parameters }), ...(query && { query }) },
    ...(body && {
      requestBody: {
        required: true,
        description: `At most ${route.maxBodyBytes} bytes.`,
        content: bodyAs
          ? Object.fromEntries(bodyAs.map((form) => [form, { schema: body }]))
          : {
              'application/json': { schema: body },
              ...((access === 'site' || access === 'subject') && !protocol && { 'text/plain': { schema: body } }),
            },
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(good).map(([status, schema]) => [
          status,
          {
            description: summary,
            ...(headers && { headers }),
            content: {
              [mediaType]: { schema },
              ...Object.fromEntries(
                orAs.map((other) => [other, { schema: isJson(other) ? z.looseObject({}) : z.string() }]),
              ),
            },
          },
        ]),
      ),
      '4XX': problems,
      '5XX': problems,
    },
  }
}
