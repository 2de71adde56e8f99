/**
 * A place of our own in somebody else's page: a shadow root with the one style sheet, which the page's styles do not reach and its
 * `--consent-...` properties do. Constructed style sheets need no `unsafe-inline`, so a strict content security policy holds.
 */
import { element, visuallyHidden } from './element.ts'
import type { Reader } from './reader.ts'
import styles from './styles/all.css'

export interface Surface {
  readonly host: HTMLElement
  readonly root: ShadowRoot
  /** To screen readers, without moving anybody's focus. */
  announce(text: string): void
  remove(): void
}

export type Theme = 'light' | 'dark' | 'auto'

const dark = () => matchMedia('(prefers-color-scheme: dark)')
let sheet: CSSStyleSheet | undefined

export function openSurface(name: 'consent-banner' | 'consent-preferences', reader: Reader, theme: Theme): Surface {
  const host = document.createElement(name)
  const ending = new AbortController()
  const root = host.attachShadow({ mode: 'open' })
  if (sheet === undefined) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
  }
  root.adoptedStyleSheets = [sheet]
  host.lang = reader.words.language
  const paint = () => host.setAttribute('data-theme', theme === 'auto' ? (dark().matches ? 'dark' : 'light') : theme)
  paint()
  dark().addEventListener('change', paint, ending)
  const status = element('p', { role: 'status', class: 'unseen' })
  root.append(status)
  return {
    host,
    root,
    announce(text) {
      status.replaceChildren(visuallyHidden(text))
    },
    remove() {
      ending.abort()
      host.remove()
    },
  }
}
