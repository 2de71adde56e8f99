/** Titles of purposes in the visitor's language, also of those that a later version of the policy no longer declares. */
import type { Words } from './language.ts'
import type { Site } from './site.ts'

/** By purposeId: the title in the latest version that has the purpose. */
export async function purposeTitles(
  { ledger }: Pick<Site, 'ledger'>,
  policyIds: readonly string[],
  { of }: Words,
): Promise<Readonly<Record<string, string>>> {
  const histories = await Promise.all(policyIds.map((policyId) => ledger.listVersions(policyId)))
  const purposes = histories.flatMap(({ versions }) => versions.flatMap((version) => version.purposes))
  return Object.fromEntries(purposes.map(({ purposeId, title }) => [purposeId, of(title)]))
}
