/** The page for an address that leads nowhere (404), or that cannot be read (400). */
import { type Html, html } from './html.ts'
import { pageFrame } from './page-frame.ts'
import type { PublicReader } from './public-reader.ts'

export function errorPage(reader: PublicReader, path: string, isNotFound: boolean): Html {
  const { words } = reader
  const title = isNotFound ? words.notFound : words.badRequest
  const main = html`<h1>${title}</h1>
<p>${words.notFoundText}</p>`
  const isSwedish = words.language === 'sv'
  const language = isSwedish ? 'en' : 'sv'
  return pageFrame({
    language: isSwedish ? 'sv' : 'en',
    title,
    description: title,
    translations: [{ language, href: `${path}?lang=${language}`, label: words.otherLanguage }],
    main,
  })
}
