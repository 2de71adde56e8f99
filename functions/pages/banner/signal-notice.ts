/**
 * Tells a person whom the banner has nothing to ask that the browser's opt-out signal was honoured. It covers little, asks nothing, takes no
 * focus, and stays until it is closed.
 */
import { element, newId } from '../element.ts'
import type { Reader } from '../reader.ts'
import { openSurface, type Theme } from '../surface.ts'
import { placeBanner } from './banner-placement.ts'

export interface SignalNoticeOptions {
  readonly reader: Reader
  readonly theme: Theme
  readonly text: string
  /** Opens the preference centre. */
  readonly showPreferences: () => void
}

export function showSignalNotice({ reader, theme, text, showPreferences }: SignalNoticeOptions): void {
  const { words } = reader
  const surface = openSurface('consent-banner', reader, theme)
  const ending = new AbortController()
  const title = newId()
  const close = () => {
    ending.abort()
    surface.remove()
  }
  const button = (label: string, click: () => void) =>
    element('button', { type: 'button', class: 'answer quiet', click }, label)
  const notice = element(
    'section',
    { class: 'banner told', 'aria-labelledby': title },
    element('div', { class: 'words' }, element('h2', { id: title }, words.choicesTitle), element('p', {}, text)),
    element(
      'div',
      { class: 'answers' },
      button(words.close, close),
      button(words.change, () => {
        close()
        showPreferences()
      }),
    ),
  )
  surface.root.append(notice)
  placeBanner(surface.host, notice, () => {}, ending.signal)
  surface.announce(text)
}
