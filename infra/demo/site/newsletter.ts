/**
 * The newsletter's form. The visitor's tick is recorded under the address. It is not yet a consent, because the address may be another
 * person's: the ledger hands over a letter with a link, by which the person confirms. The answer is the same for every address, and shows
 * nothing about it.
 */

import { html } from '../../../functions/public/html.ts'
import { type NewConfirmation, type Notice, ProblemError } from '../../../shared/server/server.ts'
import { addressIn, box, type Errors, errorSummary, textField } from './form-fields.ts'
import { layout } from './layout.ts'
import { sendHandedOver } from './letters.ts'
import { noticeDetails } from './notice-details.ts'
import type { Pages, Reply, Site, Visit } from './site.ts'

const presentationId = 'newsletter-form'

export const newsletterPages: Pages = {
  'GET /newsletter': (site, visit) => formPage(site, visit),

  async 'POST /newsletter'(site, visit) {
    const { form, words } = visit
    const { say, to, locale, language } = words
    const email = addressIn(form)
    const errors: Errors = {
      ...(email === undefined && {
        email: say(
          'Skriv en e-postadress, till exempel namn@exempel.se.',
          'Enter an e-mail address, for example name@example.org.',
        ),
      }),
      ...(form.get('newsletter') !== 'yes' && {
        newsletter: say('Kryssa i rutan om du vill ha nyhetsbrevet.', 'Tick the box if you want the newsletter.'),
      }),
    }
    if (email === undefined || Object.keys(errors).length > 0) return formPage(site, visit, errors)
    const noticeToken = form.get('notice')
    await askToConfirm(site, {
      subject: { identifier: { type: 'email', id: email } },
      decisions: [{ purposeId: 'newsletter', verb: 'given' }],
      shown: noticeToken ? [{ noticeToken }] : [],
      presentationId,
      initialState: { newsletter: 'off' },
      channel: 'web',
      surface: 'form',
      act: 'checkbox',
      control: 'single',
      actor: { role: 'self' },
      locale,
      page: `${site.url}/newsletter`,
    })
    site.records.subscribers[email] = language
    await site.records.save()
    await sendHandedOver(site)
    return { goTo: to('/newsletter/sent') }
  },

  async 'GET /newsletter/sent'(site, visit) {
    const { say, to } = visit.words
    const title = say('Titta i din brevlåda', 'Check your e-mail')
    const main = html`<h1>${title}</h1><p class="intro">${say(
      'Vi har skickat ett brev till adressen. Öppna länken i brevet inom två dygn; först då får du nyhetsbrevet.',
      'We sent a message to the address. Open the link in it within two days; only then will you get the newsletter.',
    )}</p><p>${say('Har du ångrat dig behöver du inte göra något.', 'If you have changed your mind, you do not need to do anything.')}</p>
<p><a href="${to('/mailbox')}">${say('Öppna demonstrationens brevlåda', 'Open the mailbox of the demo')}</a></p>`
    return { page: await layout(site, visit, { title, main }) }
  },

  async 'GET /newsletter/ended'(site, visit) {
    const { say, to } = visit.words
    const title = say('Nyhetsbrevet är avslutat', 'You are unsubscribed')
    const main = html`<h1>${title}</h1><p class="intro">${say(
      'Vi skickar inga fler. Du kan anmäla dig igen när du vill.',
      'We will send no more. You can sign up again at any time.',
    )}</p><p><a href="${to('/newsletter')}">${say('Till nyhetsbrevet', 'To the newsletter')}</a></p>`
    return { page: await layout(site, visit, { title, main }) }
  },
}

/** The ledger limits how often a person is asked, so that the form cannot be used to fill another person's mailbox. The visitor is not told. */
async function askToConfirm({ ledger }: Site, request: NewConfirmation): Promise<void> {
  try {
    await ledger.requestConfirmation(request)
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === 'rate-limited')) throw error
  }
}

async function formPage(site: Site, visit: Visit, errors: Errors = {}): Promise<Reply> {
  const { words, form } = visit
  const { say, of, to, locale } = words
  const notice = await site.ledger.getNotice('privacy-policy', { locale })
  const purpose = notice.purposes.find(({ purposeId }) => purposeId === 'newsletter')
  const presentation = notice.presentations.find((one) => one.presentationId === presentationId)
  if (purpose === undefined || presentation === undefined) throw new Error('the privacy policy declares no newsletter')
  const title = of(purpose.title)
  const [control] = presentation.controls
  const main = html`<h1>${title}</h1>
<p class="intro">${of(presentation.wording)}</p>
${errorSummary(errors, words)}
<form method="post" action="${to('/newsletter')}" novalidate class="card">
<input type="hidden" name="notice" value="${notice.noticeToken}">
${textField({ name: 'email', type: 'email', label: say('E-postadress', 'E-mail address'), value: form.get('email') ?? '', autocomplete: 'email', errors })}
${box({ name: 'newsletter', label: of(control?.label ?? purpose.title), hint: of(purpose.description), isTicked: form.get('newsletter') === 'yes', errors })}
<p>${of(purpose.withdrawalMethod)}</p>
<p class="actions"><button>${say('Skicka', 'Send')}</button> <a class="button quiet" href="${to('/')}">${of(presentation.refusal.label)}</a></p>
</form>
${aboutPurpose(notice, visit)}`
  return { page: await layout(site, visit, { title, main }), status: Object.keys(errors).length > 0 ? 422 : 200 }
}

function aboutPurpose(notice: Notice, { words }: Visit) {
  const { say } = words
  return html`<section><h2>${say('Vem som ansvarar för dina uppgifter', 'Who is responsible for your data')}</h2>
<p>${notice.controller.name}, ${notice.controller.address}. ${say('Dataskyddsombud:', 'Data protection officer:')} ${notice.controller.dataProtectionOfficer}.</p>
${noticeDetails(notice, words)}</section>`
}
