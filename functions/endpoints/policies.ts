/**
 * Lambda handler: everything that is read without being an audit: notices, the subject's own state, policies and texts, the
 * OpenAPI document, the console, preflights. It writes nothing.
 */

import { diffQuery, noticeQuery, ownConsentsQuery, policyQuery } from '../../shared/api/schemas/questions.ts'
import { sha256Hex } from '../../shared/api/schemas/scalars.ts'
import { differenceHtml, purposeDifference } from '../../shared/consent/difference.ts'
import { findVersion, inForce, type PolicyHistory, type PolicyVersion } from '../../shared/consent/policy.ts'
import { LedgerError } from '../../shared/errors.ts'
import { allTopics, askStatuses } from '../../shared/ledger/answers-for-subject.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controller-snapshots.ts'
import { type Ledger, timestamp } from '../../shared/ledger/ledger.ts'
import { issueNoticeToken, noticeLifetimeMs, subjectBinding } from '../../shared/ledger/notice-token.ts'
import { readPublishedText } from '../../shared/ledger/published-texts.ts'
import { c15tReads } from '../c15t/reads.ts'
import { administered, optionalSubjectOf, publicSnapshot, siteOf, subjectOf } from '../http/access.ts'
import type { Endpoints } from '../http/app.ts'
import { type Call, header, ok, parseQuery, parseWith, pathParameter, refuseFuture } from '../http/call.ts'
import { preflightAnswer } from '../http/cors.ts'
import { textIn, textsIn } from '../http/language.ts'
import { methodsOf } from '../routes.ts'
import { consoleAnswer } from './console-answer.ts'
import { differenceCache } from './difference-cache.ts'
import { checkHealth } from './health.ts'
import { answerInLanguage } from './sentence-language.ts'

const immutable = { 'cache-control': 'public, max-age=31536000, immutable' }
/** As long as an instance keeps what it knows of policies. */
const shortly = { 'cache-control': 'public, max-age=30' }

export function readEndpoints({ objects }: Pick<Ledger, 'objects'>): Endpoints<'read'> {
  const differences = differenceCache((sha256) => textOf(objects, sha256))
  return {
    async getNotice(call) {
      const { snapshot, site } = await siteOf(call)
      const { locale } = parseQuery(call, noticeQuery)
      const { ledger } = call.instance
      const subject = await optionalSubjectOf(call, snapshot)
      const { controller } = snapshot.controller
      const history = await historyIn(call, snapshot)
      const version = inForce(history, timestamp(ledger.clock))
      if (version === undefined) throw new LedgerError('not-found', 'no version of this policy is in force yet')
      const text = textIn(version, [locale, header(call, 'accept-language')].filter(Boolean).join(','))
      const issuedAtMs = ledger.clock()
      const noticeToken = issueNoticeToken(snapshot.secrets.noticeKey, {
        controller,
        site: site.site,
        policyId: version.policyId,
        version: version.version,
        locale: text.locale,
        textSha256: text.sha256,
        issuedAtMs,
        subject: subject && subjectBinding(controller, subject.identity),
      })
      return ok({
        controller: publicController(snapshot),
        ...version,
        text: { ...text, text: await textOf(objects, text.sha256) },
        presentations: history.presentations,
        noticeToken,
        noticeTokenExpiresAt: new Date(issuedAtMs + noticeLifetimeMs).toISOString(),
      })
    },

    async getOwnConsents(call) {
      const { snapshot } = await siteOf(call)
      const { identity } = await subjectOf(call, snapshot)
      const now = timestamp(call.instance.ledger.clock)
      const { at = now, knownAt = now } = parseQuery(call, ownConsentsQuery)
      refuseFuture(knownAt, now)
      const statuses = await askStatuses(call.instance.ledger, snapshot, identity, allTopics(snapshot), {
        at,
        knownAt,
        askedAt: now,
      })
      return answerInLanguage(call, { at, knownAt, ...statuses })
    },

    async listSites(call) {
      const { controller } = await administered(call)
      const snapshot = await call.instance.ledger.controllers.current(controller)
      const sites = [...(snapshot?.sites.values() ?? [])].sort((a, b) => (a.site < b.site ? -1 : 1))
      return ok({ sites })
    },

    async listPolicies(call) {
      const snapshot = await publicSnapshot(call)
      const now = timestamp(call.instance.ledger.clock)
      const policies = [...snapshot.policies.values()].map((history) => summary(history, now))
      return ok({ controller: publicController(snapshot), policies }, shortly)
    },

    async getPolicy(call) {
      const snapshot = await publicSnapshot(call)
      const { at = timestamp(call.instance.ledger.clock) } = parseQuery(call, policyQuery)
      const version = inForce(await historyIn(call, snapshot), at)
      if (version === undefined)
        throw new LedgerError('not-found', 'no version was in force at that instant', { given: at })
      return ok({ at, ...version }, shortly)
    },

    async listVersions(call) {
      const history = await historyIn(call, await publicSnapshot(call))
      return ok(
        { ...history, versions: history.versions.toSorted((a, b) => (a.notBefore < b.notBefore ? -1 : 1)) },
        shortly,
      )
    },

    async getVersion(call) {
      const name = pathParameter(call, 'version')
      const history = await historyIn(call, await publicSnapshot(call), name)
      const version = versionOf(history, name)
      const retraction = history.retractions.find((r) => r.version === version.version)
      return ok({ ...version, ...(retraction && { retraction }) }, shortly)
    },

    async diffVersions(call) {
      const snapshot = await publicSnapshot(call)
      const { from, to, locale, by, format } = parseQuery(call, diffQuery)
      const history = await historyIn(call, snapshot, from, to)
      const before = versionOf(history, from)
      const after = versionOf(history, to)
      const [old, now] = textsIn(before, after, locale)
      const difference = await differences.between(old.sha256, now.sha256, by)
      if (format === 'html')
        return ok(differenceHtml(difference), { 'content-type': 'text/html; charset=utf-8', ...shortly })
      return ok(
        {
          policyId: history.policyId,
          from: { version: from, ...old },
          to: { version: to, ...now },
          level: after.level,
          changes: after.changes,
          purposes: purposeDifference(before, after),
          text: difference,
        },
        shortly,
      )
    },

    async getText(call) {
      const sha256 = parseWith(sha256Hex, pathParameter(call, 'sha256'))
      return ok(await textOf(objects, sha256), {
        'content-type': 'text/plain; charset=utf-8',
        etag: `"${sha256}"`,
        ...immutable,
      })
    },

    async getOpenApi() {
      const { openApiDocument } = await import('../http/openapi.ts')
      return ok(openApiDocument(), shortly)
    },

    async getHealth(call) {
      await checkHealth(call.instance.ledger)
      return ok({ status: 'ok' })
    },

    async getConsoleFile(call) {
      return consoleAnswer(call)
    },

    ...c15tReads,

    async preflight(call) {
      return preflightAnswer(call.event)
    },

    async fallback(call) {
      const { method } = call.event.requestContext.http
      const given = `${method} ${call.event.rawPath}`
      const allowed = methodsOf(call.event.rawPath)
      if (allowed.length === 0) {
        // The answer to the request itself shows a page that its address is mistyped.
        if (method === 'OPTIONS') return preflightAnswer(call.event)
        throw new LedgerError('not-found', 'no such route; GET /openapi.json lists them', { given })
      }
      if (!allowed.includes('OPTIONS')) call.allowedOrigin = undefined
      throw new LedgerError('method-not-allowed', 'this path does not answer the method', { given, allowed })
    },
  }
}

/** The policy in the path. Absence is never cached: a policy or a version that the snapshot at hand lacks is looked up once more. */
async function historyIn(
  call: Call,
  snapshot: ControllerSnapshot,
  ...versions: readonly string[]
): Promise<PolicyHistory> {
  const policyId = pathParameter(call, 'policyId')
  const known = snapshot.policies.get(policyId)
  const isThere = known !== undefined && versions.every((name) => findVersion(known, name) !== undefined)
  const fresh = isThere ? snapshot : await call.instance.ledger.controllers.current(snapshot.controller.controller)
  const history = fresh?.policies.get(policyId)
  if (history === undefined)
    throw new LedgerError('not-found', 'the controller has no such policy', { given: policyId })
  return history
}

function versionOf(history: PolicyHistory, name: string): PolicyVersion {
  const version = findVersion(history, name)
  if (version === undefined) throw new LedgerError('not-found', 'the policy has no such version', { given: name })
  return version
}

async function textOf(objects: Ledger['objects'], sha256: string): Promise<string> {
  const text = await readPublishedText(objects, sha256)
  if (text === undefined) throw new LedgerError('not-found', 'no text has this hash', { given: sha256 })
  return text
}

function summary(history: PolicyHistory, now: string): object {
  const { policyId, versions } = history
  const current = inForce(history, now)
  return { policyId, kind: versions[0]?.kind, title: (current ?? versions[0])?.title, inForce: current?.version }
}

/** What everyone may know of a controller: not how it authenticates its people. */
function publicController({ controller }: ControllerSnapshot): object {
  const { identityProvider: _provider, ipAddress: _mode, createdAt: _createdAt, ...known } = controller
  return known
}
