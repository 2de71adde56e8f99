/**
 * The ledger that this instance serves. Whoever starts the instance provides it once, before the first request: the local
 * gateway with its embedded engines, a Lambda function's entry with the clients of its account.
 */
import type { IdentityProvider } from '../shared/consent/controller.ts'
import type { Ledger } from '../shared/ledger/ledger.ts'

export interface Instance {
  readonly ledger: Ledger
  /** Whose tokens with scope `ledger.admin` may create controllers. */
  readonly administrators: IdentityProvider
}

let provided: Instance | undefined

export function provideInstance(instance: Instance): void {
  provided = instance
}

export function theInstance(): Instance {
  if (provided === undefined) throw new Error('no ledger was provided to this instance before its first request')
  return provided
}
