/** Shows the preference centre in a site's own page: in an element of the page, or in a dialog above it. */
import { element, newId } from '../element.ts'
import type { Reader } from '../reader.ts'
import { openSurface, type Theme } from '../surface.ts'
import type { WatchedClient } from '../watched-client.ts'
import { openCentre } from './preference-centre.ts'

export interface PreferencesOptions {
  readonly url: string
  readonly key: string
  readonly client: WatchedClient
  readonly reader: Reader
  readonly theme: Theme
}

export interface Preferences {
  close(): void
}

let openDialog: (Preferences & { readonly host: Element }) | undefined

/** Opens at most one dialog: a further call returns the open one, unless a library removed it together with the page's body. */
export function openPreferences(options: PreferencesOptions, parent?: Element): Preferences {
  if (parent === undefined && openDialog !== undefined) {
    if (openDialog.host.isConnected) return openDialog
    openDialog.close()
  }
  const { reader, theme } = options
  const surface = openSurface('consent-preferences', reader, theme)
  const titleId = newId()
  const centre = openCentre({ ...options, titleId, titleLevel: 'h2' })
  const close = () => {
    centre.close()
    surface.remove()
  }
  if (parent !== undefined) {
    surface.root.append(centre.element)
    parent.append(surface.host)
    return { close }
  }

  const end = () => {
    openDialog = undefined
    close()
  }
  const dialog = element(
    'dialog',
    {
      class: 'layer',
      'aria-labelledby': titleId,
      close: end,
    },
    element('div', { class: 'scrolled' }, centre.element),
    element(
      'div',
      { class: 'answers' },
      element('button', { type: 'button', class: 'answer quiet', click: () => dialog.close() }, reader.words.close),
    ),
  )
  surface.root.append(dialog)
  document.body.append(surface.host)
  dialog.showModal()
  surface.root.getElementById(titleId)?.focus()
  // A dialog outside the page sends no `close` event.
  openDialog = { host: surface.host, close: () => (surface.host.isConnected ? dialog.close() : end()) }
  return openDialog
}

/** A click on any element with `data-consent-preferences` opens the preference centre. */
export function openByAttribute(open: () => void): void {
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target.closest('[data-consent-preferences]') : null
    if (target === null) return
    event.preventDefault()
    open()
  })
}
