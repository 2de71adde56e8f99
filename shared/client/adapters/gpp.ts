/**
 * `@consent-ledger/client/gpp`: adds the string of the IAB's Global Privacy Platform (`__gpp`, version 1.1) to events, as a signal.
 *
 * The string is evidence of what else the person had chosen when they decided; it decides nothing itself. While a CMP is asking, its string
 * is not ready and is left out.
 */
import type { Consent, How } from '../client.ts'
import { attempt } from '../storage.ts'
import { signalWithinLimit } from './recorder.ts'

interface PingData {
  readonly signalStatus: string
  readonly gppString: string
}

type GppApi = (command: 'addEventListener', callback: (event: { pingData?: PingData } | null) => void) => void

/**
 * Wraps the client. On a page without `__gpp` it works as before.
 *
 * @returns a client whose `record` and `withdraw` add the string
 * @example
 * const consent = withGppString(openConsent({ url, key }))
 */
export function withGppString(consent: Consent): Consent {
  const { __gpp: api } = globalThis as { __gpp?: GppApi }
  let gppString: string | undefined
  attempt(() =>
    api?.('addEventListener', (event) => {
      const { signalStatus, gppString: current } = event?.pingData ?? {}
      gppString = signalStatus === 'ready' ? signalWithinLimit(current, { consent }) : undefined
    }),
  )
  const signalled = (how?: How): How => ({ ...how, ...(gppString && { signals: { gppString, ...how?.signals } }) })
  return {
    ...consent,
    record: (decisions, how) => consent.record(decisions, signalled(how)),
    withdraw: (purposeIds, how) => consent.withdraw(purposeIds, signalled(how)),
  }
}
