/** The ledger, opened once for the whole server. Nothing of it goes to the browser: its token may write for everybody. */
import 'server-only'
import { openLedger, type ServerLedger } from '@consent-ledger/server'
import { setting } from './settings'

let opened: ServerLedger | undefined

export function ledger(): ServerLedger {
  opened ??= openLedger({
    url: setting('LEDGER_URL'),
    controller: setting('LEDGER_CONTROLLER'),
    siteKey: setting('LEDGER_SITE_KEY'),
    // From your identity provider, by client credentials; kept until it expires.
    token: () => setting('LEDGER_TOKEN'),
  })
  return opened
}
