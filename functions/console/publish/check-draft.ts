/**
 * Validates a draft as the ledger will: by the schema of the request, then by the rules of publication. Loaded on demand, because the schema's
 * library is larger than the rest of the console.
 */
import * as schemas from '../../../shared/api/schemas/policies.ts'
import { id } from '../../../shared/api/schemas/scalars.ts'
import { checkChanges } from '../../../shared/consent/declared-changes.ts'
import type { PolicyHistory, PolicyVersion } from '../../../shared/consent/policy.ts'
import {
  checkOwnership,
  checkDraft as checkRules,
  type DeclaredPurposes,
  versionFrom,
} from '../../../shared/consent/publication.ts'
import { purpose as recordedPurpose } from '../../../shared/consent/purpose.ts'
import { checkPurpose } from '../../../shared/consent/purpose-check.ts'
import { conforms } from '../../../shared/consent/schema.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { type Fault, faultsOf } from '../schema-form/fault.ts'
import type { Draft } from './draft.ts'
import { versionBefore } from './needed-changes.ts'
import { faultOfRule } from './rule-faults.ts'

/** @param now RFC 3339; when it would be published */
export function checkDraft(
  draft: Draft,
  history: PolicyHistory,
  others: readonly PolicyHistory[],
  now: string,
): Fault[] {
  const { policyId, ...body } = draft
  const { error } = schemas.versionDraft.safeParse(body)
  const shape = error === undefined ? [] : faultsOf(error.issues, body)
  const idFault = id.safeParse(policyId).success ? [] : [{ pointer: '/policyId', rule: 'isId', detail: 'not an id' }]
  const nameFault = history.versions.some(({ version }) => version === draft.version)
    ? [{ pointer: '/version', rule: 'versionTaken', detail: 'there is a version of this name' }]
    : []
  const found = [...idFault, ...shape, ...nameFault]
  const before = versionBefore(draft, history, now)
  const declared = declaredIn([...others, history])
  const perPurpose = draft.purposes.flatMap((purpose, i) => {
    // The rules read fields that may be missing from what was typed.
    if (!conforms(recordedPurpose, purpose)) return []
    const change = draft.changes.findIndex(({ purposeId }) => purposeId === purpose.purposeId)
    const alone = { ...draft, purposes: [purpose], changes: draft.changes.filter((_, each) => each === change) }
    return [
      ...brokenBy(() => checkPurpose(purpose, `/purposes/${i}`)),
      ...brokenBy(() => checkOwnership(alone, declared)).map((each) => {
        return { ...each, pointer: each.pointer.replace(/^\/purposes\/0/, `/purposes/${i}`) }
      }),
      ...(before ? brokenBy(() => checkChanges(alone, before)) : []).map((each) => {
        return { ...each, pointer: change < 0 ? `/purposes/${i}` : `/changes/${change}/level` }
      }),
    ]
  })
  const partly = [...found, ...perPurpose]
  if (partly.length > 0) return partly
  return [...brokenBy(() => checkRules(draft)), ...brokenBy(() => versionFrom(draft, history, declared, now))]
}

/** The rule that a check found broken. Checks end at their first, so each is asked about as little as possible. */
function brokenBy(check: () => unknown): Fault[] {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof LedgerError) return [faultOfRule(error)]
    throw error
  }
}

function declaredIn(histories: readonly PolicyHistory[]): DeclaredPurposes {
  const first = new Map<
    string,
    { readonly policyId: string; readonly legalBasis: Draft['purposes'][number]['legalBasis'] }
  >()
  for (const { policyId, versions } of histories)
    for (const { purposes } of versions.toSorted(byPublication))
      for (const { purposeId, legalBasis } of purposes)
        if (!first.has(purposeId)) first.set(purposeId, { policyId, legalBasis })
  return (purposeId) => first.get(purposeId)
}

const byPublication = (a: PolicyVersion, b: PolicyVersion) => (a.publishedAt < b.publishedAt ? -1 : 1)
