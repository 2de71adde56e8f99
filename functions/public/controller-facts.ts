/** Who is responsible, and the words that a controller defines. */
import type { Controller } from '../../shared/consent/controller.ts'
import { placeOf } from '../pages/reader.ts'
import { type Html, html } from './html.ts'
import { type PublicReader, written } from './public-reader.ts'
import { facts } from './rows-table.ts'

export function controllerFacts({ words, declared }: PublicReader, controller: Controller): Html {
  return facts([
    [words.responsible, controller.name],
    [words.address, controller.address],
    [words.country, placeOf(declared, controller.country)],
    [words.contact, controller.contact],
    [words.dataProtectionOfficer, controller.dataProtectionOfficer],
    [words.supervisoryAuthority, controller.supervisoryAuthority],
    [words.licences, controller.licences.join(', ')],
  ])
}

export function glossaryList(reader: PublicReader, { glossary }: Controller): Html {
  return html`<dl class="glossary">${glossary.map(
    ({ term, meaning }) => html`<div><dt>${written(reader, term)}</dt><dd>${written(reader, meaning)}</dd></div>`,
  )}</dl>`
}
