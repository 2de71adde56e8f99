/** What the script tag says, read while the script runs: later nobody knows any more which tag it was. */
import type { Theme } from './surface.ts'

export interface ScriptSettings {
  /** The ledger that served the script. */
  readonly url: string
  readonly key: string
  readonly policyId: string
  readonly presentationId?: string
  readonly locale: string
  readonly theme: Theme
}

/** Tells the console what is missing: a page never breaks by it. */
export function scriptSettings(): ScriptSettings | undefined {
  const script = document.currentScript
  if (!(script instanceof HTMLScriptElement) || !script.dataset.key) {
    console.warn('consent ledger: the script tag needs data-key, the key of a site')
    return undefined
  }
  const { key, policy = 'cookie-policy', presentation, locale, theme } = script.dataset
  return {
    url: ledgerOf(script.src),
    key,
    policyId: policy,
    presentationId: presentation,
    locale: locale || pageLocale(),
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
  }
}

/** Of whatever is served at `<ledger>/console/...`. */
export function ledgerOf(address: string): string {
  return new URL('..', address).href.replace(/\/$/, '')
}

function pageLocale(): string {
  return document.documentElement.lang || navigator.language
}
