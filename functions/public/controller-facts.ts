/** Who is responsible, and the words that a controller defines. */
import type { Controller } from '../../shared/consent/controller.ts'
import { placeOf } from '../pages/reader.ts'
import { type Html, html, type Piece } from './html.ts'
import { type PublicReader, written } from './public-reader.ts'
import { facts } from './rows-table.ts'

export function controllerFacts({ words, declared }: PublicReader, controller: Controller): Html {
  return facts([
    [words.name, controller.name],
    [words.address, controller.address],
    [words.country, placeOf(declared, controller.country)],
    [words.contact, reachable(controller.contact)],
    [words.dataProtectionOfficer, reachable(controller.dataProtectionOfficer)],
    [words.supervisoryAuthority, controller.supervisoryAuthority],
    [words.licences, controller.licences.join(', ')],
  ])
}

export function glossaryList(reader: PublicReader, { glossary }: Controller): Html {
  return html`<dl class="glossary">${glossary.map(
    ({ term, meaning }) => html`<div><dt>${written(reader, term)}</dt><dd>${written(reader, meaning)}</dd></div>`,
  )}</dl>`
}

/** A mail address as a link. Any other way to reach somebody is shown as it was written. */
function reachable(contact: string): Piece {
  return /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(contact) ? html`<a href="mailto:${contact}">${contact}</a>` : contact
}
