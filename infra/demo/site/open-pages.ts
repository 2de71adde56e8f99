/** Pages for every visitor: the first page, where optional code runs only if it is permitted, and each version of the policies. */
import { html } from '../../../functions/public/html.ts'
import { layout } from './layout.ts'
import { policyPageText } from './policy-text.ts'
import { notFound } from './refusals.ts'
import { type Handler, nowOf, type Pages } from './site.ts'

const policyIds = ['general-terms', 'privacy-policy', 'cookie-policy'] as const

export const openPages: Pages = {
  async 'GET /'(site, visit) {
    const { say, to } = visit.words
    const title = say('Trygg inkasso', 'Debt collection with care')
    const main = html`<section class="lead">
<h1>${say('Ett krav är också ett samtal', 'A claim is a conversation, too')}</h1>
<p class="intro">${say(
      'Vi driver in skulder enligt god inkassosed. Se ditt ärende, betala eller gör en invändning, när det passar dig.',
      'We collect debts in keeping with good practice. See your case, pay or object, whenever it suits you.',
    )}</p>
<p class="actions"><a class="button" href="${to('/login')}">${say('Se mitt ärende', 'See my case')}</a>
<a class="button quiet" href="${to('/signup')}">${say('Skapa konto', 'Open an account')}</a></p>
</section>
<div class="cards">
<section class="card"><h2>${say('Har du fått ett brev?', 'Did you get a letter?')}</h2><p>${say(
      'Referensen i brevet leder till ditt ärende. Håller du inte med gör du en invändning; då granskar vi kravet igen.',
      'The reference in the letter leads to your case. If you do not agree, object; we then examine the claim again.',
    )}</p></section>
<section class="card"><h2>${say('Svårt att betala?', 'Hard to pay?')}</h2><p>${say(
      'Ansök om avbetalning i tjänsten eller ring oss. En handläggare avgör alltid, aldrig en maskin.',
      'Apply for instalments in the service or call us. A case officer always decides, never a machine.',
    )}</p></section>
<section class="card"><h2>${say('Fakturerar du?', 'Do you send invoices?')}</h2><p>${say(
      'En gång i månaden skriver vi om fakturering, ränta och rättsläget.',
      'Once a month we write about invoicing, interest and the law.',
    )} <a href="${to('/newsletter')}">${say('Läs om nyhetsbrevet', 'About the newsletter')}</a></p></section>
</div>
<aside id="advertisement" hidden aria-label="${say('Annons', 'Advertisement')}"><p class="label">${say('Annons', 'Advertisement')}</p>
<p>${say('Vindflöjel Ads visar: få betalt i tid med Ljungstens påminnelser.', 'Vindflöjel Ads presents: get paid on time, with reminders by Ljungsten.')}</p></aside>`
    return { page: await layout(site, visit, { title, main }) }
  },
  ...Object.fromEntries(policyIds.map((policyId) => [`GET /policies/${policyId}`, policyPage(policyId)])),
}

function policyPage(policyId: string): Handler {
  return async (site, visit) => {
    const { words, query } = visit
    const { of, say, day, to, locale, language } = words
    const { versions } = await site.ledger.listVersions(policyId)
    const inForce = await site.ledger.getPolicy(policyId, { at: nowOf(site) })
    const shown = versions.find(({ version }) => version === (query.get('version') ?? inForce.version))
    const text = shown?.texts.find((one) => one.locale === locale) ?? shown?.texts[0]
    if (shown === undefined || text === undefined) return notFound(site, visit)
    const { controller } = await site.ledger.listPolicies()
    const others = versions.filter(({ version }) => version !== shown.version)
    const main = html`${
      shown.version !== inForce.version &&
      html`<p class="note">${
        shown.notBefore > nowOf(site)
          ? say(
              `Den här versionen börjar gälla ${day(shown.notBefore)}.`,
              `This version comes into force on ${day(shown.notBefore)}.`,
            )
          : say('Den här versionen gäller inte längre.', 'This version is no longer in force.')
      }</p>`
    }
<article class="text" lang="${text.locale}">${policyPageText(
      { ...text, text: await site.ledger.getText(text.sha256) },
      policyId,
      language,
      of(shown.title),
    )}</article>
<section><details><summary>${say('Ord i policyerna', 'Words in the policies')}</summary><dl>${controller.glossary.map(
      ({ term, meaning }) => html`<dt>${of(term)}</dt><dd>${of(meaning)}</dd>`,
    )}</dl></details></section>
<section><h2>${say('Andra versioner', 'Other versions')}</h2><ul>${others.map(
      ({ version, notBefore, summary }) => html`<li><a href="${to(visit.path, { version })}">Version ${version}</a>,
${say('från', 'from')} ${day(notBefore)}: ${of(summary)}</li>`,
    )}</ul></section>`
    return { page: await layout(site, visit, { title: of(shown.title), main }) }
  }
}
