/** The things that one can ask about: the controller's policies with all their versions, and the purposes that any version declares. */
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import type { Policies, PolicyHistory, PolicyVersion } from '../../../shared/server/wire.ts'

export type Purpose = PolicyVersion['purposes'][number]

export interface Topics {
  readonly controller: Policies['controller']
  /** Versions of each in the order of their dates. */
  readonly policies: readonly PolicyHistory[]
}

export async function fetchTopics(ledger: ServerLedger): Promise<Topics> {
  const { controller, policies } = await ledger.listPolicies()
  const histories = await Promise.all(policies.map(({ policyId }) => ledger.listVersions(policyId)))
  const byDate = (a: PolicyVersion, b: PolicyVersion) => a.notBefore.localeCompare(b.notBefore)
  return { controller, policies: histories.map((each) => ({ ...each, versions: each.versions.toSorted(byDate) })) }
}

/** One purpose or policy, with the policy that it belongs to. */
export interface Topic {
  /** `purpose/<purposeId>` or `policy/<policyId>`. */
  readonly key: string
  readonly title: Readonly<Record<string, string>>
  readonly history: PolicyHistory
}

/** Each policy and, after it, the purposes of its versions, each once with its newest title. */
export function topicsOf({ policies }: Topics): readonly Topic[] {
  return policies.flatMap((history) => {
    const newestFirst = [...history.versions].reverse()
    const policy = newestFirst[0]
    if (policy === undefined) return []
    const purposes = new Map<string, Purpose>()
    for (const version of newestFirst)
      for (const purpose of version.purposes)
        if (!purposes.has(purpose.purposeId)) purposes.set(purpose.purposeId, purpose)
    return [
      ...[...purposes.values()].map(({ purposeId, title }) => ({ key: `purpose/${purposeId}`, title, history })),
      { key: `policy/${history.policyId}`, title: policy.title, history },
    ]
  })
}
