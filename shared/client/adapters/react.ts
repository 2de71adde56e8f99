/** `@consent-ledger/client/react`: a hook for what is permitted. The component renders again when it changes. */
import { useSyncExternalStore } from 'react'
import type { Consent } from '../client.ts'

/**
 * Reads `consent.permits` and follows its changes.
 *
 * @param consent the client
 * @param target a purposeId, or `policy/<policyId>`
 * @returns `true` for a yes, `false` for a no, `undefined` to ask the person, and always on a server
 * @example
 * const isPermitted = usePermits(consent, 'statistics')
 */
export function usePermits(consent: Pick<Consent, 'permits' | 'onChange'>, target: string): boolean | undefined {
  return useSyncExternalStore(
    consent.onChange,
    () => consent.permits(target),
    () => undefined,
  )
}
