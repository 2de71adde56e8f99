/** The ledger that served the console, called as the signed-in reader by the server client, which needs only the web's `fetch`. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { openLedger } from '../../../shared/server/server.ts'
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import type { Session } from './sign-in.ts'

export interface SignedIn extends Session {
  readonly ledger: ServerLedger
  readonly signOut: () => void
}

export function signedIn(session: Session, signOut: () => void): SignedIn {
  const { controller, token } = session
  // Who publishes has to see what is there now, and not what the browser has had for half a minute.
  const uncached: typeof fetch = (input, init) => fetch(input, { ...init, cache: 'no-cache' })
  const ledger = openLedger({ url: location.origin, controller, token: () => token, fetch: uncached })
  return { ...session, ledger, signOut }
}

export const SessionContext = createContext<SignedIn | undefined>(undefined)

/** For pages that need a session: the shell shows no such page without one. */
export function useSession(): SignedIn {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('this page is shown to signed-in readers only')
  return session
}
