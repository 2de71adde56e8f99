/**
 * How a policy version is compared with the version before it: everything that changed for a person must be declared, and some changes are
 * always major.
 */

import { LedgerError } from '../errors.ts'
import { contextRetentionOf, evidenceRetentionOf } from './evidence-term.ts'
import { findPurpose, type PolicyVersion } from './policy.ts'
import { sameValue } from './policy-versions.ts'
import type { DataForm, Purpose, Recipient } from './purpose.ts'
import { valueAsRead } from './read-text.ts'

/**
 * Lists every field of a purpose, so that a new field does not compile until it is decided here whether its changes must be declared.
 * `wording` may change freely; `checkOwnership` keeps `identity` from changing.
 */
const fields = {
  purposeId: 'identity',
  legalBasis: 'identity',
  title: 'wording',
  description: 'wording',
  withdrawalMethod: 'wording',
  dataCategories: 'compared',
  recipients: 'compared',
  storageLocations: 'compared',
  retention: 'compared',
  until: 'compared',
  evidenceRetention: 'compared',
  contextRetention: 'compared',
  atEnd: 'compared',
  jurisdiction: 'compared',
  technologies: 'compared',
  validity: 'compared',
  askAgainAfter: 'compared',
  explicit: 'compared',
  doubleOptIn: 'compared',
  directMarketing: 'compared',
  automatedDecision: 'compared',
  profiling: 'compared',
  logicInvolved: 'compared',
  sourceTerms: 'compared',
  securityMeasures: 'compared',
  retentionExceptions: 'compared',
  globalPrivacyControl: 'compared',
  subjectCategories: 'compared',
  interest: 'compared',
  refusal: 'compared',
} as const satisfies Readonly<Record<keyof Purpose, 'identity' | 'wording' | 'compared'>>

type Field = keyof typeof fields
type Declaring = Pick<PolicyVersion, 'purposes' | 'evidenceRetention' | 'contextRetention'>

/** The fields, other than wording, in which two versions declare a purpose differently for a reader. Both must declare it. */
export function changedFields(before: Declaring, after: Declaring, purposeId: string): Field[] {
  const [earlier, now] = [before, after].map((version) => ({
    ...findPurpose(version, purposeId),
    evidenceRetention: evidenceRetentionOf(version, purposeId),
    contextRetention: contextRetentionOf(version, purposeId),
  }))
  const isSame = (a: unknown, b: unknown) => sameValue(a, b) || sameValue(valueAsRead(a), valueAsRead(b))
  return (Object.keys(fields) as Field[]).filter(
    (name) => fields[name] === 'compared' && !isSame(earlier?.[name], now?.[name]),
  )
}

/**
 * Compares a draft with the version that it follows. Throws `undeclared-change` for a difference that `changes` does not name,
 * or that it calls minor although it never is; `invalid-policy` when a purpose got another legal basis.
 */
export function checkChanges(draft: Declaring & Pick<PolicyVersion, 'changes'>, before: PolicyVersion): void {
  for (const purpose of draft.purposes) {
    const earlier = findPurpose(before, purpose.purposeId)
    if (earlier === undefined) continue
    const changed = changedFields(before, draft, purpose.purposeId)
    const declared = draft.changes.find((c) => c.purposeId === purpose.purposeId)
    if (changed.length > 0 && declared === undefined) {
      throw new LedgerError(
        'undeclared-change',
        `purpose "${purpose.purposeId}" differs from version "${before.version}" in ${changed.join(', ')}; declare it in changes`,
        { field: '/changes', given: changed, allowed: ['major', 'minor'] },
      )
    }
    const why = alwaysMajor(earlier, purpose)
    if (why !== undefined && declared?.level === 'minor') {
      throw new LedgerError('undeclared-change', `purpose "${purpose.purposeId}": ${why} is always a major change`, {
        field: '/changes',
        given: 'minor',
        allowed: ['major'],
      })
    }
  }
  const stray = draft.changes.find(
    (c) => !findPurpose(before, c.purposeId) || !draft.purposes.some((p) => p.purposeId === c.purposeId),
  )
  if (stray !== undefined) {
    throw new LedgerError(
      'invalid-policy',
      `"${stray.purposeId}" is not a purpose of both versions, so it has no change`,
      {
        field: '/changes',
        given: stray.purposeId,
      },
    )
  }
}

/** The forms of data that a recipient gets. */
function formsFor({ dataCategories }: Purpose, { forms }: Recipient): readonly DataForm[] {
  return forms ?? dataCategories.map((data) => data.form)
}

function alwaysMajor(before: Purpose, after: Purpose): string | undefined {
  const gotBefore = (party: string) =>
    before.recipients.filter((r) => r.party === party && r.role === 'controller').flatMap((r) => formsFor(before, r))
  for (const recipient of after.recipients.filter((r) => r.role === 'controller')) {
    const known = gotBefore(recipient.party)
    if (known.length === 0) return 'a new recipient acting as controller'
    // Otherwise a party could be introduced for aggregated data and get names by a minor change.
    if (formsFor(after, recipient).some((form) => !known.includes(form)))
      return 'another form of data for a recipient acting as controller'
  }
  const hadSpecial = (category: string) => before.dataCategories.some((d) => d.special && d.category === category)
  if (after.dataCategories.some((d) => d.special && !hadSpecial(d.category))) return 'new special-category data'
  const hadTechnology = (name: string, party: string) =>
    before.technologies.some((t) => t.name === name && t.party === party)
  if (after.technologies.some((t) => t.party !== 'first-party' && !hadTechnology(t.name, t.party)))
    return 'a new third-party technology'
  return undefined
}
