/** A site's banner. `functionality` is on beforehand, as it may not be. */
import type { CookieConsentConfig } from 'vanilla-cookieconsent'

const texts = {
  consentModal: {
    title: 'Cookies',
    description: 'May we count visits, and measure our advertisements?',
    acceptAllBtn: 'Accept all',
    acceptNecessaryBtn: 'Refuse all',
    showPreferencesBtn: 'Choose',
  },
  preferencesModal: {
    title: 'Your choices',
    acceptAllBtn: 'Accept all',
    acceptNecessaryBtn: 'Refuse all',
    savePreferencesBtn: 'Save choices',
    sections: ['necessary', 'functionality', 'analytics', 'marketing'].map((linkedCategory) => ({
      title: linkedCategory,
      linkedCategory,
    })),
  },
}

/** Names of the site's own callbacks, as they were called. */
export const called: string[] = []
Object.assign(globalThis, { called })

export const config: CookieConsentConfig = {
  revision: 2,
  // Browsers that are driven look like bots.
  hideFromBots: false,
  categories: {
    necessary: { readOnly: true, enabled: true },
    functionality: { enabled: true },
    analytics: { services: { matomo: { label: 'Matomo' }, lupin: { label: 'Lupin' } } },
    marketing: {},
  },
  language: { default: 'en', translations: { en: texts } },
  onFirstConsent: () => called.push('onFirstConsent'),
  onConsent: () => called.push('onConsent'),
  onChange: ({ changedCategories }) => called.push(`onChange ${changedCategories}`),
}
