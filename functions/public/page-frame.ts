/**
 * The frame of every public page: head, header with the page's other languages, main, footer. Pages run no script and load one style sheet
 * of the ledger's own (`styles/public.css`, served as `/console/public.css`). All values are escaped by the template tag.
 */
import { type Html, html } from './html.ts'

/** Languages of the frame's own words. */
export type PageLanguage = 'en' | 'sv'

export interface PageLink {
  /** From the root, with its query: `/policies/acme?lang=sv`. */
  readonly href: string
  readonly label: string
}

/** The same page in another language. */
export interface Translation extends PageLink {
  /** Language tag of the page that the link leads to, in which `label` is written as well. */
  readonly language: string
}

/** The same content in another form, for programs: JSON-LD, Atom. */
export interface Alternate extends PageLink {
  /** Media type. */
  readonly type: string
}

export interface PageContent {
  readonly language: PageLanguage
  /** For the window and for search engines. The page's own h1 is in `main`. */
  readonly title: string
  /** A sentence for search engines. */
  readonly description: string
  /** Whose page it is, at the top; by default the ledger's, which leads to the front page. */
  readonly owner?: PageLink
  readonly translations: readonly Translation[]
  readonly alternates?: readonly Alternate[]
  /** What is wider than a column of text, such as tables. */
  readonly isWide?: boolean
  /** Addresses of what the page loads beside the common style sheet. A page with scripts states its own content security policy. */
  readonly files?: { readonly styles: readonly string[]; readonly scripts: readonly string[] }
  /** With one h1. */
  readonly main: Html
}

export function pageFrame(page: PageContent): Html {
  const { language, title, description, owner, translations, alternates = [], files, main } = page
  const words = wordsOf[language]
  const inLanguage = (path: string) => `${path}?lang=${language}`
  const { href, label } = owner ?? { href: inLanguage('/'), label: words.ledger }
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<meta name="description" content="${description}">
<link rel="icon" href="/console/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/console/public.css">
${files?.styles.map((path) => html`<link rel="stylesheet" href="${path}">\n`)}${files?.scripts.map((path) => html`<script defer src="${path}"></script>\n`)}${translations.map((each) => html`<link rel="alternate" hreflang="${each.language}" href="${each.href}">\n`)}${alternates.map(
  (each) => html`<link rel="alternate" type="${each.type}" title="${each.label}" href="${each.href}">\n`,
)}</head>
<body${page.isWide && html` class="wide"`}>
<a class="skip" href="#main">${words.skip}</a>
<header class="top"><div class="page">
<a class="owner" href="${href}">${label}</a>
${translations.length > 0 && languageLinks(translations, words.languages)}
</div></header>
<main id="main" tabindex="-1"><div class="page content">
${main}
</div></main>
<footer class="bottom"><div class="page">
<p>${words.about}</p>
<ul class="plain ways">
<li><a href="${inLanguage('/')}">${words.front}</a></li>
<li><a href="/console/#/verify">${words.verify}</a></li>
<li><a href="/reference">${words.reference}</a></li>
</ul>
</div></footer>
</body>
</html>
`
}

function languageLinks(translations: readonly Translation[], label: string): Html {
  const links = translations.map(
    ({ href, language, label: name }) =>
      html`<li><a href="${href}" lang="${language}" hreflang="${language}">${name}</a></li>`,
  )
  return html`<nav aria-label="${label}"><ul class="plain ways">${links}</ul></nav>`
}

const wordsOf = {
  en: {
    skip: 'Skip to the content',
    languages: 'Languages',
    ledger: 'Consent ledger',
    about: 'From a consent ledger, whose answers anyone can check without trusting who runs it.',
    front: 'What this is',
    verify: 'Check a proof',
    reference: 'API reference',
  },
  sv: {
    skip: 'Hoppa till innehållet',
    languages: 'Språk',
    ledger: 'Samtyckesregister',
    about:
      'Från ett samtyckesregister. Dess svar kan vem som helst kontrollera, utan att behöva lita på den som driver det.',
    front: 'Vad är det här?',
    verify: 'Kontrollera ett bevis',
    reference: 'API-referens',
  },
} as const satisfies Record<PageLanguage, Record<string, string>>
