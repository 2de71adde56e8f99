/** The invented mailbox, newest letter first. It stands in for a mail server and for the mail programs of all recipients. */
import { html } from '../../../functions/public/html.ts'
import type { Words } from './language.ts'
import { layout } from './layout.ts'
import { sendNewsletter } from './letters.ts'
import type { Pages } from './site.ts'
import type { SentLetter } from './site-records.ts'

export const mailboxPages: Pages = {
  async 'GET /mailbox'(site, visit) {
    const { say, to } = visit.words
    const title = say('Brevlådan', 'The mailbox')
    const letters = site.records.letters.toReversed()
    const main = html`<h1>${title}</h1><p class="note">${say(
      'All e-post i demonstrationen hamnar här, vem den än är till. Ingenting lämnar datorn.',
      'All e-mail of the demo arrives here, whoever it is for. Nothing leaves this computer.',
    )}</p>
<form method="post" action="${to('/mailbox/newsletter')}"><p>${say(
      'Ljungsten frågar registret om varje adress innan nyhetsbrevet skickas.',
      'Ljungsten asks the ledger about each address before the newsletter is sent.',
    )}</p><p class="actions"><button class="quiet">${say('Skicka månadens nyhetsbrev', 'Send this month’s newsletter')}</button></p></form>
${letters.length === 0 && html`<p>${say('Inga brev än.', 'No e-mail yet.')}</p>`}
${letters.map((letter, i) => letterView(letter, i, visit.words))}`
    return { page: await layout(site, visit, { title, main }) }
  },

  async 'POST /mailbox/newsletter'(site, { words }) {
    await sendNewsletter(site)
    return { goTo: words.to('/mailbox') }
  },
}

function letterView(letter: SentLetter, i: number, { say, minute }: Words) {
  return html`<article class="card letter" lang="${letter.language}" aria-labelledby="letter-${i}"><h2 id="letter-${i}">${letter.subject}</h2>
<dl>
<div><dt>${say('Till', 'To')}</dt><dd>${letter.to}</dd></div>
<div><dt>${say('Från', 'From')}</dt><dd>nyhetsbrev@ljungsten.example</dd></div>
<div><dt>${say('Skickat', 'Sent')}</dt><dd>${minute(letter.sentAt)}</dd></div>
${Object.entries(letter.headers ?? {}).map(
  ([name, value]) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`,
)}
</dl>
${letter.paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
<p><a href="${letter.link.url}">${letter.link.label}</a></p></article>`
}
