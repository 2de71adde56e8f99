/**
 * Whose choices the hosted page shows: of the device that a site handed over in the fragment (`#device=<secret>`), else of the secret
 * that this browser keeps for the ledger's own address. A fragment is sent to no server; it leaves the address, and with it the
 * history, before anything else happens, and is kept until the tab is closed.
 */
import { attempt, type ClientStorage } from '../../../shared/client/storage.ts'

export interface PageDevice {
  readonly storage: ClientStorage | undefined
  readonly isLinked: boolean
}

/** The secret as the SDK keeps it. */
const nameOf = (key: string) => `consent-ledger:${key}:device`

export function deviceOfPage(key: string): PageDevice {
  const secret = new URLSearchParams(location.hash.slice(1)).get('device')
  if (secret !== null) history.replaceState(null, '', location.pathname + location.search)
  const tab = attempt(() => sessionStorage)
  if (secret !== null && /^[A-Za-z0-9_-]{22,128}$/.test(secret)) keep(tab, key, secret)
  const isLinked = attempt(() => tab?.getItem(nameOf(key))) != null
  return { storage: isLinked ? tab : undefined, isLinked }
}

/** What was known of another device goes. */
function keep(tab: Storage | undefined, key: string, secret: string): void {
  if (attempt(() => tab?.getItem(nameOf(key))) === JSON.stringify(secret)) return
  forgetLinkedDevice(key)
  attempt(() => tab?.setItem(nameOf(key), JSON.stringify(secret)))
}

export function forgetLinkedDevice(key: string): void {
  attempt(() => {
    for (const name of Object.keys(sessionStorage))
      if (name.startsWith(`consent-ledger:${key}:`)) sessionStorage.removeItem(name)
  })
}

/** The address of the hosted page for the device that this page keeps. */
export function preferencesAddress(url: string, key: string, locale: string): string {
  const secret = attempt(() => JSON.parse(localStorage.getItem(nameOf(key)) ?? ''))
  const query = new URLSearchParams({ key, lang: locale })
  return `${url}/console/preferences?${query}${typeof secret === 'string' ? `#device=${secret}` : ''}`
}
