/**
 * The hosted preference centre, `/console/preferences?key=…`: whose page it is, the way back to the site, and a place in which
 * `preferences.js` shows the choices. Without scripts the page says how to decide all the same, because the person's device is known only
 * to a script on it.
 */
import type { ControllerDraft } from '../../shared/consent/controller.ts'
import type { Site } from '../../shared/consent/site.ts'
import { type Html, html } from '../public/html.ts'
import { type PageLanguage, pageFrame } from '../public/page-frame.ts'
import { type HostedWords, hostedWords } from './preferences-page-words.ts'

export interface HostedPage {
  readonly language: PageLanguage
  readonly key: string
  readonly controller: Pick<
    ControllerDraft,
    'controller' | 'name' | 'address' | 'contact' | 'dataProtectionOfficer' | 'supervisoryAuthority'
  >
  /** Titles of the policies in force, in the reader's language. */
  readonly policies: readonly { readonly policyId: string; readonly title: string }[]
  /** An origin of the site. */
  readonly back: string | undefined
}

export function preferencesPage({ language, key, controller, policies, back }: HostedPage): Html {
  const words = hostedWords[language]
  const other = language === 'sv' ? 'en' : 'sv'
  const query = new URLSearchParams({ key, lang: other, ...(back && { from: back }) })
  return pageFrame({
    language,
    title: `${words.title} – ${controller.name}`,
    description: words.description(controller.name),
    owner: { label: controller.name, href: back ?? `/policies/${controller.controller}?lang=${language}` },
    translations: [{ language: other, href: `/console/preferences?${query}`, label: hostedWords[other].ownName }],
    files: { styles: [], scripts: ['/console/preferences.js'] },
    main: html`${back !== undefined && html`<p class="ways"><a href="${back}">${words.backTo(new URL(back).host)}</a></p>\n`}<div id="preferences">
<noscript>${withoutScript({ language, controller, policies }, words)}</noscript>
</div>
${contact(controller, words)}`,
  })
}

/** The page of an address without a key, or with one that no site has. */
export function noSitePage(language: PageLanguage): Html {
  const words = hostedWords[language]
  const other = language === 'sv' ? 'en' : 'sv'
  return pageFrame({
    language,
    title: words.noSite,
    description: words.noSite,
    translations: [{ language: other, href: `/console/preferences?lang=${other}`, label: hostedWords[other].ownName }],
    main: html`<h1>${words.noSite}</h1>
<p class="lead">${words.noSiteWhy}</p>
<p>${words.noSiteWhatToDo}</p>`,
  })
}

function withoutScript(
  { language, controller, policies }: Pick<HostedPage, 'language' | 'controller' | 'policies'>,
  words: HostedWords,
): Html {
  const at = `/policies/${controller.controller}`
  return html`
<h1>${words.title}</h1>
<p class="lead">${words.noScript}</p>
<h2>${words.decideTitle}</h2>
<ul>
<li>${words.decideByContact} ${reached(controller.contact)}</li>
<li>${words.decideByClearing}</li>
<li>${words.decideElsewhere}</li>
</ul>
<h2>${words.policiesTitle}</h2>
<ul>${policies.map(({ policyId, title }) => html`<li><a href="${at}/${policyId}?lang=${language}">${title}</a></li>`)}</ul>
`
}

function contact(controller: HostedPage['controller'], words: HostedWords): Html {
  const { name, address, dataProtectionOfficer, supervisoryAuthority } = controller
  return html`<p class="contact">${words.responsible} ${name}, ${address}. ${words.contact} ${reached(controller.contact)}.
${words.officer} ${reached(dataProtectionOfficer)}. ${words.complain} ${supervisoryAuthority}.</p>`
}

/** A mail address is a link; what else a controller states is text. */
function reached(text: string): Html {
  return /^[^\s@:/?#]+@[^\s@:/?#]+$/.test(text) ? html`<a href="mailto:${text}">${text}</a>` : html`${text}`
}

/**
 * The site's origin that the person came from, or the first one with HTTPS. An address that is not the site's is never linked, so that no
 * one can make this page lead elsewhere.
 *
 * @param cameFrom what the request states: an origin or an address
 * @param ownHost the ledger's own, which is among the origins of a site that uses this page
 */
export function wayBack(
  { origins }: Pick<Site, 'origins'>,
  cameFrom: readonly (string | undefined)[],
  ownHost: string | undefined,
): string | undefined {
  const others = origins.filter((origin) => URL.parse(origin)?.host !== ownHost)
  const stated = cameFrom.map((address) => URL.parse(address ?? '')?.origin)
  return others.find((origin) => stated.includes(origin)) ?? others.find((origin) => origin.startsWith('https://'))
}
