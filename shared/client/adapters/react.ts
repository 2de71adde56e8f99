/** `@consent-ledger/client/react`: what stands, in a component that is drawn again when it changes. */
import { useSyncExternalStore } from 'react'
import type { Consent } from '../client.ts'

/** As `consent.permits`: `true` for a yes, `false` for a no, and `undefined` when there is to be asked, as it is on a server. */
export function usePermits(consent: Pick<Consent, 'permits' | 'onChange'>, target: string): boolean | undefined {
  return useSyncExternalStore(
    consent.onChange,
    () => consent.permits(target),
    () => undefined,
  )
}
