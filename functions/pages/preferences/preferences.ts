/**
 * `preferences.js`: shows the choices on the hosted page, `/console/preferences?key=site_...`, for sites without a page of their own for them.
 * The page around it is in `endpoints/preferences-page.ts`.
 */
import { element, newId } from '../element.ts'
import { readerOf } from '../reader.ts'
import { ledgerOf } from '../script-settings.ts'
import { openSurface } from '../surface.ts'
import { openWatched } from '../watched-client.ts'
import { deviceOfPage, forgetLinkedDevice } from './linked-device.ts'
import { openCentre } from './preference-centre.ts'

const query = new URLSearchParams(location.search)
const key = query.get('key') ?? ''
const reader = readerOf(query.get('lang') ?? navigator.language)
const { storage, isLinked } = deviceOfPage(key)
const { words } = reader

const surface = openSurface('consent-preferences', reader, 'auto')
const url = ledgerOf(location.href)
const client = openWatched({ url, key, storage, locale: reader.locale })
const centre = openCentre({ url, key, client, reader, titleLevel: 'h1', titleId: newId() })
surface.root.append(element('div', { class: 'stacked' }, isLinked && handedOverNotice(), centre.element))
document.querySelector('#preferences')?.append(surface.host)

/** Lets a person who followed another person's link switch to their own device. */
function handedOverNotice(): HTMLElement {
  const leave = () => {
    forgetLinkedDevice(key)
    location.reload()
  }
  return element(
    'div',
    { class: 'notice' },
    element('p', {}, words.handedOver),
    element('button', { type: 'button', class: 'link', click: leave }, words.notMine),
  )
}
