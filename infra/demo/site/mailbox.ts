/** The invented mailbox, newest letter first. It stands in for a mail server and for the mail programs of all recipients. */
import { html } from './html.ts'
import type { Words } from './language.ts'
import { layout } from './layout.ts'
import type { Pages, Site } from './site.ts'
import type { Letter } from './site-records.ts'

export const mailboxPages: Pages = {
  async 'GET /mailbox'(site, visit) {
    const { words } = visit
    const title = words.say('Brevlådan', 'The mailbox')
    const letters = site.records.letters.toReversed()
    const main = html`<h1>${title}</h1><p class="note">${words.say(
      'All e-post i demonstrationen hamnar här, vem den än är till. Ingenting lämnar datorn.',
      'All e-mail of the demo arrives here, whoever it is for. Nothing leaves this computer.',
    )}</p>${letters.length === 0 && html`<p>${words.say('Inga brev än.', 'No e-mail yet.')}</p>`}
${letters.map((letter, i) => letterView(site, letter, i, words))}`
    return { page: await layout(site, visit, { title, main }) }
  },
}

function letterView({ url }: Site, letter: Letter, i: number, { say, minute }: Words) {
  return html`<article class="card letter" lang="${letter.language}" aria-labelledby="letter-${i}"><h2 id="letter-${i}">${letter.subject}</h2>
<dl>
<div><dt>${say('Till', 'To')}</dt><dd>${letter.to}</dd></div>
<div><dt>${say('Från', 'From')}</dt><dd>nyhetsbrev@ljungsten.example</dd></div>
<div><dt>${say('Skickat', 'Sent')}</dt><dd>${minute(letter.sentAt)}</dd></div>
${
  letter.unsubscribe &&
  html`<div><dt>List-Unsubscribe</dt><dd><code>&lt;${url}${letter.unsubscribe}&gt;</code></dd></div>
<div><dt>List-Unsubscribe-Post</dt><dd><code>List-Unsubscribe=One-Click</code></dd></div>`
}
</dl>
${letter.paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
<p><a href="${letter.link.path}">${letter.link.label}</a></p></article>`
}
