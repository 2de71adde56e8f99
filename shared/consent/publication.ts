/**
 * What may be published: the rules that a draft of a policy version has to satisfy, and how it is compared with the version
 * before it. Everything that changed for a person must be declared, and some changes are always major.
 */
import { LedgerError } from '../errors.ts'
import { isDuration } from './duration.ts'
import { evidenceRetentionOf } from './evidence-term.ts'
import {
  type ChangeLevel,
  type DataForm,
  findPurpose,
  type Localised,
  type PolicyKind,
  type PolicyText,
  type PolicyVersion,
  type Presentation,
  type Purpose,
  type PurposeChange,
  type Recipient,
} from './policy.ts'
import { sameValue } from './policy-versions.ts'
import { checkPurpose } from './purpose-check.ts'
import { valueAsRead } from './read-text.ts'

/** A version as its author sends it: the server adds hashes, dates and what it was compared with. */
export interface VersionDraft {
  readonly policyId: string
  readonly version: string
  readonly kind: PolicyKind
  readonly scope: readonly string[]
  readonly title: Localised
  /** The date that the policy states; without it, as soon as possible. */
  readonly effectiveFrom?: string
  readonly texts: readonly {
    readonly locale: string
    readonly mediaType: PolicyText['mediaType']
    readonly text: string
  }[]
  readonly purposes: readonly Purpose[]
  readonly evidenceRetention?: string
  readonly level: ChangeLevel
  readonly changes: readonly PurposeChange[]
  readonly ground: PolicyVersion['ground']
  readonly summary: Localised
}

export type PresentationDraft = Omit<Presentation, 'publishedAt'>

/** A later version takes effect at the earliest so long after its publication: longer than any instance caches versions. */
export const noticePeriodMs = 60_000
/** A scheduled version may be retracted until so long before its date. */
export const retractionLeadMs = 60_000

/** When a version published at `publishedAt` comes into force. A policy's first may do so at once. */
export function notBeforeOf(effectiveFrom: string, publishedAt: string, isFirst: boolean): string {
  const earliest = isFirst ? publishedAt : new Date(Date.parse(publishedAt) + noticePeriodMs).toISOString()
  return effectiveFrom > earliest ? effectiveFrom : earliest
}

/** Rules of a version by itself. Throws `invalid-policy` for the first that is broken. */
export function checkDraft(draft: VersionDraft): void {
  refuseRepeats(
    draft.texts.map((t) => t.locale),
    '/texts',
    'one text for each locale',
  )
  refuseRepeats(
    draft.purposes.map((p) => p.purposeId),
    '/purposes',
    'each purpose once',
  )
  refuseRepeats(
    draft.changes.map((c) => c.purposeId),
    '/changes',
    'one change for each purpose',
  )
  if (draft.evidenceRetention !== undefined && !isDuration(draft.evidenceRetention)) {
    throw new LedgerError('invalid-policy', 'not an ISO 8601 duration', {
      field: '/evidenceRetention',
      given: draft.evidenceRetention,
      allowed: 'e.g. P5Y',
    })
  }
  draft.purposes.forEach((purpose, i) => {
    checkPurpose(purpose, `/purposes/${i}`)
  })
  if (draft.changes.some((c) => c.level === 'major') && draft.level === 'minor') {
    throw new LedgerError('invalid-policy', 'a version with a major change of a purpose is itself major', {
      field: '/level',
      given: draft.level,
      allowed: ['major'],
    })
  }
}

function refuseRepeats(values: readonly string[], field: string, rule: string): void {
  const repeated = values.find((value, i) => values.indexOf(value) !== i)
  if (repeated !== undefined) throw new LedgerError('invalid-policy', rule, { field, given: repeated })
}

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
  atEnd: 'compared',
  jurisdiction: 'compared',
  technologies: 'compared',
  validity: 'compared',
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
type Declaring = Pick<PolicyVersion, 'purposes' | 'evidenceRetention'>

/** The fields, other than wording, in which two versions declare a purpose differently for a reader. Both must declare it. */
export function changedFields(before: Declaring, after: Declaring, purposeId: string): Field[] {
  const [earlier, now] = [before, after].map((version) => ({
    ...findPurpose(version, purposeId),
    evidenceRetention: evidenceRetentionOf(version, purposeId),
  }))
  return (Object.keys(fields) as Field[]).filter(
    (name) => fields[name] === 'compared' && !sameValue(valueAsRead(earlier?.[name]), valueAsRead(now?.[name])),
  )
}

/**
 * Compares a draft with the version that it follows. Throws `undeclared-change` for a difference that `changes` does not name,
 * or that it calls minor although it never is; `invalid-policy` when a purpose got another legal basis.
 */
export function checkChanges(draft: VersionDraft, before: PolicyVersion): void {
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

/** A purpose keeps its policy and its legal basis for ever: another basis is another purposeId. */
export function checkOwnership(
  draft: VersionDraft,
  declared: (
    purposeId: string,
  ) => { readonly policyId: string; readonly legalBasis: Purpose['legalBasis'] } | undefined,
): void {
  draft.purposes.forEach((purpose, i) => {
    const field = `/purposes/${i}`
    const earlier = declared(purpose.purposeId)
    if (earlier !== undefined && earlier.policyId !== draft.policyId) {
      throw new LedgerError(
        'invalid-policy',
        `purpose "${purpose.purposeId}" belongs to policy "${earlier.policyId}"`,
        {
          field: `${field}/purposeId`,
          given: purpose.purposeId,
        },
      )
    }
    if (earlier !== undefined && earlier.legalBasis !== purpose.legalBasis) {
      throw new LedgerError(
        'invalid-policy',
        `purpose "${purpose.purposeId}" rests on ${earlier.legalBasis}; another basis is another purpose`,
        {
          field: `${field}/legalBasis`,
          given: purpose.legalBasis,
          allowed: [earlier.legalBasis],
        },
      )
    }
  })
}
