/** Settings in the script tag, read while the script runs: afterwards `document.currentScript` no longer names the tag. */
import { languageTag } from '../../shared/consent/language.ts'
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

/** Writes what is missing to the browser's console and never throws, so that the page keeps working. */
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
    locale: readerLocale(locale),
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
  }
}

/** The ledger's address, from the address of a file that it serves at `<ledger>/console/...`. */
export function ledgerOf(address: string): string {
  return new URL('..', address).href.replace(/\/$/, '')
}

/** The first readable locale of tag, page and browser. A page may state `en_US`, or an unfilled template such as `{{ lang }}`. */
function readerLocale(stated: string | undefined): string {
  for (const each of [stated, document.documentElement.lang, ...navigator.languages]) {
    const tag = each && languageTag(each)
    if (tag) return tag
  }
  return 'en'
}
