/** Versions of the demo's cookie policy as they were published, by the rules of the ledger. */
import { cookiePolicy } from '../../../../infra/demo/world/ljungsten/cookie-policy.ts'
import type { PolicyHistory, PolicyVersion } from '../../../../shared/consent/policy.ts'
import { versionFrom } from '../../../../shared/consent/publication.ts'

const policyId = 'cookie-policy'

export const noPurposes = () => undefined

function publish(count: number): readonly PolicyVersion[] {
  const versions: PolicyVersion[] = []
  for (const { draft, publishedAt } of cookiePolicy.slice(0, count))
    versions.push(versionFrom(draft, historyOf(versions), noPurposes, publishedAt))
  return versions
}

export function historyOf(versions: readonly PolicyVersion[]): PolicyHistory {
  return { policyId, versions, retractions: [], presentations: [] }
}

/** The first two versions. The third is scheduled for March 2027. */
export const published = publish(2) as readonly [PolicyVersion, PolicyVersion]
export const scheduled = publish(3)[2] as PolicyVersion
