/**
 * Maps a c15t client's names to the controller's: categories to purposes, document types to policies. A site may state the mapping;
 * otherwise a category is the purpose of the same id, and terms and privacy policy are found by their kind.
 */

import {
  compareText,
  inForce,
  type PolicyHistory,
  type PolicyKind,
  type PolicyVersion,
} from '../../shared/consent/policy.ts'
import { versionsFor } from '../../shared/consent/policy-versions.ts'
import type { ClientNames } from '../../shared/consent/site.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'

export interface CategoryNames {
  /** The policy that the banner is about. */
  readonly policy: PolicyHistory
  /** purposeId by category; only purposes that rest on consent, because a category is a question. */
  readonly purposes: ReadonlyMap<string, string>
  /** The policy that a type of document is. */
  documentOf(type: string): PolicyHistory | undefined
  /** The type of document that a policy is. */
  typeOf(policyId: string): string | undefined
}

/** The category that is always on. It is never recorded as a decision. */
export const necessary = 'necessary'

const documentKinds: Readonly<Record<string, PolicyKind>> = { terms_and_conditions: 'terms', privacy_policy: 'privacy' }
/** Types of documents may have a suffix: `privacy_policy_app`. */
const documentTypes = ['terms_and_conditions', 'privacy_policy', 'dpa'] as const

/** `undefined` if the controller has published no policy. */
export function categoryNames(
  snapshot: ControllerSnapshot,
  given: ClientNames | undefined,
  at: string,
): CategoryNames | undefined {
  const histories = [...snapshot.policies.values()].sort((a, b) => compareText(a.policyId, b.policyId))
  const ofKind = (kind: PolicyKind) => {
    const all = histories.filter((history) => history.versions[0]?.kind === kind)
    return all.find((history) => inForce(history, at)) ?? all[0]
  }
  const policy = snapshot.policies.get(given?.policyId ?? '') ?? ofKind('cookie') ?? histories[0]
  if (policy === undefined) return undefined
  const declared = policy.versions.flatMap(({ purposes }) =>
    purposes.map(({ purposeId }) => [purposeId, purposeId] as const),
  )
  const named = given?.purposes === undefined ? declared : Object.entries(given.purposes)
  const asked = named.filter(([category, purposeId]) => category !== necessary && restsOnConsent(snapshot, purposeId))
  const documents = new Map(Object.entries(given?.documents ?? {}))
  const documentOf = (type: string) => {
    const plain = documentTypes.find((each) => type.startsWith(`${each}_`)) ?? type
    const named = documents.get(type) ?? documents.get(plain)
    const kind = documentKinds[plain]
    return named === undefined ? kind && ofKind(kind) : snapshot.policies.get(named)
  }
  return {
    policy,
    purposes: new Map(asked),
    documentOf,
    typeOf: (policyId) =>
      [...documents.keys(), ...documentTypes].find((type) => documentOf(type)?.policyId === policyId),
  }
}

function restsOnConsent(snapshot: ControllerSnapshot, purposeId: string): boolean {
  return snapshot.purposes.get(purposeId)?.purpose.legalBasis === 'consent'
}

/** A category that can be asked now: the version in force of its purpose's policy declares the purpose, resting on consent. */
export interface AskedCategory {
  readonly category: string
  readonly purpose: PolicyVersion['purposes'][number]
  readonly policyId: string
  /** Name of the oldest version under which a consent still stands. */
  readonly since: string
}

export function askedCategories(snapshot: ControllerSnapshot, names: CategoryNames, at: string): AskedCategory[] {
  return [...names.purposes].flatMap(([category, purposeId]) => {
    const history = snapshot.policies.get(snapshot.purposes.get(purposeId)?.policyId ?? '')
    if (history === undefined) return []
    const versions = versionsFor(history, purposeId)
    const current = versions.inForceAt(at)
    const purpose = versions.purposeIn(current)
    if (current === undefined || purpose?.legalBasis !== 'consent') return []
    const stands = (v: PolicyVersion) =>
      v.notBefore <= at && versions.purposeIn(v) !== undefined && versions.standing(v, current) === 'stands'
    const since = versions.inOrder.find(stands) ?? current
    return [{ category, purpose, policyId: history.policyId, since: since.version }]
  })
}
