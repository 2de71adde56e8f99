/** The page of the API reference, `/reference`: the frame, into which `functions/reference` puts Swagger UI, whose words are English. */
import { type Html, html } from './html.ts'
import { type PageLanguage, pageFrame } from './page-frame.ts'

export function referencePage(language: PageLanguage): Html {
  const { title, what, json, needsScript, translation } = wordsOf[language]
  return pageFrame({
    language,
    title,
    description: what,
    translations: [translation],
    isWide: true,
    files: { styles: ['/reference/reference.css'], scripts: ['/reference/reference.js'] },
    main: html`<h1>${title}</h1>
<p>${what} <a href="/openapi.json">${json}</a></p>
<noscript><p>${needsScript}</p></noscript>
<div id="reference" lang="en"></div>`,
  })
}

const wordsOf = {
  en: {
    title: 'API reference',
    what: 'Every route of this ledger, with its fields and answers. Errors are problem documents (RFC 9457).',
    json: 'The same for programs (OpenAPI 3.1)',
    needsScript: 'The list is made by a script. Without scripts, read the document for programs.',
    translation: { language: 'sv', href: '/reference?lang=sv', label: 'Svenska' },
  },
  sv: {
    title: 'API-referens',
    what: 'Alla anrop i det här registret, med fält och svar. Fel beskrivs enligt RFC 9457. Beskrivningarna är på engelska.',
    json: 'Samma sak för program (OpenAPI 3.1)',
    needsScript: 'Listan görs av ett skript. Utan skript kan du läsa dokumentet för program.',
    translation: { language: 'en', href: '/reference?lang=en', label: 'English' },
  },
} as const satisfies Record<PageLanguage, object>
