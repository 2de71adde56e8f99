/**
 * A shadow root with the pages' style sheet, for content inside a site's page. The site's styles do not reach into it, but its
 * `--consent-...` properties do. A constructed style sheet needs no `unsafe-inline` in the site's content security policy.
 */
import { element, visuallyHidden } from './element.ts'
import type { Reader } from './reader.ts'
import styles from './styles/all.css'

export interface Surface {
  readonly host: HTMLElement
  readonly root: ShadowRoot
  /** Lets screen readers announce the text, without moving the focus. */
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
