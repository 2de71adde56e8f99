/**
 * The frame of every page: header, navigation, a footer with the policies and the privacy choices, and the demo's controls, marked as not
 * part of a real site.
 */

import { type Html, html, type Piece } from '../../../functions/public/html.ts'
import { demoControls } from './demo-controls.ts'
import type { Site, Visit } from './site.ts'

export interface PageContent {
  readonly title: string
  readonly main: Piece
  /** A page that needs a log-in has no banner and none of the scripts for visitors. */
  readonly isPrivate?: boolean
  /** File names of the site's own bundles. */
  readonly scripts?: readonly string[]
}

export async function layout(
  site: Site,
  visit: Visit,
  { title, main, isPrivate, scripts = [] }: PageContent,
): Promise<Html> {
  const { words, session } = visit
  const { say, to, language } = words
  const here = (path: string) => html`${path === visit.path && html`aria-current="page"`}`
  const link = (path: string, label: string) => html`<li><a href="${to(path)}" ${here(path)}>${label}</a></li>`
  return html`<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} – Ljungsten Inkasso</title>
<link rel="stylesheet" href="/site.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<script defer src="${site.ledgerUrl}/console/banner.js" data-key="${site.siteKey}" data-policy="cookie-policy" data-theme="light"></script>
${!isPrivate && html`<script defer src="/optional.js"></script>`}
${scripts.map((script) => html`<script defer src="/${script}"></script>`)}
</head>
<body>
<a class="skip" href="#main">${say('Till innehållet', 'Skip to the content')}</a>
<header class="top"><div class="wide head">
<a class="brand" href="${to('/')}"><span class="mark" aria-hidden="true"></span>Ljungsten</a>
<nav aria-label="${say('Webbplatsen', 'Site')}"><ul class="plain ways">
${link('/newsletter', say('Nyhetsbrev', 'Newsletter'))}
${session?.account ? link('/account', say('Mitt konto', 'My account')) : link('/login', say('Logga in', 'Log in'))}
${!session?.account && link('/signup', say('Skapa konto', 'Open an account'))}
<li>${otherLanguage(visit)}</li>
</ul></nav>
</div></header>
<main id="main" tabindex="-1"><div class="wide body">
${main}
</div></main>
<footer><div class="wide foot">
<p><strong>Ljungsten Inkasso AB</strong><br>Ljungvägen 7, 999 01 Ljungsta<br>${say('Ett påhittat företag.', 'An invented company.')}</p>
<ul class="plain">
<li><a href="${to('/policies/general-terms')}">${say('Allmänna villkor', 'General terms')}</a></li>
<li><a href="${to('/policies/privacy-policy')}">${say('Integritetspolicy', 'Privacy policy')}</a></li>
<li><a href="${to('/policies/cookie-policy')}">${say('Cookiepolicy', 'Cookie policy')}</a></li>
<li><a href="${to('/policies/cookie-policy')}" data-consent-preferences>${say('Integritetsval', 'Privacy choices')}</a></li>
</ul>
</div></footer>
${await demoControls(site, visit)}
</body>
</html>`
}

function otherLanguage({ path, query, words }: Visit): Html {
  const other = words.language === 'sv' ? 'en' : 'sv'
  const asked = new URLSearchParams(query)
  asked.set('lang', other)
  return html`<a href="${path}?${asked.toString()}" lang="${other}" hreflang="${other}">${other === 'en' ? 'English' : 'Svenska'}</a>`
}
