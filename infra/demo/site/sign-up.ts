/**
 * Opening an account. The terms in force are on the page; they are accepted with a box that is not ticked in advance. The privacy policy is
 * not a contract: it is shown and acknowledged. Offers from partners are a separate choice.
 *
 * An account is created only after the ledger has recorded the acceptance. The notice is bound to the account's id before the account
 * exists, so the record proves which text this person was served.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { html } from '../../../functions/public/html.ts'
import type { NewEvent, Notice } from '../../../shared/server/server.ts'
import { addressIn, box, type Errors, errorSummary, textField } from './form-fields.ts'
import { layout } from './layout.ts'
import { noticeDetails, noticeText } from './notice-details.ts'
import type { SignUp } from './sessions.ts'
import { nowOf, type Pages, type Reply, type Site, type Visit } from './site.ts'

const presentationId = 'signup-form'
const decisionsOf = (form: URLSearchParams): NewEvent['decisions'] => [
  { policyId: 'general-terms', verb: 'accepted' },
  { policyId: 'privacy-policy', verb: 'acknowledged' },
  // An unticked box is a refusal of the offer, and is recorded as one.
  { purposeId: 'partner-offers', verb: form.get('partner-offers') === 'yes' ? 'given' : 'refused' },
]

export const signUpPages: Pages = {
  'GET /signup': (site, visit) =>
    visit.session?.account ? { goTo: visit.words.to('/account') } : formPage(site, visit),

  async 'POST /signup'(site, visit) {
    const { form, session, words } = visit
    const signUp = session?.signUp
    if (session === undefined || signUp === undefined) return { goTo: words.to('/signup') }
    const errors = errorsOf(site, visit)
    const email = addressIn(form)
    if (email === undefined || Object.keys(errors).length > 0) return formPage(site, visit, errors)
    signUp.occurredAt ??= nowOf(site)
    await site.ledger.recordEvents({
      eventId: signUp.eventId,
      occurredAt: signUp.occurredAt,
      subject: { token: await site.tokenOf(signUp.account), new: true },
      decisions: decisionsOf(form),
      shown: signUp.noticeTokens.map((noticeToken) => ({ noticeToken })),
      presentationId,
      initialState: { 'policy/general-terms': 'off', 'partner-offers': 'off' },
      channel: 'web',
      surface: 'signup',
      act: 'checkbox',
      control: 'save-choices',
      locale: words.locale,
      page: `${site.url}/signup`,
    })
    const name = (form.get('name') ?? '').trim()
    site.records.accounts[signUp.account] = { account: signUp.account, name, email }
    await site.records.save()
    site.sessions.end(session)
    return { goTo: words.to('/account', { welcome: 'yes' }), session: site.sessions.begin({ account: signUp.account }) }
  },
}

function errorsOf({ records }: Site, { form, words: { say } }: Visit): Errors {
  const email = addressIn(form)
  const isKnown = Object.values(records.accounts).some((account) => account.email === email)
  return {
    ...(!form.get('name')?.trim() && { name: say('Skriv ditt namn.', 'Enter your name.') }),
    ...(email === undefined && {
      email: say(
        'Skriv en e-postadress, till exempel namn@exempel.se.',
        'Enter an e-mail address, for example name@example.org.',
      ),
    }),
    ...(isKnown && {
      email: say(
        'Det finns redan ett konto med den adressen. Logga in i stället.',
        'There is already an account with this address. Log in instead.',
      ),
    }),
    ...(form.get('terms') !== 'yes' && {
      terms: say(
        'Du behöver godkänna villkoren för att få ett konto.',
        'To open an account, you need to accept the terms.',
      ),
    }),
  }
}

async function formPage(site: Site, visit: Visit, errors: Errors = {}): Promise<Reply> {
  const { words, form } = visit
  const { say, of, to, locale } = words
  const account = `acct-${randomBytes(6).toString('hex')}`
  const person = { token: await site.tokenOf(account) }
  const [terms, privacy] = await Promise.all([
    site.ledger.getNotice('general-terms', { locale }, person),
    site.ledger.getNotice('privacy-policy', { locale }, person),
  ])
  const signUp: SignUp = { account, eventId: randomUUID(), noticeTokens: [terms.noticeToken, privacy.noticeToken] }
  const presentation = privacy.presentations.find((one) => one.presentationId === presentationId)
  const offers = presentation?.controls.find(({ purposeId }) => purposeId === 'partner-offers')
  const partners = privacy.purposes.find(({ purposeId }) => purposeId === 'partner-offers')
  if (presentation === undefined || offers === undefined || partners === undefined)
    throw new Error('the privacy policy declares no sign-up form')
  const title = say('Skapa konto', 'Open an account')
  const main = html`<h1>${title}</h1>
${errorSummary(errors, words)}
<form method="post" action="${to('/signup')}" novalidate class="card">
${textField({ name: 'name', type: 'text', label: say('Namn', 'Name'), value: form.get('name') ?? '', autocomplete: 'name', errors })}
${textField({ name: 'email', type: 'email', label: say('E-postadress', 'E-mail address'), value: form.get('email') ?? '', autocomplete: 'email', errors })}
<fieldset><legend>${of(terms.title)}, version ${terms.version}</legend>
${noticeText(terms, words, 2)}
${box({ name: 'terms', label: say(`Jag godkänner de allmänna villkoren, version ${terms.version}`, `I accept the general terms, version ${terms.version}`), isTicked: form.get('terms') === 'yes', isRequired: true, errors })}
</fieldset>
<fieldset><legend>${say('Frivilligt', 'Optional')}</legend>
<p>${of(presentation.wording)}</p>
${box({ name: 'partner-offers', label: of(offers.label), hint: html`${of(partners.description)} ${recipientsOf(partners)}`, isTicked: form.get('partner-offers') === 'yes', errors })}
</fieldset>
<section><h2>${say('Så behandlar vi dina uppgifter', 'How we process your data')}</h2>
<p>${say('Det här är information. Du behöver inte godkänna den.', 'This is information. You do not need to accept it.')}</p>
${noticeDetails(privacy, words)}</section>
<p class="actions"><button>${title}</button></p>
</form>`
  if (visit.session) site.sessions.end(visit.session)
  const session = site.sessions.begin({ signUp })
  return {
    page: await layout(site, visit, { title, main }),
    status: Object.keys(errors).length > 0 ? 422 : 200,
    session,
  }
}

function recipientsOf({ recipients }: Notice['purposes'][number]): string {
  return recipients
    .filter(({ role }) => role === 'controller')
    .map(({ party }) => party)
    .join(', ')
}
