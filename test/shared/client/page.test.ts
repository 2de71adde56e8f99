/** Clients in one page hear each other, and whatever happened elsewhere while a page slept or lagged behind. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { signalConsentMode } from '../../../shared/client/adapters/google-consent-mode.ts'
import { type ClientStorage, type Consent, type ConsentOptions, openConsent } from '../../../shared/client/client.ts'
import { clientOptions, laggingTab, ledgerDouble, memoryStorage } from '../../support/client-world.ts'

const open: Consent[] = []
let page: EventTarget

beforeEach(() => {
  page = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('dispatchEvent', page.dispatchEvent.bind(page))
})
afterEach(() => {
  for (const consent of open.splice(0)) consent.close()
  vi.unstubAllGlobals()
})

function client(storage: ClientStorage = memoryStorage(), key = 'site_a_web_0', more: Partial<ConsentOptions> = {}) {
  const consent = openConsent(clientOptions(ledgerDouble(), storage, { key, ...more }))
  open.push(consent)
  const heard = vi.fn()
  consent.onChange(heard)
  return { consent, heard }
}

it('two clients of a site hear each other, each change once; another site’s does not', async () => {
  const storage = memoryStorage()
  const [own, banner, other] = [client(storage), client(storage), client(storage, 'site_b_web_0')]
  await own.consent.record({ statistics: true }).receipt
  expect([own, banner, other].map(({ heard }) => heard.mock.calls.length)).toEqual([2, 2, 0])
  expect(banner.consent.permits('statistics')).toBe(true)
  banner.consent.close()
  await own.consent.withdraw(['statistics']).receipt
  expect(banner.heard).toHaveBeenCalledTimes(2)
})

const blocked = {
  ...memoryStorage(),
  setItem() {
    throw new Error('blocked')
  },
}

it.each([
  ['one person in a page', {}, [false, false]],
  ['strangers to each other on a server', undefined, [true, false]],
])('without a storage, two clients are %s', async (_what, document, permitted) => {
  vi.stubGlobal('document', document)
  const [a, b] = [client(blocked), client(blocked)].map(({ consent }) => consent)
  await a?.record({ statistics: true }).receipt
  await b?.withdraw(['statistics']).receipt
  expect([a, b].map((consent) => consent?.permits('statistics'))).toEqual(permitted)
})

it('Google’s Consent Mode is denied at once what was withdrawn by another client of the page', async () => {
  const storage = memoryStorage()
  const [own, banner] = [client(storage).consent, client(storage).consent]
  const gtag = vi.fn()
  signalConsentMode({ consent: own, purposes: { analytics_storage: 'statistics' }, gtag })
  banner.record({ statistics: true })
  banner.withdraw(['statistics'])
  const states = gtag.mock.calls.map(([, , { analytics_storage }]) => analytics_storage)
  expect(states).toEqual(['denied', 'granted', 'denied'])
})

it.each([
  ['a choice of another tab', 'storage', { key: 'consent-ledger:site_a_web_0:choice::statistics' }, 1],
  ['everything deleted', 'storage', { key: null }, 1],
  ['something else of another tab', 'storage', { key: 'cart' }, 0],
  ['a return from the back-forward cache', 'pageshow', { persisted: true }, 1],
  ['a page that was loaded', 'pageshow', { persisted: false }, 0],
])('%s', (_what, type, fields, times) => {
  const { heard } = client()
  page.dispatchEvent(Object.assign(new Event(type), fields))
  expect(heard).toHaveBeenCalledTimes(times)
})

it('a decision of another tab stands, though this tab does not see it yet when the ledger answers the one before', async () => {
  const kept = new Map<string, string>()
  const tab = laggingTab(kept)
  const ledger = ledgerDouble()
  ledger.answers['/v1/me/consents'] = {
    consents: [{ purposeId: 'statistics', status: 'Given', permittedByConsent: true }],
  }
  const answer = Promise.withResolvers<void>()
  const late: typeof fetch = (input, init) => answer.promise.then(() => ledger.fetch(input, init))
  const [{ consent }, { consent: other }] = [client(tab, undefined, { fetch: late }), client(memoryStorage(kept))]
  const { receipt } = consent.record({ statistics: true })
  const asking = consent.state()
  other.record({ statistics: false })
  answer.resolve()
  await Promise.all([receipt, asking])
  tab.catchUp()
  expect([consent.permits('statistics'), other.permits('statistics')]).toEqual([false, false])
})
