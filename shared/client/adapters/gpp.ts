/**
 * `@consent-ledger/client/gpp`: the string of the IAB's Global Privacy Platform (`__gpp`, 1.1) goes along with events as a signal.
 *
 *     const consent = withGppString(openConsent({ url, key }))
 *
 * It is evidence of what else the person had said when they decided, and decides nothing itself. While a CMP is asking, its string is
 * not ready and does not go along.
 */
import type { Consent, How } from '../client.ts'
import { attempt } from '../storage.ts'
import { fitting } from './signal.ts'

interface PingData {
  readonly signalStatus: string
  readonly gppString: string
}

type GppApi = (command: 'addEventListener', callback: (event: { pingData?: PingData } | null) => void) => void

/** The same consent, on a page without `__gpp` too. */
export function withGppString(consent: Consent): Consent {
  const { __gpp: api } = globalThis as { __gpp?: GppApi }
  let gppString: string | undefined
  attempt(() =>
    api?.('addEventListener', (event) => {
      const { signalStatus, gppString: current } = event?.pingData ?? {}
      gppString = signalStatus === 'ready' ? fitting(current, { consent }) : undefined
    }),
  )
  const signalled = (how?: How): How => ({ ...how, ...(gppString && { signals: { gppString, ...how?.signals } }) })
  return {
    ...consent,
    record: (decisions, how) => consent.record(decisions, signalled(how)),
    withdraw: (purposeIds, how) => consent.withdraw(purposeIds, signalled(how)),
  }
}
