/**
 * Logging in with an invented electronic identity: the visitor chooses a name. A real site asks its identity provider, whose tokens the
 * ledger trusts.
 */

import { html } from '../../../functions/public/html.ts'
import { presentations } from '../world/ljungsten/presentations.ts'
import { layout } from './layout.ts'
import type { Pages } from './site.ts'

export const logInPages: Pages = {
  async 'GET /login'(site, visit) {
    const { say, to, locale } = visit.words
    const title = say('Logga in', 'Log in')
    const accounts = Object.values(site.records.accounts)
    const main = html`<h1>${title}</h1>
<p class="note">${say('En påhittad e-legitimation: välj vem du är.', 'An invented electronic identity: choose who you are.')}</p>
<p class="note">${linkingText(locale)}</p>
<form method="post" action="${to('/login')}"><ul class="plain choices">${accounts.map(
      ({ account, name, email }) =>
        html`<li><button class="quiet" name="account" value="${account}"><strong>${name}</strong><br>${email}</button></li>`,
    )}</ul></form>
<p>${say('Elin godkände den första versionen av villkoren 2024.', 'Elin accepted the first version of the terms in 2024.')}</p>
<p><a href="${to('/signup')}">${say('Skapa ett konto', 'Open an account')}</a></p>`
    return { page: await layout(site, visit, { title, main }) }
  },

  'POST /login'(site, { form, words, session }) {
    const account = form.get('account') ?? ''
    if (!Object.hasOwn(site.records.accounts, account)) return { goTo: words.to('/login') }
    if (session) site.sessions.end(session)
    return { goTo: words.to('/account'), session: site.sessions.begin({ account }) }
  },

  'POST /logout'(site, { words, session }) {
    if (session) site.sessions.end(session)
    return { goTo: words.to('/') }
  },
}

/** What logging in does with the choices of the device, in the words of the first layer that was published for it. */
function linkingText(locale: string): string {
  const { draft } = presentations.find((each) => each.draft.presentationId === 'account-link') ?? {}
  return draft?.wording[locale] ?? ''
}
