/** `preferences.js`: the hosted preference centre, `/console/preferences?key=site_...`, for sites without a page of their own for it. */
import { element, newId } from '../element.ts'
import { type Reader, readerOf } from '../reader.ts'
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
document.documentElement.lang = words.language
document.title = words.choicesTitle

const surface = openSurface('consent-preferences', reader, 'auto')
const isSiteKey = /^site_[a-z0-9-]+_[a-z0-9-]+_[\w-]+$/.test(key)
surface.root.append(
  element(
    'main',
    { class: 'page stacked' },
    element('p', { class: 'languages' }, otherLanguage(reader)),
    isLinked && handedOverNotice(),
    isSiteKey ? centre() : element('p', { class: 'notice' }, words.noPage),
  ),
)
document.body.append(surface.host)

function centre(): HTMLElement {
  const url = ledgerOf(location.href)
  const client = openWatched({ url, key, storage, locale: reader.locale })
  const titleId = newId()
  return openCentre({ url, key, client, reader, titleLevel: 'h1', titleId }).element
}

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

function otherLanguage({ words: { language, otherLanguage: label } }: Reader): HTMLElement {
  const other = language === 'sv' ? 'en' : 'sv'
  const address = `?${new URLSearchParams({ key, lang: other })}`
  return element('a', { href: address, lang: other, hreflang: other }, label)
}
