/**
 * The rules of publication: the rules that a draft of a policy version has to satisfy, the version that it becomes, and the rules for
 * presentations and retractions.
 */

import { LedgerError } from '../errors.ts'
import { checkChanges } from './declared-changes.ts'
import { isDuration } from './duration.ts'
import { type PolicyHistory, type PolicyVersion, type Presentation, succession, type versionDraft } from './policy.ts'
import { sha256Hex } from './published-leaf.ts'
import type { Purpose } from './purpose.ts'
import { checkPurpose } from './purpose-check.ts'
import type { TypeOf } from './schema.ts'

export interface VersionDraft extends TypeOf<typeof versionDraft> {
  readonly policyId: string
}

export type PresentationDraft = Omit<Presentation, 'publishedAt'>

/** Minimum delay from publication to effect, except for a policy's first version. Longer than any instance caches versions. */
export const noticePeriodMs = 60_000
/** A scheduled version can be retracted until this long before its date. */
export const retractionLeadMs = 60_000

/** The instant at which a version published at `publishedAt` comes into force. A policy's first version may do so at once. */
export function notBeforeOf(effectiveFrom: string, publishedAt: string, isFirst: boolean): string {
  const earliest = isFirst ? publishedAt : new Date(Date.parse(publishedAt) + noticePeriodMs).toISOString()
  return effectiveFrom > earliest ? effectiveFrom : earliest
}

/** Checks the rules that concern a draft alone. Throws `invalid-policy` for the first broken rule. */
export function checkDraft(draft: VersionDraft): void {
  refuseRepeats(
    draft.texts.map((t) => t.locale),
    '/texts',
    'a version has one text for each locale',
  )
  refuseRepeats(
    draft.purposes.map((p) => p.purposeId),
    '/purposes',
    'a version declares each purpose once',
  )
  refuseRepeats(
    draft.changes.map((c) => c.purposeId),
    '/changes',
    'a version declares one change for each purpose',
  )
  for (const [name, allowed] of [
    ['evidenceRetention', 'e.g. P5Y'],
    ['contextRetention', 'e.g. P90D'],
  ] as const) {
    const given = draft[name]
    if (given !== undefined && !isDuration(given))
      throw new LedgerError('invalid-policy', 'not an ISO 8601 duration', { field: `/${name}`, given, allowed })
  }
  draft.purposes.forEach((purpose, i) => {
    checkPurpose(purpose, `/purposes/${i}`)
  })
  if (draft.changes.some((c) => c.level === 'major') && draft.level === 'minor') {
    throw new LedgerError('invalid-policy', 'a version with a major change of a purpose must be major', {
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

/** Looks up the policy and the legal basis of a purpose's first declaration; `undefined` for a new purpose. */
export type DeclaredPurposes = (
  purposeId: string,
) => { readonly policyId: string; readonly legalBasis: Purpose['legalBasis'] } | undefined

/**
 * The version that a draft becomes when it is published at `publishedAt`, an instant.
 *
 * @param history everything published under its policy so far
 * @throws LedgerError `version-conflict` when another version comes into force at the same instant, `invalid-policy` when the draft changes
 * the kind of the policy, or the policy or legal basis of a purpose, and `undeclared-change` (see `checkChanges`)
 */
export function versionFrom(
  draft: VersionDraft,
  history: PolicyHistory,
  declared: DeclaredPurposes,
  publishedAt: string,
): PolicyVersion {
  const { texts, effectiveFrom = publishedAt, ...rest } = draft
  const notBefore = notBeforeOf(effectiveFrom, publishedAt, history.versions.length === 0)
  const others = succession(history)
  const rival = others.find((v) => v.notBefore === notBefore)
  if (rival) throw sameInstant(notBefore, `version "${rival.version}"`)
  checkOwnership(draft, declared)
  const kind = history.versions[0]?.kind
  if (kind !== undefined && kind !== draft.kind) {
    throw new LedgerError('invalid-policy', 'the kind of a policy cannot change', {
      field: '/kind',
      given: draft.kind,
      allowed: [kind],
    })
  }
  const before = others.findLast((v) => v.notBefore < notBefore)
  if (before) checkChanges(draft, before)
  else if (draft.changes.length > 0) {
    throw new LedgerError('invalid-policy', "a policy's first version cannot declare changes", { field: '/changes' })
  }
  return {
    ...rest,
    effectiveFrom,
    publishedAt,
    notBefore,
    retroactive: effectiveFrom < publishedAt,
    texts: texts.map(({ locale, mediaType, text }) => ({ locale, mediaType, sha256: sha256Hex(text) })),
    ...(before && { comparedWith: before.version }),
  }
}

/** The refusal of a version that would come into force at the instant of another one. */
export function sameInstant(notBefore: string, rival: string): LedgerError {
  return new LedgerError('version-conflict', `${rival} comes into force at the same instant`, {
    field: '/effectiveFrom',
    given: notBefore,
  })
}

/**
 * A presentation has controls only for purposes that its own policy declares.
 *
 * @throws LedgerError `unknown-purpose`
 */
export function checkPresentation({ policyId, controls }: PresentationDraft, declared: DeclaredPurposes): void {
  const stray = controls.find((c) => declared(c.purposeId)?.policyId !== policyId)
  if (stray) {
    throw new LedgerError('unknown-purpose', `policy "${policyId}" declares no such purpose`, {
      field: '/controls',
      given: stray.purposeId,
    })
  }
}

/**
 * A version can be retracted until 60 s before it comes into force. With a slow clock a version in force would seem retractable, and consents
 * that it ended would count again, so callers pass the latest known time as `nowMs`.
 *
 * @throws LedgerError `too-late-to-retract`
 */
export function checkRetraction({ notBefore }: PolicyVersion, nowMs: number): void {
  const latestMs = Date.parse(notBefore) - retractionLeadMs
  if (nowMs <= latestMs) return
  throw new LedgerError('too-late-to-retract', 'a version can be retracted until 60 s before it comes into force', {
    field: '/version',
    given: new Date(nowMs).toISOString(),
    allowed: `before ${new Date(latestMs).toISOString()}`,
  })
}

/** A purpose never changes its policy or its legal basis. Another basis needs another purposeId. */
export function checkOwnership(draft: VersionDraft, declared: DeclaredPurposes): void {
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
        `purpose "${purpose.purposeId}" has the legal basis ${earlier.legalBasis}; another basis needs another purpose`,
        {
          field: `${field}/legalBasis`,
          given: purpose.legalBasis,
          allowed: [earlier.legalBasis],
        },
      )
    }
  })
}
