/** A page that asks with the `c15t` client and buttons of its own, as c15t's documentation has it. */
import { getOrCreateConsentRuntime } from 'c15t'

const { backendURL, headers } = JSON.parse(document.querySelector('#config')?.textContent ?? '{}')
const { consentStore } = getOrCreateConsentRuntime({
  mode: 'hosted',
  backendURL,
  headers,
  consentCategories: ['necessary', 'measurement', 'marketing'],
})

const banner = document.querySelector<HTMLElement>('#banner')
function draw(): void {
  const { activeUI, translationConfig, consents, hasFetchedBanner } = consentStore.getState()
  if (banner === null || !hasFetchedBanner) return
  const texts = translationConfig.translations[translationConfig.defaultLanguage ?? 'en']
  banner.querySelector('h1')?.replaceChildren(texts?.cookieBanner?.title ?? '')
  banner.hidden = activeUI !== 'banner'
  document.documentElement.dataset.consents = JSON.stringify(consents)
  document.documentElement.dataset.ready = 'yes'
}
consentStore.subscribe(draw)
draw()

document.querySelector('#accept')?.addEventListener('click', () => {
  consentStore.getState().saveConsents('all', { uiSource: 'banner' })
})
document.querySelector('#reject')?.addEventListener('click', () => {
  consentStore.getState().saveConsents('necessary', { uiSource: 'banner' })
})
document.querySelector('#without-marketing')?.addEventListener('click', () => {
  consentStore.getState().setSelectedConsent('marketing', false)
  consentStore.getState().saveConsents('custom', { uiSource: 'dialog' })
})
document.querySelector('#identify')?.addEventListener('click', () => {
  consentStore.getState().identifyUser({ id: 'acct-c15t', identityProvider: 'idp' })
})
