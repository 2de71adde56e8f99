/** The frame of a page about a controller: whose it is, its other language, its other forms, and where people choose. */
import type { Controller } from '../../shared/consent/controller.ts'
import { type Html, html, type Piece } from './html.ts'
import { type Alternate, pageFrame } from './page-frame.ts'
import { inLanguage, policiesPath } from './policy-addresses.ts'
import type { PublicReader } from './public-reader.ts'

export interface ControllerPage {
  readonly reader: PublicReader
  readonly controller: Controller
  readonly title: string
  /** A sentence for search engines. */
  readonly description: string
  readonly path: string
  /** The address's query without the language. */
  readonly query?: Readonly<Record<string, string>>
  readonly alternates?: readonly Alternate[]
  readonly main: Piece
  /** Address of the preference centre, where there is one for this controller. */
  readonly preferences: string | undefined
}

export function controllerPage(page: ControllerPage): Html {
  const { reader, controller, title, description, path, query = {}, alternates = [], main, preferences } = page
  const { words } = reader
  const home = policiesPath(controller.controller)
  const others = [
    ...(preferences === undefined ? [] : [{ href: preferences, label: words.choices }]),
    ...(path === home ? [] : [{ href: inLanguage(reader, home), label: words.policiesOf(controller.name) }]),
    ...alternates,
  ]
  const language = words.language === 'sv' ? 'en' : 'sv'
  return pageFrame({
    language: words.language === 'sv' ? 'sv' : 'en',
    title: `${title} – ${controller.name}`,
    description,
    owner: { href: inLanguage(reader, home), label: controller.name },
    translations: [
      { language, href: `${path}?${new URLSearchParams({ ...query, lang: language })}`, label: words.otherLanguage },
    ],
    alternates,
    isWide: true,
    main: html`${main}
${
  others.length > 0 &&
  html`<nav class="other-forms" aria-label="${words.more}"><ul class="plain ways">${others.map(
    ({ href, label }) => html`<li><a href="${href}">${label}</a></li>`,
  )}</ul></nav>`
}`,
  })
}
