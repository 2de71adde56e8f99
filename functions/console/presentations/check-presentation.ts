/** Validates a presentation as the ledger will: by the schema of the request, and by the purposes that the policy declares. Loaded on demand. */
import * as schemas from '../../../shared/api/schemas/policies.ts'
import { findPurpose, type PolicyVersion } from '../../../shared/consent/policy.ts'
import type { PresentationDraft } from '../../../shared/consent/publication.ts'
import { type Fault, faultsOf } from '../schema-form/fault.ts'

export function checkPresentation(draft: PresentationDraft, version: PolicyVersion, taken: readonly string[]): Fault[] {
  const { policyId: _, ...body } = draft
  const { error } = schemas.presentationDraft.safeParse(body)
  const shape = error === undefined ? [] : faultsOf(error.issues, body)
  const name: Fault[] = taken.includes(draft.presentationId)
    ? [{ pointer: '/presentationId', rule: 'presentationTaken', detail: 'there is a presentation of this id' }]
    : []
  const strays = draft.controls.flatMap(({ purposeId }, i): Fault[] => {
    const isKnown = purposeId === '' || findPurpose(version, purposeId) !== undefined
    return isKnown ? [] : [{ pointer: `/controls/${i}/purposeId`, rule: 'unknownPurpose', detail: 'no such purpose' }]
  })
  return [...shape, ...name, ...strays]
}
