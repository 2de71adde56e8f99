/** The arguments of a page: the parts of the site, and the visit. */

import type { Html } from '../../../functions/public/html.ts'
import type { ServerLedger } from '../../../shared/server/server.ts'
import type { ForwardClock } from './forward-clock.ts'
import type { Words } from './language.ts'
import type { Session, Sessions } from './sessions.ts'
import type { SiteRecords } from './site-records.ts'

export interface Site {
  readonly url: string
  readonly ledgerUrl: string
  readonly siteKey: string
  readonly controller: string
  /** The server client, with the credentials of the site's server. */
  readonly ledger: ServerLedger
  readonly records: SiteRecords
  /** Folder into which the ledger hands letters over. */
  readonly outbox: string
  readonly clock: ForwardClock
  readonly sessions: Sessions
  /** How often the stand-ins for another company's analytics and advertising ran in visitors' browsers. */
  readonly counted: { visits: number; advertisements: number }
  /** By file name. */
  readonly browserCode: ReadonlyMap<string, string>
  /** The keys of the log, fetched when the site started. Browsers verify receipts with them. */
  readonly logPolicy: string
  /** The identity provider's token for an account. */
  tokenOf(account: string): Promise<string>
  moveClock(instant: string): Promise<void>
}

export interface Visit {
  readonly path: string
  readonly query: URLSearchParams
  /** Fields of the form that was sent; none for a visit that only reads. */
  readonly form: URLSearchParams
  readonly words: Words
  readonly session: Session | undefined
}

export type Reply =
  | { readonly page: Html; readonly status?: number; readonly session?: Session }
  | { readonly goTo: string; readonly session?: Session }
  | { readonly body: string; readonly mediaType: string; readonly status?: number }

export type Handler = (site: Site, visit: Visit) => Promise<Reply> | Reply

/** Handlers by method and path, e.g. `GET /newsletter`. */
export type Pages = Readonly<Record<string, Handler>>

export function nowOf({ clock }: Pick<Site, 'clock'>): string {
  return new Date(clock.now()).toISOString()
}
