/**
 * Selects the device whose choices the hosted page shows: the one that a site passed in the fragment (`#device=<secret>`), otherwise this
 * browser's own device at the ledger's address. Browsers send no fragment to a server. The page removes it from the address and the
 * history first, and keeps the secret in session storage, until the tab is closed.
 */
import { attempt, type ClientStorage } from '../../../shared/client/storage.ts'

export interface PageDevice {
  /** Session storage with the linked device's secret; `undefined` for this browser's own device. */
  readonly storage: ClientStorage | undefined
  readonly isLinked: boolean
}

/** Storage name under which the SDK keeps the secret. */
const secretName = (key: string) => `consent-ledger:${key}:device`

export function deviceOfPage(key: string): PageDevice {
  const secret = new URLSearchParams(location.hash.slice(1)).get('device')
  if (secret !== null) history.replaceState(null, '', location.pathname + location.search)
  const tab = attempt(() => sessionStorage)
  if (secret !== null && /^[A-Za-z0-9_-]{22,128}$/.test(secret)) keep(tab, key, secret)
  const isLinked = attempt(() => tab?.getItem(secretName(key))) != null
  return { storage: isLinked ? tab : undefined, isLinked }
}

/** Removes what the tab stored about another device first. */
function keep(tab: Storage | undefined, key: string, secret: string): void {
  if (attempt(() => tab?.getItem(secretName(key))) === JSON.stringify(secret)) return
  forgetLinkedDevice(key)
  attempt(() => tab?.setItem(secretName(key), JSON.stringify(secret)))
}

export function forgetLinkedDevice(key: string): void {
  attempt(() => {
    for (const name of Object.keys(sessionStorage))
      if (name.startsWith(`consent-ledger:${key}:`)) sessionStorage.removeItem(name)
  })
}

/** The address of the hosted page, with the secret of this page's device in the fragment. */
export function preferencesAddress(url: string, key: string, locale: string): string {
  const secret = attempt(() => JSON.parse(localStorage.getItem(secretName(key)) ?? ''))
  const query = new URLSearchParams({ key, lang: locale })
  return `${url}/console/preferences?${query}${typeof secret === 'string' ? `#device=${secret}` : ''}`
}
