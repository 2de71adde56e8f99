/**
 * The page for a request that a page's address cannot answer: unknown (404), misspelt (400), with a method that pages do not have (405), too
 * often (429), or while the ledger fails (500, 503). It says nothing of the request but its code, so an address has nowhere to be reflected.
 */
import { type Html, html } from './html.ts'
import { type PageLanguage, type PageLink, pageFrame } from './page-frame.ts'

export interface Refusal {
  readonly status: number
  /** The stable code of the error. */
  readonly code: string
  /** The controller whose policies a reader may have looked for. */
  readonly controller?: string | undefined
}

export function refusalPage(language: PageLanguage, { status, code, controller }: Refusal): Html {
  const words = wordsOf[language]
  const [title, says] = words[reasonOf(status)]
  const ways: readonly PageLink[] = [
    ...(controller === undefined ? [] : [{ href: `/policies/${controller}`, label: words.policies }]),
    { href: '/', label: words.front },
    { href: '/console/', label: words.console },
  ]
  return pageFrame({
    language,
    title,
    description: says,
    // A query alone keeps the path, whatever it is.
    translations: [
      language === 'sv'
        ? { language: 'en', href: '?lang=en', label: 'In English' }
        : { language: 'sv', href: '?lang=sv', label: 'På svenska' },
    ],
    main: html`<h1>${title}</h1>
<p>${says}</p>
<ul class="plain ways">${ways.map(({ href, label }) => html`<li><a href="${href}?lang=${language}">${label}</a></li>`)}</ul>
<p class="muted">${words.code} <code>${code}</code> (${status})</p>`,
  })
}

const reasons = { 404: 'unknown', 405: 'method', 429: 'often', 503: 'away' } as const
type Reason = (typeof reasons)[keyof typeof reasons] | 'misspelt' | 'failed'

function reasonOf(status: number): Reason {
  const known = Object.entries(reasons).find(([each]) => Number(each) === status)
  return known?.[1] ?? (status >= 500 ? 'failed' : 'misspelt')
}

type Words = Readonly<Record<Reason, readonly [title: string, says: string]>> &
  Readonly<Record<'policies' | 'front' | 'console' | 'code', string>>

const wordsOf: Readonly<Record<PageLanguage, Words>> = {
  en: {
    unknown: ['This page does not exist', 'The address may be mistyped, or the link that you followed is wrong.'],
    misspelt: [
      'This address is not understood',
      'A part of the address is not as it should be. Begin from one of these pages.',
    ],
    method: ['This address only shows a page', 'Nothing can be sent to it. Nothing was changed.'],
    often: ['Too many requests', 'Wait a moment, then load the page again.'],
    failed: ['The page could not be made', 'The ledger failed, and its operators can see that. Try again later.'],
    away: ['The ledger cannot answer right now', 'Nothing was lost. Load the page again in a moment.'],
    policies: 'The policies of this controller',
    front: 'The front page',
    console: 'The console',
    code: 'For whoever helps you:',
  },
  sv: {
    unknown: ['Sidan finns inte', 'Adressen kan vara felskriven, eller så var länken som du följde fel.'],
    misspelt: [
      'Adressen går inte att förstå',
      'Någon del av adressen är inte som den ska. Börja från en av de här sidorna.',
    ],
    method: ['Adressen visar bara en sida', 'Det går inte att skicka något hit. Inget har ändrats.'],
    often: ['För många förfrågningar', 'Vänta en stund och ladda sedan om sidan.'],
    failed: [
      'Sidan gick inte att visa',
      'Det blev fel i registret, och de som driver det kan se det. Försök igen senare.',
    ],
    away: ['Registret kan inte svara just nu', 'Inget har gått förlorat. Ladda om sidan om en stund.'],
    policies: 'Den ansvariges policyer',
    front: 'Startsidan',
    console: 'Konsolen',
    code: 'Till den som hjälper dig:',
  },
}
