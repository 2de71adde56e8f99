/**
 * The demo's controls, under every page and marked as not part of a real site: the invented mailbox, the optional code that runs, and
 * the ledger's clock, which can be moved to a day on which a published version comes into force.
 */
import { type Html, html } from '../../../functions/public/html.ts'
import { purposeTitles } from './purpose-titles.ts'
import { nowOf, type Pages, type Site, type Visit } from './site.ts'

export async function demoControls(site: Site, { words, path }: Visit): Promise<Html> {
  const { say, day, of, to, count } = words
  const titles = await purposeTitles(site, ['cookie-policy'], words)
  const upcoming = await upcomingVersions(site)
  return html`<aside class="demo" aria-labelledby="demo"><div class="wide">
<h2 id="demo">${say('Demonstrationens reglage', 'Demo controls')}</h2>
<p>${say('De finns bara i demonstrationen: klockan i ett riktigt register går inte att flytta.', 'They exist in the demo only: the clock of a real ledger cannot be moved.')}</p>
<dl>
<div><dt>${say('Brevlådan', 'The mailbox')}</dt>
<dd><a href="${to('/mailbox')}">${count(site.records.letters.length, ['brev', 'brev'], ['e-mail', 'e-mails'])}</a></dd></div>
<div><dt>${say('Körs på den här sidan', 'Runs on this page')}</dt>
<dd id="runs" data-titles="${JSON.stringify(titles)}" data-nothing="${say('inget valfritt', 'nothing optional')}">${say('inget valfritt', 'nothing optional')}</dd></div>
<div><dt>${say('Statistiken har räknat', 'Counted by the statistics')}</dt>
<dd>${count(site.counted.visits, ['sidvisning', 'sidvisningar'], ['page view', 'page views'])}</dd></div>
<div><dt>${say('Registrets klocka', 'The ledger’s clock')}</dt>
<dd><time datetime="${nowOf(site)}">${day(nowOf(site))}</time>${site.clock.isAhead() && say(' (framflyttad)', ' (moved forward)')}</dd></div>
</dl>
${
  upcoming.length > 0 &&
  html`<form method="post" action="${to('/demo/clock')}">
<input type="hidden" name="back" value="${path}">
<p id="move">${say('Flytta klockan till dagen då det här börjar gälla:', 'Move the clock to the day on which this comes into force:')}</p>
<ul class="plain demo-days" aria-labelledby="move">${upcoming.map(
    ({ title, version, notBefore, level }) => html`<li><button class="quiet" name="to" value="${notBefore}">
${day(notBefore)}: ${of(title)} ${version} (${level === 'major' ? say('väsentlig', 'major') : say('mindre', 'minor')})</button></li>`,
  )}</ul></form>`
}
</div></aside>`
}

export const demoPages: Pages = {
  async 'POST /demo/clock'(site, { form, words }) {
    const chosen = (await upcomingVersions(site)).find(({ notBefore }) => notBefore === form.get('to'))
    if (chosen) await site.moveClock(chosen.notBefore)
    const back = form.get('back') ?? '/'
    return { goTo: words.to(/^\/[a-z-]+$/.test(back) ? back : '/') }
  },
}

/** The published versions of all policies that are not yet in force, earliest first. */
async function upcomingVersions(site: Site) {
  const { policies } = await site.ledger.listPolicies()
  const histories = await Promise.all(policies.map(({ policyId }) => site.ledger.listVersions(policyId)))
  const now = nowOf(site)
  return histories
    .flatMap(({ versions }) => versions)
    .filter(({ notBefore }) => notBefore > now)
    .toSorted((a, b) => (a.notBefore < b.notBefore ? -1 : 1))
}
