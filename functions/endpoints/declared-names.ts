/** Purposes and policies that a request names must have been declared: a grant, hold or mandate for any other would apply to nothing. */
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import type { Call } from '../http/call.ts'

/** A name, and the JSON pointer of the member that has it. */
type Named = { readonly field: string } & ({ readonly purposeId: string } | { readonly policyId: string })

/**
 * Reads the controller again, once, when the snapshot lacks one of the names, because absence is never cached.
 *
 * @throws `unknown-purpose` or `unknown-policy` for the first name that no version of the controller declares
 */
export async function requireDeclared(call: Call, snapshot: ControllerSnapshot, all: readonly Named[]): Promise<void> {
  const missingIn = ({ purposes, policies }: ControllerSnapshot) =>
    all.find((named) => ('purposeId' in named ? !purposes.has(named.purposeId) : !policies.has(named.policyId)))
  if (missingIn(snapshot) === undefined) return
  const current = await call.instance.ledger.controllers.current(snapshot.controller.controller)
  const missing = missingIn(current ?? snapshot)
  if (missing === undefined) return
  const { field } = missing
  if ('purposeId' in missing)
    throw new LedgerError('unknown-purpose', 'no version of the controller declares this purpose', {
      field,
      given: missing.purposeId,
    })
  throw new LedgerError('unknown-policy', 'this controller has no such policy', { field, given: missing.policyId })
}
