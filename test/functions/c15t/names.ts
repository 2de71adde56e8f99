/** Names as a site with a cookie policy, terms and a privacy policy would have them, and what a client of it says. */
import type { CategoryNames } from '../../../functions/c15t/names.ts'
import type { Submission } from '../../../functions/c15t/schemas.ts'
import type { PolicyHistory, PolicyKind, PolicyVersion } from '../../../shared/consent/policy.ts'

export const names: CategoryNames = {
  policy: history('cookie-policy', 'cookie'),
  purposes: new Map([
    ['measurement', 'statistics'],
    ['marketing', 'marketing-cookies'],
    ['advertising', 'marketing-cookies'],
    ['marketing_communications', 'newsletter'],
  ]),
  documentOf: (type) =>
    type.startsWith('terms_and_conditions')
      ? history('general-terms', 'terms')
      : type.startsWith('privacy_policy')
        ? history('privacy-policy', 'privacy')
        : undefined,
  typeOf: () => undefined,
}

function history(policyId: string, kind: PolicyKind): PolicyHistory {
  return { policyId, versions: [{ policyId, kind } as PolicyVersion], retractions: [], presentations: [] }
}

export const circumstances = { controller: 'acme', site: 'web', globalPrivacyControl: false }

/** As the client posts it after its banner. */
export function banner(preferences: Record<string, boolean>, more: Partial<Submission> = {}): Submission {
  return {
    type: 'cookie_banner',
    subjectId: 'sub_111D6fDmTET4TfwFxNqjm63UMG',
    givenAt: 1_795_331_046_620,
    preferences: { necessary: true, ...preferences },
    uiSource: 'banner',
    ...more,
  } as Submission
}
