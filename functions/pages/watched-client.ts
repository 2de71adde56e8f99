/** A client that pages can ask what the ledger refused, so that the person sees it too. Each error also goes to the site's own `onError`. */
import { type Consent, type ConsentError, type ConsentOptions, openConsent } from '../../shared/client/client.ts'

export interface WatchedClient {
  readonly consent: Consent
  readonly options: ConsentOptions
  /** The code with which the ledger refused the event, by eventId, for each event that was refused while this page was open. */
  readonly refused: ReadonlyMap<string, string>
  /** Code of the latest error of a call that was not about an event. */
  lastCode(): string | undefined
}

export function openWatched(options: ConsentOptions): WatchedClient {
  const refused = new Map<string, string>()
  const report = options.onError ?? warnOnce()
  let lastCode: string | undefined
  const consent = openConsent({
    ...options,
    onError(error) {
      if (error.eventId === undefined) lastCode = error.code
      else refused.set(error.eventId, error.code)
      report(error)
    },
  })
  return { consent, options, refused, lastCode: () => lastCode }
}

/** A client that was opened elsewhere: what it is refused is not known here. */
export function unwatched(consent: Consent, options: ConsentOptions): WatchedClient {
  return { consent, options, refused: new Map(), lastCode: () => undefined }
}

/** One console warning for each code, so that a mistake is seen without flooding the console. */
function warnOnce(): (error: ConsentError) => void {
  const warned = new Set<string>()
  return ({ code, detail = '', given = '' }) => {
    if (warned.has(code)) return
    warned.add(code)
    console.warn(`consent ledger: ${code}`, detail, given)
  }
}
