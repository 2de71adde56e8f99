/** Published policies, their versions, differences and texts, which anyone may read; and the sites of a controller. */
import { diffQuery, policyQuery } from '../../shared/api/schemas/queries.ts'
import { sha256Hex } from '../../shared/api/schemas/texts.ts'
import { publicController as publicRecord } from '../../shared/consent/controller.ts'
import { differenceHtml, purposeDifference } from '../../shared/consent/difference.ts'
import { findVersion, inForce, type PolicyHistory, type PolicyVersion } from '../../shared/consent/policy.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { readPublishedText } from '../../shared/ledger/controllers/published-texts.ts'
import { type Ledger, timestamp } from '../../shared/ledger/ledger.ts'
import { administered, publicSnapshot } from '../http/access.ts'
import { type Call, type Endpoint, ok, parseQuery, parseWith, pathParameter } from '../http/call.ts'
import { textsIn } from '../http/language.ts'
import { differenceCache } from './difference-cache.ts'

const immutable = { 'cache-control': 'public, max-age=31536000, immutable' }
/** As long as an instance caches policies. */
export const cachedBriefly = { 'cache-control': 'public, max-age=30' }

/** @param stored holds the texts. Differences between them are cached for as long as the endpoints live. */
export function policyEndpoints(stored: StoredTexts) {
  const differences = differenceCache((sha256) => textOf(stored, sha256))
  return {
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
      return ok({ controller: publicController(snapshot), policies }, cachedBriefly)
    },

    async getPolicy(call) {
      const snapshot = await publicSnapshot(call)
      const { at = timestamp(call.instance.ledger.clock) } = parseQuery(call, policyQuery)
      const version = inForce(await policyHistoryIn(call, snapshot), at)
      if (version === undefined)
        throw new LedgerError('not-found', 'no version was in force at that instant', { given: at })
      return ok({ at, ...version }, cachedBriefly)
    },

    async listVersions(call) {
      const history = await policyHistoryIn(call, await publicSnapshot(call))
      return ok(
        { ...history, versions: history.versions.toSorted((a, b) => (a.notBefore < b.notBefore ? -1 : 1)) },
        cachedBriefly,
      )
    },

    async getVersion(call) {
      const name = pathParameter(call, 'version')
      const history = await policyHistoryIn(call, await publicSnapshot(call), name)
      const version = versionOf(history, name)
      const retraction = history.retractions.find((r) => r.version === version.version)
      return ok({ ...version, ...(retraction && { retraction }) }, cachedBriefly)
    },

    async diffVersions(call) {
      const snapshot = await publicSnapshot(call)
      const { from, to, locale, by, format } = parseQuery(call, diffQuery)
      const history = await policyHistoryIn(call, snapshot, from, to)
      const before = versionOf(history, from)
      const after = versionOf(history, to)
      const [old, now] = textsIn(before, after, locale)
      const difference = await differences.between(old.sha256, now.sha256, by)
      if (format === 'html')
        return ok(differenceHtml(difference), { 'content-type': 'text/html; charset=utf-8', ...cachedBriefly })
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
        cachedBriefly,
      )
    },

    async getText(call) {
      const sha256 = parseWith(sha256Hex, pathParameter(call, 'sha256'))
      return ok(await textOf(stored, sha256), {
        'content-type': 'text/plain; charset=utf-8',
        etag: `"${sha256}"`,
        ...immutable,
      })
    },
  } satisfies Record<string, Endpoint>
}

/** The policy in the path. When the cached snapshot lacks the policy or one of `versions`, it is read again: absence is never cached. */
export async function policyHistoryIn(
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

export type StoredTexts = Pick<Ledger, 'objects' | 'cached'>

export async function textOf(stored: StoredTexts, sha256: string): Promise<string> {
  const text = await readPublishedText(stored, sha256)
  if (text === undefined) throw new LedgerError('not-found', 'no text has this hash', { given: sha256 })
  return text
}

function summary(history: PolicyHistory, now: string): object {
  const { policyId, versions } = history
  const current = inForce(history, now)
  return { policyId, kind: versions[0]?.kind, title: (current ?? versions[0])?.title, inForce: current?.version }
}

const publicMembers: readonly string[] = Object.keys(publicRecord.members)

/** The public part of a controller. A member that its record does not call public, such as how people are authenticated, is left out. */
export function publicController({ controller }: Pick<ControllerSnapshot, 'controller'>): object {
  return Object.fromEntries(Object.entries(controller).filter(([name]) => publicMembers.includes(name)))
}
