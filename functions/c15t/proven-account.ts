/** The account that a c15t client claims, which anyone can: it counts with a token of the controller's identity provider for that subject. */
import type { Identity } from '../../shared/consent/event.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { optionalSubjectOf } from '../http/access.ts'
import type { Call } from '../http/call.ts'

/** `undefined` if the claim is not proven. A failed proof never refuses the decision itself. */
export async function provenAccount(
  call: Call,
  snapshot: ControllerSnapshot,
  externalId: string | undefined,
): Promise<Identity | undefined> {
  if (externalId === undefined) return undefined
  const subject = await optionalSubjectOf(call, snapshot).catch((error: unknown) => {
    const isPassing = error instanceof LedgerError && (error.code === 'unavailable' || error.code === 'rate-limited')
    if (error instanceof LedgerError && !isPassing) return undefined
    throw error
  })
  return subject?.identity.type === 'account' && subject.identity.id === externalId ? subject.identity : undefined
}
