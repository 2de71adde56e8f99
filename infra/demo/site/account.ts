/**
 * The account page. The server writes what changed since the customer decided, the accepted terms and the newsletter; the browser SDK
 * (`browser/account.ts`) reads choices, history and receipts from the ledger with the account's token.
 */

import { html } from '../../../functions/public/html.ts'
import type { OwnConsents } from '../../../shared/server/server.ts'
import type { Words } from './language.ts'
import { layout } from './layout.ts'
import { changesFor, changeView } from './policy-change.ts'
import { purposeTitles } from './purpose-titles.ts'
import type { Pages, Site, Visit } from './site.ts'
import type { Account } from './site-records.ts'

export const accountPages: Pages = {
  async 'GET /account'(site, visit) {
    const { words, session, query } = visit
    const known = session?.account ? site.records.accounts[session.account] : undefined
    if (known === undefined) return { goTo: words.to('/login') }
    const token = await site.tokenOf(known.account)
    const { consents } = await site.ledger.getOwnConsents({ token })
    const changes = await changesFor(site, consents, words)
    const titles = await purposeTitles(site, ['privacy-policy', 'general-terms', 'cookie-policy'], words)
    const { say, to } = words
    const title = say('Mitt konto', 'My account')
    const main = html`<h1>${title}</h1>
${query.has('welcome') && html`<p class="note" role="status">${say('Välkommen! Kontot är öppnat, och ditt godkännande är antecknat.', 'Welcome! The account is open, and your acceptance is recorded.')}</p>`}
<p class="intro">${known.name}, ${known.email}</p>
${await Promise.all(changes.map((change) => changeView(site, visit, known.account, change)))}
${termsView(consents, words)}
<div id="account" data-titles="${JSON.stringify(titles)}" ${browserSettings(site, visit, token)}>
<section aria-labelledby="choices"><h2 id="choices">${say('Dina val', 'Your choices')}</h2><div id="choices-list"></div>
<p>${say('Du väljer cookies på varje enhet för sig.', 'You choose cookies on each device separately.')}
<a href="${to('/policies/cookie-policy')}" data-consent-preferences>${say('Välj för den här enheten', 'Choose for this device')}</a></p></section>
${newsletterView(known, words)}
<section aria-labelledby="history"><h2 id="history">${say('Historik och kvitton', 'History and receipts')}</h2>
<p>${say('Varje beslut ger ett kvitto. Spara det: det går att kontrollera utan oss.', 'You get a receipt for each decision. Keep it: anyone can check it without us.')}</p><ol id="history-list"></ol></section>
<p id="account-status" role="status"></p>
<noscript><p class="note">${say('Val och historik visas med JavaScript.', 'Choices and history need JavaScript.')}</p></noscript>
</div>
<form method="post" action="${to('/logout')}"><p><button class="quiet">${say('Logga ut', 'Log out')}</button></p></form>`
    return { page: await layout(site, visit, { title, main, isPrivate: true, scripts: ['account.js'] }) }
  },

  async 'POST /account/newsletter'(site, { session, words }) {
    const known = session?.account ? site.records.accounts[session.account] : undefined
    if (known === undefined) return { goTo: words.to('/login') }
    await site.ledger.recordEvents({
      subject: { identifier: { type: 'email', id: known.email } },
      decisions: [{ purposeId: 'newsletter', verb: 'withdrawn' }],
      channel: 'web',
      surface: 'account',
      act: 'button',
      control: 'single',
      actor: { role: 'self' },
    })
    return { goTo: words.to('/newsletter/ended') }
  },
}

function browserSettings({ ledgerUrl, siteKey, logPolicy }: Site, { words }: Visit, token: string) {
  return html`data-url="${ledgerUrl}" data-key="${siteKey}" data-token="${token}" data-locale="${words.locale}" data-log-policy="${logPolicy}"`
}

function termsView(consents: OwnConsents['consents'], { say, to }: Words) {
  const terms = consents.find(({ policyId }) => policyId === 'general-terms')
  const version = terms?.shown
  const link = version && html`<a href="${to('/policies/general-terms', { version })}">version ${version}</a>`
  const standing =
    terms?.status === 'Accepted'
      ? html`${say('Du har godkänt', 'You accepted')} ${link}${terms.current === false ? say('. Sedan dess har villkoren ändrats väsentligt.', '. The terms have changed substantially since then.') : '.'}`
      : terms?.status === 'Declined'
        ? html`${say('Du har avböjt', 'You declined')} ${link}.`
        : say('Inget är antecknat.', 'Nothing is recorded.')
  return html`<section aria-labelledby="terms-stand"><h2 id="terms-stand">${say('Allmänna villkor', 'General terms')}</h2><p id="terms-status">${standing}</p></section>`
}

/**
 * Consent to the newsletter belongs to the address, and the account holder has not shown that mail to it reaches them. So the page does
 * not show whether the address gets the newsletter, but it can unsubscribe the address.
 */
function newsletterView({ email }: Account, { say, to }: Words) {
  return html`<section aria-labelledby="newsletter-stand"><h2 id="newsletter-stand">${say('Nyhetsbrev', 'Newsletter')}</h2>
<p>${say('Nyhetsbrevet hör till adressen och bekräftas där.', 'The newsletter belongs to the address and is confirmed there.')}
<a href="${to('/newsletter')}">${say('Anmäl dig', 'Sign up')}</a></p>
<form method="post" action="${to('/account/newsletter')}"><p class="actions">
<button class="quiet">${say(`Inga nyhetsbrev till ${email}`, `No newsletters to ${email}`)}</button></p></form></section>`
}
